"""Every channel opened against a real peer on loopback, with the same handles for one contract test over all."""

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from urllib.parse import parse_qs

from alerts.channel import Sender
from alerts.senders import ChannelSpec, open_senders
from street.receivers.bot_api import BotApiServer, flood_wait, forbidden
from street.receivers.http_receiver import Answer, HttpReceiver, Trouble
from tests.alerts.peers.mail_server import MailServer

CONSOLE = "https://console.example.test"
TIMEOUT = "1.5"


class Rig(ABC):
    """One channel with its peer. `secrets` must never be seen in a log; `honours_waits` says that it reads them."""

    kind: str
    secrets: tuple[str, ...] = ()
    honours_waits = False

    def __init__(self, detail: str = "full") -> None:
        self.common = {"detail": detail, "console_url": CONSOLE}
        self.sender: Sender

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Rig"]:
        """Peer and channel, closed at the end."""
        async with self.peer():
            self.sender = open_senders({"tested": self.spec()})["tested"]
            yield self
            await self.sender.close()

    @abstractmethod
    def peer(self) -> "AsyncIterator[object]":
        """The peer, as a context."""

    @abstractmethod
    def spec(self) -> ChannelSpec:
        """The channel's configuration."""

    @abstractmethod
    def fail(self, how: str) -> None:
        """Fail the next attempt: `later`, `wait`, `never`, `silence`, `cut`, `drip`, `redirect` or `garbage`."""

    def recover(self) -> None:  # noqa: B027 - most peers fail once and go on
        """Stop failing."""

    @abstractmethod
    def keys(self) -> list[str]:
        """The idempotency key of every attempt that reached the peer, taken or not."""

    @abstractmethod
    def taken(self) -> int:
        """How many messages the peer took."""

    @abstractmethod
    def structure(self) -> object:
        """What the last message is made of, without the words: equal for any two with the same kinds of lines."""


class HttpRig(Rig):
    """A channel that speaks HTTP."""

    http: HttpReceiver

    def fail(self, how: str) -> None:
        answers = {
            "later": Answer(500),
            "wait": Answer(429, {"Retry-After": "7"}),
            "never": Answer(403),
            "silence": Trouble.SILENCE,
            "cut": Trouble.RESET,
            "drip": Trouble.DRIP,
            "garbage": Trouble.GARBAGE,
            "redirect": Answer(307, {"Location": f"{self.http.address}/elsewhere"}),
        }
        self.http.script.append(answers[how])

    def taken(self) -> int:
        return len(self.http.taken)


class WebhookRig(HttpRig):
    kind = "webhook"
    secrets = ("a-shared-secret-of-24-chars", "path-token-1a2b3c")
    honours_waits = True

    def __init__(self, detail: str = "full") -> None:
        super().__init__(detail)
        self.http = HttpReceiver()

    def peer(self) -> "AsyncIterator[object]":
        return self.http.serving()

    def spec(self) -> ChannelSpec:
        secrets = {"url": f"{self.http.address}/hooks/{self.secrets[1]}", "secret": self.secrets[0]}
        return ChannelSpec("webhook", {**self.common, "timeout_seconds": TIMEOUT}, secrets)

    def keys(self) -> list[str]:
        return [request.headers["idempotency-key"] for request in self.http.requests]

    def structure(self) -> object:
        said = json.loads(self.http.taken[-1].body)
        labels = [line["label"] for line in said["lines"]]
        types = {name: type(value).__name__ for name, value in said.items()}
        return labels, types, sorted(said["facts"]), said["console_url"]


