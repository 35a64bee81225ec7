"""A small Bot API server: as strict with messages as Telegram, and as eager to find links and mentions in them."""

import itertools
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from street.receivers.bot_forms import form_of
from street.receivers.http_receiver import Answer, HttpReceiver, Request

MOST_UNITS = 4096
MOST_CAPTION_UNITS = 1024
MOST_DATA = 64
MOST_ANSWER = 200
STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link", "blockquote"}
# What Telegram makes active in plain text by itself, anywhere but in code and pre.
FOUND_BY_TELEGRAM = {
    "url": re.compile(r"(?i)\b[a-z][a-z0-9+.\-]*://\S+|(?<![\w@])[\w\-]+(?:\.[\w\-]+)*\.[^\W\d_]{2,}(?:[:/]\S*)?"),
    "mention": re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}"),
    "hashtag": re.compile(r"(?<!\w)#\w+"),
    "cashtag": re.compile(r"(?<!\w)\$[A-Z]{1,8}(?!\w)"),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}"),
    "email": re.compile(r"[\w.+\-]+@[\w\-]+\.[\w.\-]+"),
}


class BadRequestError(Exception):
    """Telegram would answer 400."""


@dataclass(frozen=True)
class Sent:
    """One message that was taken."""

    chat_id: str
    text: str
    entities: tuple[dict[str, Any], ...]
    parse_mode: str | None
    preview: bool
    active: tuple[tuple[str, str], ...]
    """Kind and text of everything in it that a reader could press: links, mentions, commands, tags."""
    message_id: int = 0
    buttons: tuple[tuple[dict[str, Any], ...], ...] = ()
    photo: bytes = b""


@dataclass(frozen=True)
class Call:
    """One call of a method, with its parameters."""

    method: str
    form: Mapping[str, str]


@dataclass
class BotApiServer:
    """Knows one token, the chat that is told, and whatever private chats it is given.

    `updates` wait for the bot to fetch them; `files` are what pictures may be fetched by; `calls` is every call but
    those that fetch.
    """

    token: str
    chat_id: str
    private_chats: set[str] = field(default_factory=set)
    sent: list[Sent] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = HttpReceiver(self._answer)
        self._numbers = itertools.count(1)

    @property
    def base_url(self) -> str:
        """What a client puts before the token."""
        return f"{self.http.address}/bot"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["BotApiServer"]:
        """Serve until left."""
        async with self.http.serving():
            yield self

    def push(self, **what: Any) -> None:
        """Something happens that the bot is told of: `message=...`, `callback_query=...`, `channel_post=...`."""
        self.updates.append({"update_id": 1_000 + next(self._numbers), **what})

    def _answer(self, request: Request) -> Answer:
        path = unquote(request.path).partition("?")[0]
        if path.startswith(f"/file/bot{self.token}/"):
            body = self.files.get(path.rpartition("/")[2])
            return Answer(404) if body is None else Answer(200, {"Content-Type": "application/octet-stream"}, body)
        bot, _, method = path.removeprefix("/bot").partition("/")
        if bot != self.token:
            return _refuse(401, "Unauthorized")
        form, parts = form_of(request)
        if method == "getUpdates":
            offset = int(form.get("offset", "0"))
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            return _json(200, {"ok": True, "result": self.updates[: int(form.get("limit", "100"))]})
        self.calls.append(Call(method, form))
        try:
            return self._do(method, form, parts)
        except BadRequestError as error:
            return _refuse(400, f"Bad Request: {error}")

    def _do(self, method: str, form: Mapping[str, str], parts: Mapping[str, bytes]) -> Answer:
        match method:
            case "sendMessage":
                return self._take(form, form.get("text", ""), form.get("entities", "[]"), MOST_UNITS)
            case "sendPhoto":
                photo = next(iter(parts.values()), b"")
                if not photo.startswith(b"\x89PNG"):
                    raise BadRequestError("no picture")
                said = form.get("caption", ""), form.get("caption_entities", "[]")
                return self._take(form, *said, MOST_CAPTION_UNITS, photo)
            case "getFile":
                if form.get("file_id") not in self.files:
                    raise BadRequestError("wrong file_id")
                size = len(self.files[form["file_id"]])
                found = {"file_id": form["file_id"], "file_path": form["file_id"], "file_size": size}
                return _json(200, {"ok": True, "result": found})
            case "getMe":
                me = {"id": int(self.token.partition(":")[0]), "is_bot": True, "username": "street_bot"}
                return _json(200, {"ok": True, "result": me})
            case "answerCallbackQuery" | "editMessageReplyMarkup":
                if len(form.get("text", "")) > MOST_ANSWER:
                    raise BadRequestError("MESSAGE_TOO_LONG")
                check_buttons(form.get("reply_markup", "{}"))
                return _json(200, {"ok": True, "result": True})
        return _refuse(404, "Not Found")

    def _take(
        self, form: Mapping[str, str], text: str, entities_json: str, most_units: int, photo: bytes = b""
    ) -> Answer:
        if form.get("chat_id") not in {self.chat_id, *self.private_chats}:
            raise BadRequestError("chat not found")
        entities = tuple(json.loads(entities_json))
        check_entities(text, entities, most_units)
        options = json.loads(form.get("link_preview_options", "{}"))
        self.sent.append(
            Sent(
                form["chat_id"],
                text,
                entities,
                form.get("parse_mode"),
                not options.get("is_disabled", False) and not photo,
                pressable(text, entities),
                len(self.sent) + 1,
                check_buttons(form.get("reply_markup", "{}")),
                photo,
            )
        )
        kind = "group" if form["chat_id"] == self.chat_id else "private"
        chat = {"id": int(form["chat_id"]), "type": kind, "title": "Duty"}
        message = {"message_id": len(self.sent), "date": 1_790_000_000, "chat": chat, "text": text}
        return _json(200, {"ok": True, "result": message})


