"""A message from a bot of the operator's own to a chat of theirs.

Text goes with entities instead of a parse mode, so there is no markup to break out of; every value stands in a code
entity, in which Telegram looks for neither links nor mentions; previews are off, because fetching one tells the seller.
The Bot API keeps no idempotency key, so a crash between Telegram's yes and our record of it may tell a chat twice.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from alerts.buttons import Keyboard, alert_keyboard, button_key, can_carry, nonce_of
from alerts.channel import Channel, Delivery, DeliveryResult, Sender
from alerts.channel_settings import HOUSE_SETTINGS, SettingsReader
from alerts.channels._http import result_of_status
from alerts.channels._message_sender import MessageSender
from alerts.message import House, Message
from alerts.redaction import hide_in_logs, scrub, spellings
from alerts.retry_after import LONGEST_SECONDS
from domain.clock import Clock, utc_now
from domain.hostile_text import one_line

MOST_UNITS = 4096
MOST_CAPTION_UNITS = 1024
LONGEST_DETAIL = 200
LEAST_ROOM = 10
SETTINGS = {
    **HOUSE_SETTINGS,
    "token": "the bot's token, as BotFather gave it",
    "chat_id": "the number of the chat, or @name of a channel, where the bot may write",
    "thread_id": "the topic within a forum chat; none without it",
    "buttons": "`on` puts buttons under every alert, which `undercut bot` obeys; `off` without it",
    "base_url": "address of the Bot API up to the token; Telegram's own without it",
    "timeout_seconds": "how long one attempt may take, 10 without it",
}
DEFAULT_BASE_URL = "https://api.telegram.org/bot"


class AnsweredError(TelegramError):
    """The Bot API answered with a status that says by itself what is to be done."""

    def __init__(self, result: DeliveryResult) -> None:
        super().__init__(result.detail)
        self.result = result


class _Requests(HTTPXRequest):
    """The library's requests, with those answers read first that it makes too much or too little of.

    It gives a wait only with a warning and a redirect as a network error, and falls over a yes that says little.
    """

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Ask once; raises AnsweredError for 429, 3xx and a yes that cannot be read."""
        status, body = await super().do_request(*args, **kwargs)
        if status == 429 or 300 <= status < 400:
            raise AnsweredError(result_of_status(status, _asked_wait(body), "the Bot API"))
        return status, _plain_yes(body) if 200 <= status < 300 else body


def _plain_yes(body: bytes) -> bytes:
    """Of a message that was taken, its number, time and chat: all that the library must have."""
    try:
        answer = orjson.loads(body)
        taken = answer["result"]
        plain = {"message_id": int(taken["message_id"]), "date": int(taken["date"]), "chat": taken["chat"]}
        chat = {"id": int(plain["chat"]["id"]), "type": str(plain["chat"]["type"])}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, OverflowError):
        raise AnsweredError(DeliveryResult(Delivery.RETRY, "the Bot API's answer cannot be read")) from None
    return orjson.dumps({"ok": True, "result": {**plain, "chat": chat}})


