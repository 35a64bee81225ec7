"""A small Bot API server: as strict with messages as Telegram, and as eager to find links and mentions in them."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from street.receivers.http_receiver import Answer, HttpReceiver, Request

MOST_UNITS = 4096
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


class BotApiServer:
    """Knows one token and one chat."""

    def __init__(self, token: str, chat_id: str) -> None:
        self.token = token
        self.chat_id = chat_id
        self.sent: list[Sent] = []
        self.http = HttpReceiver(self._answer)

    @property
    def base_url(self) -> str:
        """What a client puts before the token."""
        return f"{self.http.address}/bot"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["BotApiServer"]:
        """Serve until left."""
        async with self.http.serving():
            yield self

    def _answer(self, request: Request) -> Answer:
        bot, _, method = unquote(request.path).removeprefix("/bot").partition("/")
        if bot != self.token:
            return _refuse(401, "Unauthorized")
        if method != "sendMessage":
            return _refuse(404, "Not Found")
        form = {name: values[0] for name, values in parse_qs(request.body.decode("utf-8"), strict_parsing=True).items()}
        try:
            return self._take(form)
        except BadRequestError as error:
            return _refuse(400, f"Bad Request: {error}")

    def _take(self, form: dict[str, str]) -> Answer:
        if form.get("chat_id") != self.chat_id:
            raise BadRequestError("chat not found")
        text = form.get("text", "")
        entities = tuple(json.loads(form.get("entities", "[]")))
        check_entities(text, entities)
        options = json.loads(form.get("link_preview_options", "{}"))
        active = pressable(text, entities)
        self.sent.append(
            Sent(self.chat_id, text, entities, form.get("parse_mode"), not options.get("is_disabled", False), active)
        )
        chat = {"id": int(self.chat_id), "type": "group", "title": "Duty"}
        message = {"message_id": len(self.sent), "date": 1_790_000_000, "chat": chat, "text": text}
        return _json(200, {"ok": True, "result": message})


def check_entities(text: str, entities: tuple[dict[str, Any], ...]) -> None:
    """Raises BadRequestError for what Telegram would not take."""
    units = text.encode("utf-16-le", "strict")
    if not text.strip():
        raise BadRequestError("message text is empty")
    if len(units) // 2 > MOST_UNITS:
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
