"""The bot obeys linked analysts only, each button once and only where it was made, and assesses what they hand in."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.buttons import Action, Button, button_key, nonce_of, seal
from alerts.message import Detail, House
from alerts.senders import ChannelSpec, open_senders
from console.bot.api import BotApi
from console.bot.bot import Bot
from domain.alert import Alert, AlertStatus, Notice, Severity
from jobs.config import Config
from jobs.installation import Installation
from line.access import invite, join
from line.chat import offer_code
from storage.console_memory import ConsoleMemory
from street.receivers.bot_api import BotApiServer, Sent
from tests.storage.conftest import START, Builder

TOKEN = "123456789:AAE-token_of_35_letters_and_digits0"
CHAT, ANNA, STRANGER = -100200300, 501, 999
CONSOLE = "https://console.example.test"
OFFER = "Claude Max 20x 成品号 ¥280，质保首登，下单秒发 https://evil.example.test @everyone"


class Rig:
    """A bot with its Bot API server, a store with one alert, and Anna, who is linked."""

    def __init__(self, installation: Installation, api: BotApiServer, build: Builder) -> None:
        self.installation, self.api, self.build = installation, api, build
        self.memory = ConsoleMemory(installation.store)
        self.fetched: list[tuple[str, str]] = []
        self.bot = self._bot()
        token = invite(self.memory.accounts, frozenset({"analyst"}), "test", START)
        join(self.memory.accounts, token, "Anna", "a long enough password", START)
        self.code = offer_code(self.memory, "Anna", "Lea", START)

    def _bot(self) -> Bot:
        async def read(family: str, page: Any) -> Any:
            from crawlers.registry import family as by_name

            return by_name(family).read(page)

        async def fetch(url: str, by: str) -> tuple[tuple[str, ...], str]:
            self.fetched.append((url, by))
            return (), "fresh, 0 listings"

        return Bot(
            api=BotApi(TOKEN, self.api.base_url),
            memory=self.memory,
            instruments=self.installation.instruments(read),
            policy=self.installation.policy,
            house=House(Detail.MINIMAL, CONSOLE),
            chat_id=CHAT,
            key=button_key(TOKEN),
            fetch_link=fetch,
            clock=self.build.clock,
        )

    def alert(self, severity: Severity = Severity.MEDIUM) -> Alert:
        [alert] = self.memory.store.record(self.build.page(self.build.assessed("1", severity=severity))).opened
        return alert

    async def told(self, alert: Alert) -> Sent:
        """The alert as the channel tells it, buttons and all."""
        settings = {"chat_id": str(CHAT), "base_url": self.api.base_url, "buttons": "on", "console_url": CONSOLE}
        sender = open_senders({"duty": ChannelSpec("telegram", settings, {"token": TOKEN})})["duty"]
        sender._clock = self.build.clock  # type: ignore[attr-defined]
        await sender.send(Notice("n", "key", "duty", alert, self.build.clock()))
        await sender.close()
        return self.api.sent[-1]

    async def write(self, text: str, user: int = ANNA, **more: Any) -> list[Sent]:
        """Somebody writes to the bot in private; what the bot says then."""
        before = len(self.api.sent)
        self.api.private_chats.add(str(user))
        message = {
            "message_id": 7,
            "date": 1_790_000_000,
            "chat": {"id": user, "type": "private"},
            "from": {"id": user},
        }
        await self.bot.take({"update_id": 1, "message": {**message, "text": text, **more}})
        return self.api.sent[before:]

    async def press(self, data: str, user: int = ANNA, chat: int = CHAT, **message: Any) -> str:
        """Somebody presses a button; what they are shown."""
        shown = {"message_id": 1, "chat": {"id": chat, "type": "group"}, **message}
        query = {"id": "q", "from": {"id": user}, "message": shown, "data": data}
        await self.bot.take({"update_id": 2, "callback_query": query})
        return next(call.form["text"] for call in reversed(self.api.calls) if call.method == "answerCallbackQuery")

    def keyboard(self) -> list[dict[str, str]]:
        """The buttons that the bot put under a message last."""
        import json

        edit = next(call for call in reversed(self.api.calls) if call.method == "editMessageReplyMarkup")
        return [button for row in json.loads(edit.form["reply_markup"])["inline_keyboard"] for button in row]

    async def link(self) -> None:
        await self.write(f"/start {self.code}")


@pytest.fixture
async def rig(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Rig]:
    shutil.copy(sqlite_template, tmp_path / "undercut.sqlite")
    installation = Installation(Config(data_folder=tmp_path))
    api = BotApiServer(TOKEN, str(CHAT))
    async with api.serving():
        made = Rig(installation, api, Builder())
        yield made
        await made.bot.api.close()
    installation.close()


def data_of(sent: Sent, text: str) -> str:
    return next(button["callback_data"] for row in sent.buttons for button in row if button["text"] == text)


def choice(keyboard: list[dict[str, str]], text: str) -> str:
    return next(button["callback_data"] for button in keyboard if button["text"] == text)


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


CHANNEL_POST = {
    "type": "channel",
    "chat": {"id": -1005, "type": "channel", "title": "Shop", "username": "shop_example"},
}


async def test_a_forwarded_post_is_assessed_at_once_as_that_channels_post(rig: Rig) -> None:
    await rig.link()
    origin = {**CHANNEL_POST, "message_id": 42, "date": 1_789_000_000}
    [answer, *_] = await rig.write(OFFER, forward_origin=origin)
    alert = rig.memory.store.alerts.of_listing("import/telegram_bot_api", "shop_example/42")
    assert alert is not None
    assert alert.alert_id in answer.text
    assert data_of(answer, "Claim")
    assert {kind for kind, _ in answer.active} <= {"text_link"}
    assert {url for _, url in answer.active} == {f"{CONSOLE}/alerts/{alert.alert_id}"}
    versions = rig.memory.store.histories.versions(alert.source, alert.external_id)
    assert str(ANNA) not in str(versions[-1].listing)
    assert "You hold" in await rig.press(data_of(answer, "Claim"), chat=ANNA)


async def test_a_pasted_text_names_nobody_as_its_seller(rig: Rig) -> None:
    await rig.link()
    [answer, *_] = await rig.write(OFFER)
    assert "Alert" in answer.text
    [alert] = rig.memory.store.alerts.list().alerts
    [version] = rig.memory.store.histories.versions(alert.source, alert.external_id)
    assert version.listing.handles == ()
    assert await rig.write(OFFER)
    assert rig.memory.store.alerts.count() == 1


async def test_what_is_no_offer_gets_an_answer_too(rig: Rig) -> None:
    await rig.link()
    [answer] = await rig.write("Claude Opus 5.5 is out: $4 in, $20 out. Official blog.")
    assert "not resale" in answer.text


async def test_a_picture_is_kept_and_its_caption_assessed(rig: Rig) -> None:
    await rig.link()
    rig.api.files["f1"] = b"\x89PNG\r\n\x1a\n" + bytes(100)
    answers = await rig.write("", caption=OFFER, photo=[{"file_id": "f0"}, {"file_id": "f1"}])
    assert "Alert" in answers[0].text
    assert "is a picture" in answers[1].text
    [note] = rig.memory.store.custody.notes("kept what was handed in")
    assert rig.memory.store.evidence.open(note.details["sha256"]) == rig.api.files["f1"]


async def test_a_saved_page_is_imported(rig: Rig) -> None:
    await rig.link()
    rig.api.files["d1"] = (
        b'{"id": "1", "text": "Claude Max 20x \\u6210\\u54c1\\u53f7 \\u00a5280\\uff0c\\u8d28\\u4fdd"}\n'
    )
    answers = await rig.write("", document={"file_id": "d1", "file_name": "../../etc/lines.jsonl"})
    assert answers
    assert rig.memory.store.histories.state("import/lines", "1") is not None


async def test_a_link_is_fetched_for_who_sent_it(rig: Rig) -> None:
    await rig.link()
    [answer] = await rig.write("https://shop.example.test/item/1")
    assert rig.fetched == [("https://shop.example.test/item/1", "Anna")]
    assert "0 listings" in answer.text


@pytest.mark.parametrize("text", [OFFER, "/help", "/start", "https://shop.example.test/", "/start wrong-code"])
async def test_a_stranger_hands_nothing_in(rig: Rig, text: str) -> None:
    [answer] = await rig.write(text, user=STRANGER)
    assert "linked analysts only" in answer.text or "code" in answer.text
    assert rig.memory.store.alerts.count() == 0
    assert rig.fetched == []


async def test_what_is_written_in_groups_is_left_alone(rig: Rig) -> None:
    await rig.link()
    before = len(rig.api.calls)
    message = {"message_id": 1, "date": 1, "chat": {"id": CHAT, "type": "group"}, "from": {"id": ANNA}, "text": OFFER}
    await rig.bot.take({"update_id": 1, "message": message})
    assert len(rig.api.calls) == before


async def test_posts_of_channels_are_read_where_the_terms_were_reviewed(rig: Rig) -> None:
    post = {"message_id": 9, "date": 1_789_000_000, "chat": CHANNEL_POST["chat"], "text": OFFER}
    await rig.bot.take({"update_id": 1, "channel_post": post})
    assert rig.memory.store.alerts.count() == 0
    rig.bot = replace(rig.bot, reads_channels=True)
    await rig.bot.take({"update_id": 1, "channel_post": post})
    assert rig.memory.store.alerts.of_listing("import/telegram_bot_api", "shop_example/9") is not None


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
