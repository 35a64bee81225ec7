"""Hostile texts through every channel to a real peer: how many changed structure, a mention or a link."""

import asyncio
import email
import email.policy
import io
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import redirect_stdout
from html.parser import HTMLParser

from alerts.channel import Delivery, Sender
from alerts.senders import ChannelSpec, channel_kinds, open_senders
from benchmarks.alert_notices import hostile_notice
from benchmarks.figure import Figure, Measurement
from street.hostile_texts import hostile_texts
from street.receivers.running import BOT_TOKEN, CHAT_ID, Receivers, receivers_in_thread

QUICK_TEXTS = 350
FULL_TEXTS = 5_000
TEXTS_A_MESSAGE = 7
CONSOLE = "https://console.example.test"


class Watcher(ABC):
    """What one channel's last message is made of, without the words: equal for any two of the same kind."""

    kind: str

    def __init__(self, receivers: Receivers) -> None:
        self.receivers = receivers

    @abstractmethod
    def spec(self) -> ChannelSpec:
        """The channel's configuration; everything of an alert is told."""

    @abstractmethod
    def structure(self) -> object:
        """The structure of the newest message."""


class Telegram(Watcher):
    """Lines, entities, and whatever a reader could press."""

    kind = "telegram"

    def spec(self) -> ChannelSpec:
        """A bot of the street."""
        return ChannelSpec(
            "telegram", {"chat_id": CHAT_ID, "base_url": self.receivers.bot_api.base_url}, {"token": BOT_TOKEN}
        )

    def structure(self) -> object:
        """Labels, kinds of entity, what is active, markup and preview."""
        sent = self.receivers.bot_api.sent[-1]
        labels = [line.partition(":")[0] for line in sent.text.splitlines()]
        pressed = [kind for kind, _ in sent.active if kind != "text_link"]
        own = [url.startswith(CONSOLE) for kind, url in sent.active if kind == "text_link"]
        kinds = [entity["type"] for entity in sent.entities]
        return labels[1:-1], kinds, pressed, own, sent.parse_mode, sent.preview


class Webhook(Watcher):
    """The document's form."""

    kind = "webhook"

    def spec(self) -> ChannelSpec:
        """A signed hook of the street."""
        return ChannelSpec(
            "webhook", {}, {"url": self.receivers.webhook.address, "secret": "a-secret-of-the-benchmark"}
        )

    def structure(self) -> object:
        """Names, types and labels."""
        said = json.loads(self.receivers.webhook.taken[-1].body)
        types = {name: type(value).__name__ for name, value in said.items()}
        return types, [line["label"] for line in said["lines"]], sorted(said["facts"])


class ChatTool(Watcher):
    """A chat tool that reads markup (Mattermost, as the library speaks to it)."""

    kind = "apprise"

    def spec(self) -> ChannelSpec:
        """A room of the street."""
        return ChannelSpec("apprise", {}, {"url": f"mmost://127.0.0.1:{self.receivers.webhook.port}/token1of2letters"})

    def structure(self) -> object:
        """Labels, links, and characters that have a meaning there."""
        text = json.loads(self.receivers.webhook.taken[-1].body)["text"]
        lines = text.splitlines()
        marked = [mark for mark in "*~`|#[]" if mark in text.partition("\n")[2]]
        return (
            [line.partition(":")[0] for line in lines[1:]],
            [x for x in lines if "://" in x and CONSOLE not in x],
            marked,
        )


class Mail(Watcher):
    """Headers, parts and tags."""

    kind = "email"

    def spec(self) -> ChannelSpec:
        """A mailbox of the street."""
        settings = {"host": "127.0.0.1", "port": str(self.receivers.mailbox.port), "security": "none"}
        return ChannelSpec("email", {**settings, "from": "alerts@example.test", "to": "duty@example.test"})

    def structure(self) -> object:
        """Header names, kinds of part, labels of the text, tags and attributes of the HTML."""
        letter = email.message_from_bytes(self.receivers.mailbox.mails[-1], policy=email.policy.default)
        text, html = letter.get_body(("plain",)), letter.get_body(("html",))
        labels = [line.partition(":")[0] for line in text.get_content().splitlines()] if text else []
        return (
            list(letter.keys()),
            [part.get_content_type() for part in letter.walk()],
            labels[1:],
            _tags(html.get_content()) if html else [],
        )


