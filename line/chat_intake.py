"""What a linked person sends to the bot, and what channels post that it belongs to: imports, assessed at once."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import orjson

from crawlers.registry import family
from domain.alert import Alert
from domain.clock import Clock
from domain.finding import Finding
from domain.listing import Listing
from domain.snapshot import Page, Snapshot
from line.import_names import import_source
from line.imports import TRANSPORT, HowImported, import_file
from line.page import Instruments, PageOutcome, process_page
from storage.store import Store

FAMILY: Final = "telegram_bot_api"
ADDRESS: Final = "https://updates.bot.invalid/"


@dataclass(frozen=True, slots=True)
class Assessed:
    """One listing that came in: what was concluded about it, and its alert where there is one."""

    listing: Listing
    finding: Finding
    alert: Alert | None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of something handed in; `problem` says why nothing was read, empty otherwise."""

    assessed: tuple[Assessed, ...] = ()
    problem: str = ""


async def hand_in_update(
    update: dict[str, object], instruments: Instruments, clock: Clock, *, by: str = ""
) -> HandedIn:
    """A message of the Bot API goes down the line as it came; `by` is who forwarded it, empty for a channel's post."""
    body = orjson.dumps(update)
    now = clock()
    capture = {"imported_as": "update of a bot", **({"imported_by": by} if by else {})}
    snapshot = Snapshot(
        source=import_source(family(FAMILY), ADDRESS),
        url_asked=ADDRESS,
        url_answered=ADDRESS,
        status=200,
        headers={"content-type": "application/json"},
        fetched_at=now,
        transport=TRANSPORT,
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        capture=capture,
    )
    outcome = await process_page(Page(snapshot, body), FAMILY, instruments)
    return _told(outcome, instruments.store)


async def hand_in_file(name: str, body: bytes, instruments: Instruments, clock: Clock, *, by: str) -> HandedIn:
    """A file goes the way of `undercut import`; what it cannot read (a picture, say) is kept and told as a problem."""
    with TemporaryDirectory(prefix="undercut-bot-") as folder:
        path = Path(folder) / f"file{_suffix(name)}"
        path.write_bytes(body)
        told = await import_file(path, HowImported(clock(), by=by), instruments)
    read = [_told(page.outcome, instruments.store) for page in told.pages]
    assessed = tuple(one for part in read for one in part.assessed)
    if not told.pages:
        digest = instruments.store.evidence.keep(body)
        details = {"sha256": digest, "problem": told.error or "nothing in it"}
        instruments.store.custody.note("kept what was handed in", "file", actor=by, details=details)
    problem = told.error or next((part.problem for part in read if part.problem), "")
    return HandedIn(assessed, problem if not assessed else "")


def alerts_named(store: Store, alert_ids: tuple[str, ...]) -> tuple[Alert, ...]:
    """The alerts of these ids."""
    return tuple(store.alerts.get(alert_id) for alert_id in alert_ids)


def _told(outcome: PageOutcome, store: Store) -> HandedIn:
    assessed = []
    for listing in outcome.reading.listings:
        versions = store.histories.versions(listing.source, listing.external_id)
        if versions:
            alert = store.alerts.of_listing(listing.source, listing.external_id)
            assessed.append(Assessed(versions[-1].listing, versions[-1].finding, alert))
    problem = "" if outcome.reading.listings else outcome.reading.reason or outcome.reading.state.value
    return HandedIn(tuple(assessed), problem)


def _suffix(name: str) -> str:
    """The ending of a file's name where it is a plain one; nothing else of the name is used."""
    suffix = Path(name).suffix.lower()
    return suffix if 1 < len(suffix) <= 8 and suffix[1:].isascii() and suffix[1:].isalnum() else ""
