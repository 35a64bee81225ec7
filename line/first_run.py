"""What a new installation is told once: whose access it looks after, who may sell it, and where to look."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

import orjson

from detectors.overlay_file import parse_overlay
from domain.errors import UndercutError
from domain.lead import Lead
from rates.book import RateBook
from storage.console_memory import ConsoleMemory
from storage.overlay import OverlayKind

ENTRY: Final = "first-run"
VIEW: Final = "Ours"
MOST_PRODUCTS: Final = 20
MOST_LINES: Final = 200
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9.-]{1,250}\.[a-z]{2,24}")


class FirstRunError(UndercutError):
    """Something that was filled in cannot be used; the message says which line and what is asked."""


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What was filled in: providers and products by id, channels as `name, domain` lines, leads as addresses."""

    providers: tuple[str, ...]
    products: tuple[str, ...]
    channels: tuple[tuple[str, str], ...]
    leads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of it: how many channels and leads are known now, and the view of the products."""

    channels: int
    new_leads: int
    view: str


def read_first_run(
    rates: RateBook, providers: Sequence[str], products: Sequence[str], channels: str, leads: str
) -> FirstRun:
    """What a person filled in, checked; raises FirstRunError with the line that cannot be used."""
    known = {provider.id for provider in rates.providers()}
    if not providers or set(providers) - known:
        raise FirstRunError("choose at least one provider whose access you look after")
    ours = {product.id for product in rates.products() if product.provider in providers}
    chosen = tuple(product for product in dict.fromkeys(products) if product in ours)
    if len(chosen) > MOST_PRODUCTS:
        raise FirstRunError(f"choose at most {MOST_PRODUCTS} products for the view; none means all of the provider")
    return FirstRun(
        tuple(dict.fromkeys(providers)),
        chosen,
        tuple(_channel(line) for line in _lines(channels)),
        tuple(_address(line) for line in _lines(leads)),
    )


def keep_first_run(memory: ConsoleMemory, told: FirstRun, person: str, now: datetime) -> Kept:
    """Keep it: channels as the operator's own list, leads to be decided about, the products as a view for everybody."""
    if told.channels:
        content = _channels_file(told, person, now.date())
        parse_overlay({}, {ENTRY: content})
        memory.store.overlay.put(
            OverlayKind.AUTHORISED_CHANNELS, ENTRY, content, author=person, note="told to the console at the first run"
        )
    found = [Lead(address, f"named by {person}", "the console's first run") for address in told.leads]
    new = memory.store.leads.add(found, now)
    view = urlencode([("product", product) for product in told.products])
    if view:
        memory.views.save(person, VIEW, view, now, shared=True)
    return Kept(len(told.channels), new, view)


def read_addresses(text: str) -> tuple[str, ...]:
    """The addresses of public pages, one a line; raises FirstRunError with the line that is none."""
    found = tuple(_address(line) for line in _lines(text))
    if not found:
        raise FirstRunError("write at least one address")
    return found


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise FirstRunError(f"at most {MOST_LINES} lines are read here; add the others later")
    return lines


def _channel(line: str) -> tuple[str, str]:
    name, _, domain = (part.strip() for part in line[:400].rpartition(","))
    domain = domain.lower().removeprefix("https://").removeprefix("www.").rstrip("/")
    if not _DOMAIN.fullmatch(domain):
        raise FirstRunError(f"“{line[:80]}”: write a channel as its name, a comma and its domain")
    return (name or domain, domain)


def _address(line: str) -> str:
    address = line if "://" in line else f"https://{line}"
    parts = urlsplit(address[:2000])
    if parts.scheme not in {"http", "https"} or not _DOMAIN.fullmatch((parts.hostname or "").lower()):
        raise FirstRunError(f"“{line[:80]}”: a lead is the address of a public page")
    return address


def _channels_file(told: FirstRun, person: str, today: date) -> str:
    rows = [
        {
            "name": name,
            "domains": [domain],
            "providers": list(told.providers),
            "source": f"told by {person}",
            "checked": today.isoformat(),
        }
        for name, domain in told.channels
    ]
    # JSON is YAML, and quotes whatever a name may hold.
    return orjson.dumps({"channels": rows}, option=orjson.OPT_INDENT_2).decode()