class TelegramRig(HttpRig):
    kind = "telegram"
    secrets = ("123456789:AAE-token_of_35_letters_and_digits0", "AAE-token_of_35_letters_and_digits0")
    honours_waits = True

    def __init__(self, detail: str = "full", buttons: str = "off") -> None:
        super().__init__(detail)
        self.buttons = buttons
        self.api = BotApiServer(self.secrets[0], "-100200300")
        self.http = self.api.http

    def peer(self) -> "AsyncIterator[object]":
        return self.api.serving()

    def spec(self) -> ChannelSpec:
        settings = {"chat_id": "-100200300", "base_url": self.api.base_url, "timeout_seconds": TIMEOUT}
        settings["buttons"] = self.buttons
        return ChannelSpec("telegram", {**self.common, **settings}, {"token": self.secrets[0]})

    def fail(self, how: str) -> None:
        answers = {"wait": flood_wait(7), "never": forbidden()}
        if how in answers:
            self.http.script.append(answers[how])
        else:
            super().fail(how)

    def keys(self) -> list[str]:
        """The Bot API keeps no key; the text is what a reader knows a repeat by."""
        return [parse_qs(request.body.decode())["text"][0] for request in self.http.requests]

    def structure(self) -> object:
        sent = self.api.sent[-1]
        labels = [line.partition(":")[0] for line in sent.text.splitlines()[1:-1]]
        kinds = [entity["type"] for entity in sent.entities]
        return labels, kinds, sent.active, sent.parse_mode, sent.preview, len(sent.text.splitlines())


class AppriseRig(HttpRig):
    kind = "apprise"
    secrets = ("mattermost1token2of3letters",)

    def __init__(self, detail: str = "full") -> None:
        super().__init__(detail)
        self.http = HttpReceiver()

    def peer(self) -> "AsyncIterator[object]":
        return self.http.serving()

    def spec(self) -> ChannelSpec:
        url = f"mmost://127.0.0.1:{self.http.port}/{self.secrets[0]}"
        return ChannelSpec("apprise", {**self.common, "timeout_seconds": TIMEOUT}, {"url": url})

    def keys(self) -> list[str]:
        return [json.loads(request.body)["text"].rpartition("Key: ")[2] for request in self.http.requests]

    def structure(self) -> object:
        said = json.loads(self.http.taken[-1].body)
        lines = said["text"].splitlines()
        return sorted(said), [line.partition(":")[0] for line in lines[1:]], [x for x in lines if "://" in x]


class EmailRig(Rig):
    kind = "email"
    secrets = ("correct-horse-battery",)

    def __init__(self, detail: str = "full") -> None:
        super().__init__(detail)
        self.server = MailServer(self.secrets[0])

    def peer(self) -> "AsyncIterator[object]":
        return self.server.serving()

    def spec(self) -> ChannelSpec:
        settings = {
            "host": "127.0.0.1",
            "port": str(self.server.port),
            "security": "none",
            "username": "undercut",
            "from": "alerts@undercut.example.test",
            "to": "duty@example.test",
            "timeout_seconds": TIMEOUT,
        }
        return ChannelSpec("email", {**self.common, **settings}, {"password": self.secrets[0]})

    def fail(self, how: str) -> None:
        self.server.dead, self.server.silent = how in ("cut", "garbage"), how in ("silence", "drip")
        if how in ("later", "wait"):
            self.server.data_script.append("451 4.3.0 try again later")
        elif how in ("never", "redirect"):
            self.server.recipient_script.append("550 5.1.1 no such user")

    def recover(self) -> None:
        self.server.dead = self.server.silent = False

    def keys(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.server.attempts]

    def taken(self) -> int:
        return len(self.server.mails)

    def structure(self) -> object:
        letter = self.server.mails[-1]
        text, html = letter.get_body(("plain",)), letter.get_body(("html",))
        assert text is not None
        assert html is not None
        return (
            list(letter.keys()),
            [part.get_content_type() for part in letter.walk()],
            [line.partition(":")[0] for line in text.get_content().splitlines()],
            html_structure(html.get_content()),
        )


def html_structure(page: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """Every tag with its attributes, in order."""

    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            self.tags.append((tag, attributes))

        def handle_endtag(self, tag: str) -> None:
            self.tags.append((f"/{tag}", []))

        def handle_comment(self, data: str) -> None:
            self.tags.append(("comment", []))

    parser = Tags()
    parser.feed(page)
    parser.close()
    return parser.tags


RIGS: dict[str, type[Rig]] = {rig.kind: rig for rig in (WebhookRig, TelegramRig, AppriseRig, EmailRig)}
"""The terminal has no peer that could fail; its own test stands in tests/alerts/channels."""