class Terminal(Watcher):
    """Lines and control characters."""

    kind = "terminal"

    def __init__(self, receivers: Receivers) -> None:
        super().__init__(receivers)
        self.screen = io.StringIO()
        self._read = 0

    def spec(self) -> ChannelSpec:
        """Standard output."""
        return ChannelSpec("terminal", {"width": "1000"})

    def structure(self) -> object:
        """Labels, and whether anything in it acts on a terminal."""
        said = self.screen.getvalue()[self._read :]
        self._read += len(said)
        acting = sorted({c for c in said if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160})
        return [line.partition(":")[0].strip() for line in said.splitlines()[1:]], acting


WATCHERS: tuple[type[Watcher], ...] = (Telegram, Webhook, ChatTool, Mail, Terminal)


def measure(quick: bool, seed: int) -> Measurement:
    """Messages of seven texts each, in every place that comes from outside; how many are not like a harmless one."""
    texts = list(hostile_texts(QUICK_TEXTS if quick else FULL_TEXTS, seed))
    changed: dict[str, int] = {}
    with receivers_in_thread() as receivers:
        for kind in WATCHERS:
            watcher = kind(receivers)
            with redirect_stdout(watcher.screen if isinstance(watcher, Terminal) else io.StringIO()):
                changed[watcher.kind] = asyncio.run(_changed(watcher, texts))
    missing = sorted(set(channel_kinds()) - set(changed))
    return Measurement(
        float(sum(changed.values()) + len(missing)),
        {"texts": len(texts), **changed, "channels_not_looked_at": ", ".join(missing) or "none"},
    )


async def _changed(watcher: Watcher, texts: list[str]) -> int:
    spec = watcher.spec()
    settings = {**spec.settings, "detail": "full"}
    if watcher.kind != "terminal":
        settings |= {"console_url": CONSOLE, "timeout_seconds": "30"}
    sender = open_senders({"told": ChannelSpec(spec.kind, settings, spec.secrets)})["told"]
    try:
        expected = await _structure(watcher, sender, ["harmless"] * TEXTS_A_MESSAGE, 0)
        changed = 0
        for number, batch in enumerate(_batches(texts), start=1):
            changed += await _structure(watcher, sender, batch, number) != expected
        return changed
    finally:
        await sender.close()


async def _structure(watcher: Watcher, sender: Sender, texts: list[str], number: int) -> object:
    result = await sender.send(hostile_notice(texts, "told", number))
    return watcher.structure() if result.outcome is Delivery.DELIVERED else result


def _batches(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), TEXTS_A_MESSAGE):
        batch = texts[start : start + TEXTS_A_MESSAGE]
        yield batch + ["harmless"] * (TEXTS_A_MESSAGE - len(batch))


def _tags(page: str) -> list[tuple[str, list[str]]]:
    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: list[tuple[str, list[str]]] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            links = [value or "" for name, value in attrs if name in ("href", "src")]
            self.tags.append((tag, [name for name, _ in attrs] + [str(x.startswith(CONSOLE)) for x in links]))

        def handle_endtag(self, tag: str) -> None:
            self.tags.append((f"/{tag}", []))

    parser = Tags()
    parser.feed(page)
    parser.close()
    return parser.tags


FIGURE = Figure(
    name="alert_hostile",
    title="5,000 hostile texts through every channel: messages whose structure, mentions or links changed",
    goal=0.0,
    unit="messages",
    measure=measure,
    at_least=False,
)
