"""A bot with its Bot API server, over a real store, and ways to write to it and to press its buttons."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from alerts.buttons import button_key
from alerts.message import Detail, House
from alerts.senders import ChannelSpec, open_senders
from console.bot.api import BotApi
from console.bot.bot import Bot
from domain.alert import Alert, Notice, Severity
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
