"""Telegram takes what we say: entities in UTF-16 units, no parse mode, no preview, one link and no other to press."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from alerts.channel import Delivery
from alerts.channel_settings import ChannelSettingsError
from alerts.channels.telegram import MOST_UNITS, entity_text, open_telegram, utf16_units
from alerts.message import Detail, House, Line, Message, compose
from street.hostile_texts import hostile_texts
from street.receivers.bot_api import check_entities, pressable
from street.receivers.http_receiver import Answer
from tests.alerts.conftest import HOW_MANY, make_alert, make_finding, make_notice, make_offer
from tests.alerts.rigs import CONSOLE, TelegramRig

FULL = House(Detail.FULL, CONSOLE)
SETTINGS = {"token": "123456789:AAE-another_token_of_letters_and_0", "chat_id": "-100200300"}


def entities_of(message: Message) -> tuple[str, tuple[dict[str, object], ...]]:
    said = entity_text(message)
    return said.text, tuple(entity.to_dict() for entity in said.entities)


@pytest.fixture
async def rig() -> AsyncIterator[TelegramRig]:
    opened = TelegramRig()
    async with opened.open():
        yield opened


async def test_text_goes_with_entities_and_without_parse_mode_or_preview(rig: TelegramRig) -> None:
    await rig.sender.send(make_notice())
    (sent,) = rig.api.sent
    assert sent.parse_mode is None
    assert not sent.preview
    assert sent.active == (("text_link", f"{CONSOLE}/alerts/al-1"),)
    assert sent.text.startswith("[HIGH] pooled relay: claude-opus-4-8 at 11 % of the official price\nAlert: al-1")
    assert sent.text.endswith(f"\n{CONSOLE}/alerts/al-1")


@HOW_MANY
def test_hostile_texts_leave_one_link_and_nothing_else_to_press(count: int) -> None:
    for text in hostile_texts(count):
        finding = make_finding(offers=(make_offer(stated_product=text, conditions={"group": text}),))
        alert = make_alert(title=text, url=f"https://{text}", platform=text, source=text, finding=finding)
        said, entities = entities_of(compose(make_notice(alert=alert), FULL))
        check_entities(said, entities)
        assert pressable(said, entities) == (("text_link", f"{CONSOLE}/alerts/al-1"),), text


@pytest.mark.parametrize("words", ["😀" * 5000, "满血版" * 3000, "a" * 10_000, "𝓫" * 2047, "e\u0301" * 4000])
def test_a_message_never_exceeds_what_telegram_takes_and_keeps_its_link(words: str) -> None:
    message = replace(
        compose(make_notice(), FULL), subject=words, lines=tuple(Line(f"Line {n}", words) for n in range(8))
    )
    said, entities = entities_of(message)
    check_entities(said, entities)
    assert utf16_units(said) <= MOST_UNITS
    assert said.endswith(f"{CONSOLE}/alerts/al-1")
    assert utf16_units(said) == len(said.encode("utf-16-le")) // 2


async def test_a_chat_that_moved_is_refused_with_its_new_number(rig: TelegramRig) -> None:
    body = b'{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-100999}}'
    rig.http.script.append(Answer(400, body=body))
    result = await rig.sender.send(make_notice())
    assert (result.outcome, "-100999" in result.detail) == (Delivery.REFUSED, True)


async def test_an_unknown_token_is_refused_without_being_told(rig: TelegramRig) -> None:
    rig.api.token = "another"
    result = await rig.sender.send(make_notice())
    assert result.outcome is Delivery.REFUSED
    assert rig.secrets[0] not in result.detail


async def test_an_answer_that_repeats_the_token_does_not_pass_it_on(rig: TelegramRig) -> None:
    rig.http.script.append(
        Answer(403, body=b'{"ok":false,"description":"bot%s \\u202e\\u001b[31m"}' % rig.secrets[0].encode())
    )
    result = await rig.sender.send(make_notice())
    assert rig.secrets[0] not in result.detail
    assert "\x1b" not in result.detail
    assert "\u202e" not in result.detail


@pytest.mark.parametrize("body", [b"", b"{}", b'{"ok":true}', b'{"ok":true,"result":{}}', b"<html>", b"\xff"])
async def test_a_yes_that_cannot_be_read_is_tried_again(rig: TelegramRig, body: bytes) -> None:
    rig.http.script.append(Answer(200, body=body))
    assert (await rig.sender.send(make_notice())).outcome is Delivery.RETRY


@pytest.mark.parametrize("asked", [b"-5", b'"x"', b"null", b"1e400", b"[]"])
async def test_a_wait_that_cannot_be_read_is_no_wait(rig: TelegramRig, asked: bytes) -> None:
    rig.http.script.append(Answer(429, body=b'{"ok":false,"parameters":{"retry_after":%s}}' % asked))
    result = await rig.sender.send(make_notice())
    assert result.outcome is Delivery.RETRY
    assert 0 <= (result.retry_after_seconds or 0) <= 86_400


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"token": "secret-without-colon"}, "'token' is no bot token"),
        ({"token": ""}, "'token' is missing; it is the bot's token"),
        ({"chat_id": " "}, "'chat_id' is missing"),
        ({"base_url": "ftp://x"}, "'base_url' must be an absolute http or https address"),
        ({"chat": "1"}, "no setting is named 'chat'; did you mean 'chat_id'"),
        ({"thread_id": "first"}, "'thread_id' must be a number"),
        ({"detail": "everything"}, "'detail' must be one of minimal, full"),
        ({"timeout_seconds": "600"}, "'timeout_seconds' must be between"),
    ],
)
def test_wrong_settings_are_named_and_never_repeated(change: dict[str, str], message: str) -> None:
    with pytest.raises(ChannelSettingsError, match=message) as caught:
        open_telegram({**SETTINGS, **change})
    assert "secret-without-colon" not in str(caught.value)


async def test_buttons_stand_under_stored_alerts_where_they_are_on() -> None:
    stored = make_notice(alert=make_alert("0123456789abcdef0123"))
    async with TelegramRig(buttons="on").open() as rig:
        await rig.sender.send(stored)
        await rig.sender.send(make_notice())
        with_buttons, without = rig.api.sent
        texts = [[button["text"] for button in row] for row in with_buttons.buttons]
        assert texts == [["Claim", "Why"], ["Snooze …", "Dismiss …", "Confirm …"], ["Open in console"]]
        assert without.buttons == ()
    async with TelegramRig().open() as rig:
        await rig.sender.send(stored)
        assert rig.api.sent[-1].buttons == ()


def test_buttons_need_the_chats_number() -> None:
    with pytest.raises(ChannelSettingsError, match="number"):
        open_telegram({"token": "1:abcdefgh", "chat_id": "@name", "buttons": "on"})
