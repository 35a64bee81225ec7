"""The bot at work: takes updates one by one, and answers each to whoever may have an answer."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from alerts.buttons import CHANGING, Action, Button, ButtonError, seal, unseal
from alerts.message import House, Line
from alerts.policy import Policy
from console.bot.api import BotApi, BotApiError, Update
from console.bot.replies import HELP, about_alert, about_import, buttons_of, markup, menu, message_of, parameters
from domain.alert import Alert
from domain.clock import Clock
from domain.errors import UndercutError
from domain.hostile_text import one_line
from line.chat import TELEGRAM, ChatError, ChatPerson, NoteNeededError, person_in_chat, press, why
from line.chat_intake import HandedIn, alerts_named, hand_in_file, hand_in_update
from line.page import Instruments
from storage.chats import CodeSpentError
from storage.console_memory import ConsoleMemory
from storage.errors import StorageError

logger = logging.getLogger(__name__)

NOTE_HOLDS: Final = timedelta(minutes=15)
MOST_TOAST: Final = 190
PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 60.0
STRANGER: Final = "This works for linked analysts only. Ask for a code: undercut bot link NAME"
_MENUS: Final = frozenset({Action.SNOOZE_MENU, Action.DISMISS_MENU, Action.CONFIRM_MENU})
_ONE_LINK = re.compile(r"https?://[^\s]{1,2000}")

FetchLink = Callable[[str, str], Awaitable[tuple[tuple[str, ...], str]]]
"""Reads the page of an address politely for a person: the ids of its alerts, and what is to be said besides."""


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot of one channel. `chat_id` is the chat that is told; `reads_channels` says that posts may be read."""

    api: BotApi
    memory: ConsoleMemory
    instruments: Instruments
    policy: Policy
    house: House
    chat_id: int
    key: bytes
    fetch_link: FetchLink
    clock: Clock
    reads_channels: bool = False

    async def run(self, stopping: asyncio.Event) -> None:
        """Take updates until told to stop. An update is forgotten only once it was dealt with."""
        offset, pause = 0, PAUSE_SECONDS
        while not stopping.is_set():
            try:
                updates = await self.api.updates(offset)
            except BotApiError as error:
                logger.warning("%s; asking again in %.0f s", error, max(pause, error.wait_seconds))
                await _wait(stopping, max(pause, error.wait_seconds))
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            pause = PAUSE_SECONDS
            for update in updates:
                try:
                    await self.take(update)
                except Exception:
                    # Telegram hands an update out until it is dealt with: a defect over one must not stop all others.
                    logger.exception("update %d could not be dealt with and is passed over", update["update_id"])
                offset = update["update_id"] + 1
            if not updates:
                await _wait(stopping, PAUSE_SECONDS)

    async def take(self, update: Update) -> None:
        """Deal with one update; what goes wrong with it is logged, and told to whoever may know."""
        try:
            if isinstance(query := update.get("callback_query"), dict):
                await self._pressed(query)
            elif isinstance(message := update.get("message"), dict):
                await self._written(update, message)
            elif "channel_post" in update or "edited_channel_post" in update:
                await self._posted(update)
        except (BotApiError, StorageError) as error:
            logger.warning("update %s: %s", update.get("update_id"), error)

    async def _pressed(self, query: dict[str, Any]) -> None:
        """A button was pressed."""
        person = person_in_chat(self.memory, _user_of(query))
        message = query.get("message")
        if person is None or not isinstance(message, dict):
            logger.warning("a button was pressed by user %s, who is not linked", one_line(_user_of(query), 20))
            await self._toast(query, STRANGER)
            return
        chat_id, data = _chat_of(message), query.get("data")
        try:
            if "forward_origin" in message or not isinstance(data, str):
                raise ButtonError("this button does not belong to this chat; use the original message, or the console")
            button = unseal(data, chat_id, self.key, self.clock())
            said = await self._do(person, button, data, message)
        except NoteNeededError as error:
            said = await self._ask_for_note(person, button, str(error))
        except UndercutError as error:
            if not isinstance(error, ButtonError):
                await self._refresh(button, message, person)
            said = str(error)
        await self._toast(query, said)

    async def _do(self, person: ChatPerson, button: Button, data: str, message: dict[str, Any]) -> str:
        if button.action in CHANGING:
            said = press(self.memory, person, button, data, self.clock())
            await self._refresh(button, message, person, used=data)
            return said
        if button.action is Action.WHY:
            alert = self.memory.store.alerts.get(button.alert_id)
            lines = why(self.memory, self.policy, alert.alert_id, self.house.detail)
            await self._say(
                int(person.user_id), message_of("Why", lines, about_alert(alert, self.house, self.clock()).console_url)
            )
            return "The reasons came to you in private."
        if button.action in _MENUS:
            await self._edit(message, markup(menu(button, _chat_of(message), self.key)))
        else:
            await self._refresh(button, message, person)
        return ""

    async def _ask_for_note(self, person: ChatPerson, button: Button, why_needed: str) -> str:
        """In private: the reply to this becomes the note. The button it carries holds in that private chat alone."""
        chat_id, now = int(person.user_id), self.clock()
        carried = Button(button.action, button.alert_id, button.version, now + NOTE_HOLDS, button.choice, button.nonce)
        lines = (
            Line("Needed", why_needed),
            Line("How", "reply to this message with that sentence within a quarter of an hour"),
            Line("Alert", f"{button.alert_id}, version {button.version}"),
            Line("Reference", seal(carried, chat_id, self.key)),
        )
        await self._say(chat_id, message_of(f"{button.action.name.capitalize()}: a note, please", lines))
        return "This needs a note; the bot asked you for it in private."

    async def _written(self, update: Update, message: dict[str, Any]) -> None:
        """A message in a private chat; what is written in groups is none of the bot's business."""
        chat = message.get("chat")
        if not isinstance(chat, dict) or chat.get("type") != "private" or _chat_of(message) != int(_user_of(message)):
            return
        chat_id, text = _chat_of(message), message.get("text")
        words = text if isinstance(text, str) else ""
        if words.startswith("/start ") and "forward_origin" not in message:
            await self._link(chat_id, words.removeprefix("/start ").strip())
            return
        person = person_in_chat(self.memory, str(chat_id))
        if person is None:
            await self._say(chat_id, message_of(STRANGER, ()))
            return
        if words in ("/start", "/help"):
            await self._say(chat_id, message_of("What this bot does", HELP))
            return
        try:
            if "forward_origin" not in message and isinstance(replied := message.get("reply_to_message"), dict):
                await self._say(chat_id, message_of(self._noted(person, chat_id, replied, words), ()))
                return
            await self._hand_in(person, chat_id, update, message, words)
        except BotApiError:
            raise
        except UndercutError as error:
            await self._say(chat_id, message_of(str(error), ()))

    async def _link(self, chat_id: int, code: str) -> None:
        try:
            account = self.memory.chats.link(TELEGRAM, str(chat_id), code, self.clock())
        except CodeSpentError as error:
            logger.warning("user %d tried a code that links nobody", chat_id)
            await self._say(chat_id, message_of(str(error), ()))
            return
        await self._say(chat_id, message_of("You are linked", (Line("Account", account.name), *HELP)))

    def _noted(self, person: ChatPerson, chat_id: int, replied: dict[str, Any], note: str) -> str:
        asked = replied.get("text")
        if _user_of(replied) != self.api.bot_id or not isinstance(asked, str):
            raise ChatError("reply to the message in which the bot asks for a note")
        data = asked.rpartition("Reference: ")[2].partition("\n")[0].strip()
        button = unseal(data, chat_id, self.key, self.clock())
        return press(self.memory, person, button, data, self.clock(), note=note)

    async def _hand_in(
        self, person: ChatPerson, chat_id: int, update: Update, message: dict[str, Any], words: str
    ) -> None:
        file_id, name = _file_of(message)
        if "forward_origin" not in message and _ONE_LINK.fullmatch(words.strip()):
            alert_ids, said = await self.fetch_link(words.strip(), person.name)
            await self._tell(chat_id, HandedIn(problem=said), alerts_named(self.memory.store, alert_ids))
            return
        parts: list[HandedIn] = []
        if words or message.get("caption") or not file_id:
            parts.append(await hand_in_update(update, self.instruments, self.clock, by=person.name))
        if file_id:
            body = await self.api.download(file_id)
            parts.append(await hand_in_file(name, body, self.instruments, self.clock, by=person.name))
        assessed = tuple(one for part in parts for one in part.assessed)
        problem = "; ".join(part.problem for part in parts if part.problem)
        await self._tell(chat_id, HandedIn(assessed, problem), tuple(one.alert for one in assessed if one.alert))

    async def _tell(self, chat_id: int, handed: HandedIn, alerts: tuple[Alert, ...]) -> None:
        """The answer in the chat: each alert with its buttons, and a line about the rest."""
        now = self.clock()
        for alert in alerts:
            keyboard = buttons_of(alert, chat_id, self.key, now, self.house, held=False)
            await self._say(chat_id, about_alert(alert, self.house, now), markup(keyboard))
        if handed.problem or len(alerts) < len(handed.assessed) or not alerts:
            await self._say(chat_id, about_import(handed, self.house))

    async def _posted(self, update: Update) -> None:
        """A post of a channel that the bot belongs to; of the chat that is told, only people's own posts would come."""
        post = update.get("channel_post") or update.get("edited_channel_post")
        if not self.reads_channels or not isinstance(post, dict) or _chat_of(post) == self.chat_id:
            return
        handed = await hand_in_update(update, self.instruments, self.clock)
        logger.info("a channel's post: %d listings", len(handed.assessed))

    async def _refresh(self, button: Button, message: dict[str, Any], person: ChatPerson, used: str = "") -> None:
        """Put fresh buttons under a message, as the alert stands now."""
        alert = self.memory.store.alerts.get(button.alert_id)
        held = self.memory.reviews.work(alert.alert_id).holder == person.name
        keyboard = buttons_of(alert, _chat_of(message), self.key, self.clock(), self.house, held=held, used=used)
        await self._edit(message, markup(keyboard))

    async def _edit(self, message: dict[str, Any], keyboard: dict[str, Any]) -> None:
        asked = {"chat_id": _chat_of(message), "message_id": message.get("message_id"), "reply_markup": keyboard}
        await self.api.call("editMessageReplyMarkup", asked)

    async def _say(self, chat_id: int, message: Any, keyboard: dict[str, Any] | None = None) -> None:
        said = {"chat_id": chat_id, **parameters(message), **({"reply_markup": keyboard} if keyboard else {})}
        await self.api.call("sendMessage", said)

    async def _toast(self, query: dict[str, Any], text: str) -> None:
        """Only who pressed the button sees this."""
        asked = {"callback_query_id": query.get("id"), "text": one_line(text, MOST_TOAST), "show_alert": bool(text)}
        await self.api.call("answerCallbackQuery", asked)


def _user_of(thing: dict[str, Any]) -> str:
    return str(_number_of(thing.get("from")))


def _chat_of(message: dict[str, Any]) -> int:
    return _number_of(message.get("chat"))


def _number_of(thing: Any) -> int:
    """The id of a user or a chat; 0, which is nobody's, for anything else."""
    number = thing.get("id") if isinstance(thing, dict) else None
    return number if type(number) is int else 0


def _file_of(message: dict[str, Any]) -> tuple[str, str]:
    """The file that a message carries and its name; the largest size of a picture. Empty where there is none."""
    photos, document = message.get("photo"), message.get("document")
    if isinstance(photos, list) and photos and isinstance(photos[-1], dict):
        return str(photos[-1].get("file_id", "")), "picture.jpg"
    if isinstance(document, dict):
        return str(document.get("file_id", "")), str(document.get("file_name", ""))
    return "", ""


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), timeout=seconds)
    except TimeoutError:
        return
