"""The bot obeys linked analysts only, and each button once and only where it was made."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.buttons import Action, Button, button_key, nonce_of, seal
from alerts.message import Detail, House
from domain.alert import AlertStatus, Severity
from tests.console.bot.conftest import ANNA, CHAT, CONSOLE, STRANGER, TOKEN, Rig, choice, data_of
from tests.storage.conftest import START


async def test_a_code_links_once(rig: Rig) -> None:
    assert "You are linked" in (await rig.write(f"/start {rig.code}"))[0].text
    assert "used, has expired" in (await rig.write(f"/start {rig.code}", user=STRANGER))[0].text
    assert [(link.account, link.user_id) for link in rig.memory.chats.links()] == [("Anna", str(ANNA))]


async def test_a_code_expires(rig: Rig) -> None:
    rig.build.clock.advance(minutes=15)
    assert "used, has expired" in (await rig.write(f"/start {rig.code}"))[0].text


async def test_a_linked_analyst_claims_and_lets_go(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert()
    sent = await rig.told(alert)
    assert "You hold" in await rig.press(data_of(sent, "Claim"))
    assert rig.memory.reviews.work(alert.alert_id).holder == "Anna"
    assert "Nobody holds" in await rig.press(choice(rig.keyboard(), "Let go"))
    assert rig.memory.reviews.work(alert.alert_id).holder is None


@pytest.mark.parametrize("button", ["Claim", "Why", "Snooze …", "Dismiss …", "Confirm …"])
async def test_a_stranger_can_press_nothing(rig: Rig, button: str) -> None:
    alert = rig.alert()
    sent = await rig.told(alert)
    rig.api.private_chats.add(str(STRANGER))
    assert "linked analysts only" in await rig.press(data_of(sent, button), user=STRANGER)
    assert [call.method for call in rig.api.calls if call.method != "sendMessage"] == ["answerCallbackQuery"]
    assert rig.memory.reviews.events(alert.alert_id) == ()


async def test_an_account_that_was_closed_or_lost_its_role_acts_no_more(rig: Rig) -> None:
    await rig.link()
    sent = await rig.told(rig.alert())
    account = rig.memory.accounts.named("Anna")
    assert account is not None
    rig.memory.accounts.change(account.number, roles=frozenset({"viewer"}), active=True)
    assert "linked analysts only" in await rig.press(data_of(sent, "Claim"))
    rig.memory.accounts.change(account.number, roles=frozenset({"analyst"}), active=False)
    assert "linked analysts only" in await rig.press(data_of(sent, "Claim"))


async def test_dismissing_asks_for_the_reason_and_decides(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert()
    await rig.press(data_of(await rig.told(alert), "Dismiss …"))
    texts = [button["text"] for button in rig.keyboard()]
    assert texts == ["No offer", "Own product", "Open weights", "Misread", "Back"]
    assert "No offer" in await rig.press(choice(rig.keyboard(), "No offer"))
    assert rig.memory.store.alerts.get(alert.alert_id).status is AlertStatus.CLOSED
    [kept] = rig.memory.store.decisions.of(alert.alert_id)
    assert (kept.decision.analyst, kept.decision.reason_code) == ("Anna", "not_an_offer")


async def test_snoozing(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert()
    await rig.press(data_of(await rig.told(alert), "Snooze …"))
    assert "4 hours" in await rig.press(choice(rig.keyboard(), "4 hours"))
    assert rig.memory.reviews.work(alert.alert_id).snoozed_until == START + timedelta(hours=4)


async def test_a_grave_verdict_asks_for_a_note_in_private_and_takes_the_reply(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert(Severity.CRITICAL)
    await rig.press(data_of(await rig.told(alert), "Confirm …"))
    resold = choice(rig.keyboard(), "Resold access")
    assert "in private" in await rig.press(resold)
    asked = rig.api.sent[-1]
    assert asked.chat_id == str(ANNA)
    assert rig.memory.store.decisions.of(alert.alert_id) == ()
    reply = {"from": {"id": 123456789, "is_bot": True}, "text": asked.text}
    [answer] = await rig.write("Sells ready accounts in bulk.", reply_to_message=reply)
    assert "Resold access" in answer.text
    [kept] = rig.memory.store.decisions.of(alert.alert_id)
    assert kept.decision.note == "Sells ready accounts in bulk."
    [again] = await rig.write("And once more.", reply_to_message=reply)
    assert "used already" in again.text


async def test_a_note_in_reply_to_words_of_somebody_else_decides_nothing(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert(Severity.CRITICAL)
    await rig.press(data_of(await rig.told(alert), "Confirm …"))
    await rig.press(choice(rig.keyboard(), "Resold access"))
    reply = {"from": {"id": ANNA}, "text": rig.api.sent[-1].text}
    [answer] = await rig.write("Sells.", reply_to_message=reply)
    assert "reply to the message" in answer.text
    assert rig.memory.store.decisions.of(alert.alert_id) == ()


async def test_a_button_works_once(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert()
    claim = data_of(await rig.told(alert), "Claim")
    await rig.press(claim)
    assert "used already" in await rig.press(claim)
    assert len(rig.memory.reviews.events(alert.alert_id)) == 1


async def test_a_button_that_is_forwarded_copied_or_old_opens_nothing(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert()
    claim = data_of(await rig.told(alert), "Claim")
    assert "does not belong" in await rig.press(claim, chat=-100999)
    assert "does not belong" in await rig.press(claim, chat=ANNA)
    assert "does not belong" in await rig.press(claim, forward_origin={"type": "user"})
    rig.build.clock.advance(hours=24)
    assert "expired" in await rig.press(claim)
    assert rig.memory.reviews.events(alert.alert_id) == ()


@pytest.mark.parametrize("data", ["", "x", "claim", "A" * 50, "\x00", "A" * 64, "١" * 20])
async def test_forged_data_opens_nothing(rig: Rig, data: str) -> None:
    await rig.link()
    assert "does not belong" in await rig.press(data)


async def test_a_button_of_another_bots_key_opens_nothing(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert()
    forged = Button(Action.CLAIM, alert.alert_id, 1, START + timedelta(hours=1), nonce=nonce_of("x"))
    assert "does not belong" in await rig.press(seal(forged, CHAT, button_key("1:other")))


async def test_nobody_decides_about_what_has_changed_since(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert()
    await rig.press(data_of(await rig.told(alert), "Dismiss …"))
    no_offer = choice(rig.keyboard(), "No offer")
    rig.build.clock.advance(minutes=1)
    rig.memory.store.record(rig.build.page(rig.build.assessed("1", text="edited", severity=Severity.MEDIUM)))
    assert "version 2" in await rig.press(no_offer)
    assert rig.memory.store.decisions.of(alert.alert_id) == ()


async def test_who_holds_an_alert_keeps_it(rig: Rig) -> None:
    from line.decide import claim

    await rig.link()
    alert = rig.alert()
    sent = await rig.told(alert)
    claim(rig.memory, alert.alert_id, "Ben", rig.build.clock())
    assert "Ben holds" in await rig.press(data_of(sent, "Claim"))


async def test_the_reasons_come_in_private_and_say_no_more_than_the_channel_may(rig: Rig) -> None:
    await rig.link()
    sent = await rig.told(rig.alert())
    assert "in private" in await rig.press(data_of(sent, "Why"))
    told = rig.api.sent[-1]
    assert told.chat_id == str(ANNA)
    assert "supply.pooled_accounts" in told.text
    assert "says so" not in told.text
    rig.bot = replace(rig.bot, house=House(Detail.FULL, CONSOLE))
    await rig.press(data_of(sent, "Why"))
    assert "says so" in rig.api.sent[-1].text


async def test_every_press_stands_in_the_custody_log(rig: Rig) -> None:
    await rig.link()
    alert = rig.alert()
    await rig.press(data_of(await rig.told(alert), "Claim"))
    [note] = rig.memory.store.custody.notes("pressed a button")
    assert (note.actor, note.subject, note.details["user"]) == ("Anna", alert.alert_id, str(ANNA))
    assert rig.memory.store.custody.verify().problems == ()


HOSTILE: list[dict[str, Any]] = [
    {}, {"callback_query": {}}, {"callback_query": {"from": {"id": ANNA}, "message": []}}, {"message": {"chat": "x"}},
    {"message": {"chat": {"id": ANNA, "type": "private"}, "from": {"id": ANNA}, "message_id": "x", "text": ["x"]}},
    {"callback_query": {"from": {"id": "501"}, "message": {"chat": {"id": CHAT}}, "data": "x"}},
    {"channel_post": 5}, {"message": {"chat": {"id": True, "type": "private"}, "from": {"id": True}}},
]  # fmt: skip


@pytest.mark.parametrize("update", HOSTILE)
async def test_updates_of_any_shape_are_dealt_with(rig: Rig, update: dict[str, Any]) -> None:
    await rig.link()
    await rig.bot.take({"update_id": 1, **update})


async def test_the_bot_takes_updates_in_order_forgets_them_and_leaks_no_token(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rig.api.private_chats.add(str(ANNA))
    chat = {"message_id": 1, "date": 1, "chat": {"id": ANNA, "type": "private"}, "from": {"id": ANNA}}
    rig.api.push(message={**chat, "text": f"/start {rig.code}"})
    rig.api.push(message={**chat, "text": "/help"})
    stopping = asyncio.Event()
    working = asyncio.create_task(rig.bot.run(stopping))
    async with asyncio.timeout(30):
        while rig.api.updates:  # noqa: ASYNC110 - the server sets no event when its updates were fetched
            await asyncio.sleep(0.01)
    stopping.set()
    await working
    assert ["linked" in sent.text for sent in rig.api.sent] == [True, False]
    assert TOKEN not in caplog.text
    assert TOKEN.partition(":")[2] not in repr([vars(record) for record in caplog.records])