def check_buttons(markup: str) -> tuple[tuple[dict[str, Any], ...], ...]:
    """The rows of a message's keyboard; raises BadRequestError for what Telegram would not take."""
    rows = json.loads(markup).get("inline_keyboard", [])
    for button in itertools.chain.from_iterable(rows):
        if not button.get("text") or ("url" in button) == ("callback_data" in button):
            raise BadRequestError("a button needs a text and one of url and callback_data")
        if len(button.get("callback_data", "").encode()) > MOST_DATA:
            raise BadRequestError("BUTTON_DATA_INVALID")
        if "url" in button and not button["url"].startswith("https://"):
            raise BadRequestError("BUTTON_URL_INVALID")
    return tuple(tuple(row) for row in rows)


def check_entities(text: str, entities: tuple[dict[str, Any], ...], most_units: int = MOST_UNITS) -> None:
    """Raises BadRequestError for what Telegram would not take."""
    units = text.encode("utf-16-le", "strict")
    if not text.strip():
        raise BadRequestError("message text is empty")
    if len(units) // 2 > most_units:
        raise BadRequestError("message is too long")
    for entity in entities:
        start, length = entity["offset"], entity["length"]
        if entity["type"] not in STYLES:
            raise BadRequestError(f"unknown entity {entity['type']}")
        if start < 0 or length < 1 or (start + length) * 2 > len(units):
            raise BadRequestError("entity is out of the text")
        try:
            units[start * 2 : (start + length) * 2].decode("utf-16-le", "strict")
        except UnicodeDecodeError as error:
            raise BadRequestError("entity cuts a character in two") from error


def pressable(text: str, entities: tuple[dict[str, Any], ...]) -> tuple[tuple[str, str], ...]:
    """What a reader could press: declared links, and what Telegram finds by itself outside of code."""
    units = bytearray(text.encode("utf-16-le"))
    found: list[tuple[str, str]] = []
    for entity in entities:
        place = slice(entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2)
        if entity["type"] == "text_link":
            found.append(("text_link", entity["url"]))
        if entity["type"] in ("code", "pre", "text_link"):
            units[place] = "\x00".encode("utf-16-le") * entity["length"]
    plain = units.decode("utf-16-le")
    for kind, expression in FOUND_BY_TELEGRAM.items():
        found += [(kind, match.group()) for match in expression.finditer(plain)]
    return tuple(found)


def _refuse(status: int, description: str) -> Answer:
    return _json(status, {"ok": False, "error_code": status, "description": description})


def _json(status: int, content: dict[str, Any]) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(content).encode())


def flood_wait(seconds: int) -> Answer:
    """What Telegram answers to who sends too much."""
    parameters = {"retry_after": seconds}
    description = f"Too Many Requests: retry after {seconds}"
    return _json(429, {"ok": False, "error_code": 429, "description": description, "parameters": parameters})


def forbidden(description: str = "Forbidden: bot was kicked from the group chat") -> Answer:
    """What Telegram answers to a bot that was thrown out."""
    return _refuse(403, description)