def _asked_wait(body: bytes) -> float | None:
    try:
        answer = orjson.loads(body)
        seconds = float(answer["parameters"]["retry_after"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
    return min(max(seconds, 0.0), LONGEST_SECONDS)


@dataclass(frozen=True, slots=True)
class EntityText:
    """A text with the entities that say how its parts are shown; offsets are in UTF-16 units, as Telegram counts."""

    text: str
    entities: tuple[MessageEntity, ...]


def entity_text(message: Message, most_units: int = MOST_UNITS) -> EntityText:
    """The message as text and entities: subject bold, values as code, the console's address as the only link."""
    writer = _Writer()
    link_units = utf16_units(message.console_url) + 1 if message.console_url else 0
    writer.add(_cut(message.subject, most_units // 4), MessageEntity.BOLD)
    for place, line in enumerate(message.lines):
        # An even share of what is left, so that one long value never costs the lines after it.
        share = (most_units - link_units - writer.units) // (len(message.lines) - place)
        room = share - utf16_units(line.label) - 3
        if room < LEAST_ROOM:
            break
        writer.add(f"\n{line.label}: ")
        writer.add(_cut(line.value, room), MessageEntity.CODE)
    if message.console_url:
        writer.add("\n")
        writer.add(message.console_url, MessageEntity.TEXT_LINK, message.console_url)
    return EntityText("".join(writer.pieces), tuple(writer.entities))


class _Writer:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.entities: list[MessageEntity] = []
        self.units = 0

    def add(self, piece: str, kind: str | None = None, url: str | None = None) -> None:
        length = utf16_units(piece)
        if kind is not None and length:
            self.entities.append(MessageEntity(kind, self.units, length, url=url))
        self.pieces.append(piece)
        self.units += length


def utf16_units(text: str) -> int:
    """How many UTF-16 units the text has."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def _cut(text: str, most_units: int) -> str:
    if utf16_units(text) <= most_units:
        return text
    kept: list[str] = []
    units = 1
    for character in text:
        units += 2 if ord(character) > 0xFFFF else 1
        if units > most_units:
            break
        kept.append(character)
    return "".join(kept) + "…"


class TelegramSender(MessageSender):
    """Sends to one chat."""

    shows_pictures = True

    def __init__(
        self,
        house: House,
        bot: Bot,
        chat_id: str,
        thread_id: int | None,
        timeout: float,
        *,
        buttons: bool = False,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(house)
        self._buttons = buttons
        self._clock = clock
        self._bot = bot
        self._chat_id = chat_id
        self._thread_id = thread_id
        self._timeout = timeout
        self._hidden = spellings([bot.token])

    async def transmit(self, message: Message) -> DeliveryResult:
        """Send the message once."""
        said = entity_text(message, MOST_CAPTION_UNITS if message.picture else MOST_UNITS)
        markup = inline_markup(self._keyboard(message))
        try:
            # The library's timeouts start anew with every byte; an answer that drips must not hold the channel.
            async with asyncio.timeout(self._timeout):
                if message.picture:
                    sent = await self._bot.send_photo(
                        chat_id=self._chat_id,
                        photo=message.picture,
                        caption=said.text,
                        caption_entities=said.entities,
                        message_thread_id=self._thread_id,
                    )
                else:
                    sent = await self._bot.send_message(
                        chat_id=self._chat_id,
                        text=said.text,
                        entities=said.entities,
                        link_preview_options=LinkPreviewOptions(is_disabled=True),
                        message_thread_id=self._thread_id,
                        reply_markup=markup,
                    )
        except AnsweredError as error:
            return error.result
        except ChatMigrated as error:
            return self._refused(f"the chat became {error.new_chat_id}; set chat_id to that")
        except InvalidToken:
            return self._refused("the Bot API does not know the token; check what BotFather gave")
        except (Forbidden, BadRequest) as error:
            return self._refused(error.message)
        except TimeoutError:
            return DeliveryResult(Delivery.RETRY, f"the Bot API did not answer within {self._timeout:g} s")
        except TelegramError as error:
            return DeliveryResult(Delivery.RETRY, self._clean(error.message))
        return DeliveryResult(Delivery.DELIVERED, f"message {sent.message_id}")

    def _keyboard(self, message: Message) -> Keyboard:
        alert_id = message.facts.get("alert_id", "")
        if not self._buttons or message.kind != "alert" or not can_carry(alert_id):
            return ()
        return alert_keyboard(
            alert_id,
            int(message.facts["version"]),
            int(self._chat_id),
            button_key(self._bot.token),
            self._clock(),
            nonce_of(message.key, self._chat_id),
            message.console_url,
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self._bot.request.shutdown()

    def _refused(self, detail: str) -> DeliveryResult:
        return DeliveryResult(Delivery.REFUSED, self._clean(detail))

    def _clean(self, detail: str) -> str:
        return one_line(scrub(detail, self._hidden), LONGEST_DETAIL)


def inline_markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """The library's form of a keyboard; None for one without buttons."""
    rows = [[InlineKeyboardButton(k.text, url=k.url, callback_data=k.data) for k in row] for row in keyboard]
    return InlineKeyboardMarkup(rows) if rows else None


def open_telegram(settings: Mapping[str, str]) -> Sender:
    """A sender for the configured chat. The token is kept out of every log of this process."""
    reader = SettingsReader("telegram", settings, SETTINGS)
    token = reader.text("token")
    head, _, tail = token.partition(":")
    if not (head.isascii() and head.isdecimal() and tail and token.isascii() and token.isprintable()):
        raise reader.wrong("token", "is no bot token; it looks like 123456:letters-and-digits")
    hide_in_logs([token, tail])
    timeout = reader.timeout()
    requests = _Requests(
        connection_pool_size=2,
        connect_timeout=timeout,
        read_timeout=timeout,
        write_timeout=timeout,
        pool_timeout=timeout,
        httpx_kwargs={"follow_redirects": False},
    )
    base_url = reader.web_address("base_url", DEFAULT_BASE_URL)
    thread = int(reader.number("thread_id", 0, least=0, most=2**53))
    bot = Bot(token, base_url=base_url, request=requests, get_updates_request=requests)
    chat_id = reader.text("chat_id")
    buttons = reader.choice("buttons", "off", ("on", "off")) == "on"
    if buttons and not chat_id.lstrip("-").isdecimal():
        raise reader.wrong("chat_id", "must be the chat's number where buttons are on; they are signed for it")
    return TelegramSender(reader.house(), bot, chat_id, thread or None, timeout, buttons=buttons)


CHANNEL = Channel("telegram", SETTINGS, open_telegram, secrets=frozenset({"token"}), budget_per_hour=20)
