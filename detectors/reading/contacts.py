"""Ways to reach somebody that a text gives: addresses, handles, numbers of chats and telephones, wallets, domains."""

import re
from collections.abc import Iterator
from itertools import islice

from detectors.reading.field import Field
from domain.finding import Contact
from domain.offer import Span

MOST_CONTACTS = 100
CONTACT, MENTIONED = "seller", "mentioned"

_TRAILING = ".,;:!?*~_"
_PHONE = re.compile(r"(?<![\w.+-])(?:\+\d{1,3}[ -]?)?(?:\(\d{2,4}\)[ -]?)?\d(?:[ -]?\d){7,13}(?![\w.-])")
_AFTER_NAME = re.compile(r"(?:[\s:：是为=()（）\[\]【】号群加我的➕·/-]|\+(?!\d)){0,6}(?:id|号|no)?[\s:：]{0,2}")
_PATH = re.compile(r"[/?#]")
_ON_THE_WAY = frozenset({"", "invite", "s", "ti", "p", "g"})
_WECHAT_ID = re.compile(r"[a-z][-_a-z0-9]{4,19}(?![a-z0-9])|(?:wxid_)[a-z0-9]{6,30}")
_QQ_ID = re.compile(r"[1-9]\d{4,11}(?!\d|\.\d|[元刀块年月天个%])")
_HANDLE = re.compile(r"@?[a-z][a-z0-9_.]{3,31}(?![a-z0-9@])")
_NOT_A_HANDLE = frozenset({
    "https", "http", "group", "channel", "support", "telegram", "wechat", "contact", "online", "customer", "service",
    "admin", "official", "channels", "account", "accounts", "premium", "number", "message", "messages", "claude",
    "chatgpt", "codex", "gemini", "cursor", "whatsapp", "discord", "with", "only", "bot", "bots", "user", "id",
})  # fmt: skip
_KINDS_OF_SHORT = (
    ("t.me", "telegram"), ("telegram.me", "telegram"), ("wa.me", "whatsapp"), ("chat.whatsapp.com", "whatsapp"),
    ("discord", "discord"), ("line.me", "line"),
)  # fmt: skip
PLATFORM_DOMAINS = frozenset({
    "github.com", "raw.githubusercontent.com", "githubusercontent.com", "img.shields.io", "shields.io", "youtube.com",
    "twitter.com", "x.com", "openai.com", "anthropic.com", "claude.ai", "claude.com", "chatgpt.com", "google.com",
    "npmjs.com", "pypi.org", "wikipedia.org", "medium.com", "reddit.com", "docker.com", "huggingface.co", "arxiv.org",
    "microsoft.com", "apple.com", "gemini.google.com", "linkedin.com", "stackoverflow.com", "gitlab.com",
})  # fmt: skip
"""Places that belong to everybody: mentioned, never a seller's own."""


def find_contacts(field: Field) -> list[Contact]:
    """Every contact of the field, addresses first."""
    if not field.text:
        return []
    named = list(islice(_named(field), MOST_CONTACTS))
    return [*_addresses(field), *named, *_phones(field, {contact.span for contact in named})][:MOST_CONTACTS]


def _addresses(field: Field) -> Iterator[Contact]:
    for start, end, kind in field.addresses:
        yield from _address(field, kind, start, end)


def _address(field: Field, kind: str, start: int, end: int) -> Iterator[Contact]:
    text = field.text
    while end > start + 1 and text[end - 1] in _TRAILING:
        end -= 1
    written = text[start:end]
    if kind in ("url", "short"):
        bare = written.split("://", 1)[-1].removeprefix("www.")
        short = next((name for prefix, name in _KINDS_OF_SHORT if bare.startswith(prefix)), None)
        if short is not None and "/" in bare:
            _, *path = _PATH.split(field.surface(start, end).split("://", 1)[-1])
            yield _contact(field, short, next((part for part in path if part not in _ON_THE_WAY), ""), start, end)
            return
        host = bare.split("/", 1)[0].split("?", 1)[0].split("@")[-1]
        yield _contact(field, "url", field.surface(start, end), start, end, _role_of_host(host))
        if "." in host:
            yield _contact(field, "domain", host.split(":")[0], start, end, _role_of_host(host))
    elif kind == "domain":
        yield _contact(field, "domain", written.removeprefix("www."), start, end, _role_of_host(written))
    elif kind == "handle":
        yield _contact(field, _kind_of_handle(field, start), field.surface(start, end), start, end)
    elif kind in ("tron", "ether", "bitcoin"):
        if kind != "tron" or _looks_like_wallet(field.surface(start, end)):
            yield _contact(field, "wallet", field.surface(start, end), start, end)
    else:
        yield _contact(field, kind, field.surface(start, end), start, end)


def _contact(field: Field, kind: str, value: str, start: int, end: int, role: str = CONTACT) -> Contact:
    return Contact(kind, value, role, field.span(start, end))


def _role_of_host(host: str) -> str:
    labels = host.split(":")[0].split(".")
    shared = any(".".join(labels[-count:]) in PLATFORM_DOMAINS for count in (2, 3))
    return MENTIONED if shared else CONTACT


def _looks_like_wallet(written: str) -> bool:
    return written.startswith("T") and any(letter.isdigit() for letter in written) and not written.isupper()


def _kind_of_handle(field: Field, start: int) -> str:
    """A bare @name is Telegram's, unless another network is named just before it."""
    for hit in reversed(field.hits_between(max(0, start - 16), start)):
        word = hit[2].roles.get("contact")
        if word is not None:
            return word.concept
    return "telegram"


def _named(field: Field) -> Iterator[Contact]:
    """What follows the name of a network: `微信 abc123`, `QQ群：12345678`, `WhatsApp +84 ...`."""
    for hit in field.hits_of("contact"):
        word = hit[2].roles["contact"]
        gap = _AFTER_NAME.match(field.text, hit[1])
        place = gap.end() if gap is not None else hit[1]
        if field.in_address(place):
            continue
        found = _id_at(field, word.concept, place) or _id_at(field, word.concept, hit[1])
        if found is not None:
            kind, start, end = found
            yield _contact(field, kind, field.surface(start, end), start, end)


def _id_at(field: Field, network: str, place: int) -> tuple[str, int, int] | None:
    text = field.text
    number = _QQ_ID.match(text, place)
    if network == "qq":
        return ("qq", *number.span()) if number is not None else None
    if network in ("whatsapp", "zalo", "line"):
        phone = _PHONE.match(text, place)
        return (network, *phone.span()) if phone is not None else None
    if network == "wechat":
        match = _WECHAT_ID.match(text, place) or number
    elif network in ("telegram", "discord", "kakao"):
        match = _HANDLE.match(text, place)
    else:
        return None
    if match is None or match.group() in _NOT_A_HANDLE or field.covered(match.start()):
        return None
    if network == "telegram" and not match.group().startswith("@") and text[place - 1 : place] not in ":：=":
        return None
    return (network, *match.span())


def _phones(field: Field, taken: set[Span]) -> Iterator[Contact]:
    """Telephone numbers written in the international form, without those that a network's name has claimed."""
    if "+" not in field.text:
        return
    for match in _PHONE.finditer(field.text):
        if match.group().startswith("+") and field.span(*match.span()) not in taken:
            yield _contact(field, "phone", field.surface(*match.span()), *match.span())
