"""What `undercut doctor` looks at: each check says what is so, and where something is wrong, how to mend it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from alerts.senders import open_senders
from domain.clock import utc_now
from domain.errors import UndercutError
from domain.money import Money
from jobs.installation import Installation
from jobs.permission import permission_of, why_not
from jobs.preflight import find_chromium
from line.memory import size_of
from line.source_health import faults
from storage.sources import SourceState
from storage.workers import SILENT_AFTER

LEAST_FREE_BYTES = 2 * 2**30
MANY_REFUSALS = 3
LEAST_DAYS = 14
CLOCKS_AGREE = timedelta(seconds=30)
WATCHED_CURRENCIES = ("CNY", "RUB", "VND", "IDR", "INR", "BRL", "TRY", "UAH")


class Health(StrEnum):
    """How a check came out; `note` is worth knowing and stops nothing."""

    FINE = "fine"
    NOTE = "note"
    BROKEN = "BROKEN"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    what: str
    health: Health
    found: str
    mend: str = ""


def examine(installation: Installation) -> Iterator[Check]:
    """Every check, in order; one that fails never keeps the others from being made."""
    yield _chromium()
    for what, check in (
        ("data folder", _data_folder),
        ("database", _database),
        ("rates", _rates),
        ("policy", _policy),
        ("channels", _channels),
    ):
        yield _guarded(what, check, installation)
    yield _guarded("growth", _growth, installation)
    yield _guarded("workers", _workers, installation)
    yield _contact(installation)
    try:
        yield from _sources(installation)
        yield _outbox(installation)
    except UndercutError as error:
        yield Check("sources", Health.BROKEN, str(error), "mend the line above first")


def _guarded(what: str, check: Callable[[Installation], Check], installation: Installation) -> Check:
    try:
        return check(installation)
    except UndercutError as error:
        return Check(what, Health.BROKEN, str(error), "as the message says")


def _chromium() -> Check:
    path = find_chromium()
    if path:
        return Check("chromium", Health.FINE, path)
    return Check("chromium", Health.NOTE, "not found", "pages that need a browser: sudo apt-get install chromium")


def _data_folder(installation: Installation) -> Check:
    folder = installation.config.data_folder
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        return Check(
            "data folder", Health.BROKEN, f"{folder} cannot be written", f"chown it, or set data_folder: {folder}"
        )
    free = shutil.disk_usage(folder).free
    found = f"{folder}, {free / 2**30:.1f} GiB free"
    if free < LEAST_FREE_BYTES:
        return Check("data folder", Health.BROKEN, found, "free some space; crawling stops before the disk is full")
    return Check("data folder", Health.FINE, found)


def _database(installation: Installation) -> Check:
    count = installation.store.alerts.count()
    return Check("database", Health.FINE, f"{installation.store.database.name}: {count} alerts")


def _growth(installation: Installation) -> Check:
    """What a million listings take, and how long the free space lasts at last week's pace."""
    store = installation.store
    size = size_of(store, utc_now())
    database, bodies = size.database_bytes_a_million, size.evidence_bytes_a_million
    if database is None or bodies is None:
        return Check("growth", Health.FINE, f"{size.listings} listings are too few for a forecast")
    found = f"a million listings take {database / 2**30:.1f} GiB, and {bodies / 2**30:.1f} GiB of evidence"
    days = size.days_until_full(shutil.disk_usage(installation.config.data_folder).free)
    if days is None:
        return Check("growth", Health.FINE, found)
    found += f"; at {size.new_a_day:,.0f} new a day the free space lasts {days:,.0f} days"
    if days < LEAST_DAYS:
        return Check("growth", Health.BROKEN, found, "free some space, or shorten what is kept: `undercut retention`")
    return Check("growth", Health.FINE, found)


def _workers(installation: Installation) -> Check:
    """Who works, and whether their clocks and this machine's agree."""
    store, now = installation.store, utc_now()
    workers = store.workers.all()
    if not workers:
        return Check("workers", Health.NOTE, "none is at work", "start `undercut worker` or `undercut watch`")
    found = ", ".join(f"{worker.host} (process {worker.process_id})" for worker in workers)
    ahead = [worker.host for worker in workers if worker.heartbeat_at - now > CLOCKS_AGREE]
    if ahead:
        return Check("workers", Health.BROKEN, f"the clock here is behind that of {', '.join(ahead)}", "set the clock")
    silent = [worker.host for worker in workers if now - worker.heartbeat_at > SILENT_AFTER]
    if silent:
        mend = "see whether it still runs, and whether its clock is right; a living worker gives its jobs to others"
        return Check("workers", Health.BROKEN, f"{found}; nothing was heard lately of {', '.join(silent)}", mend)
    waiting = store.schedule.requests()
    if waiting and now - waiting[0].asked_at > SILENT_AFTER:
        return Check("workers", Health.BROKEN, f"{found}; {len(waiting)} runs that were asked for wait",
                     "no worker schedules: start one without --no-schedules")  # fmt: skip
    return Check("workers", Health.FINE, found)


def _rates(installation: Installation) -> Check:
    today = utc_now().date()
    book = installation.rates
    for code in WATCHED_CURRENCIES:
        book.to_usd(Money(Decimal(1), code), today)
    return Check("rates", Health.FINE, f"version {book.version}, {len(book.products())} products")


def _policy(installation: Installation) -> Check:
    policy = installation.policy
    return Check("policy", Health.FINE, f"{policy.name}, {len(policy.rules)} rules, version {policy.version}")


def _channels(installation: Installation) -> Check:
    specs = installation.channel_specs(with_secrets=True)
    if not specs:
        return Check("channels", Health.NOTE, "none: nobody is told", "add [channels.NAME] to the configuration")
    names = ", ".join(f"{name} ({spec.kind})" for name, spec in specs.items())
    open_senders(specs)
    return Check("channels", Health.FINE, names)


def _contact(installation: Installation) -> Check:
    if installation.config.contact:
        return Check("contact", Health.FINE, installation.identity.user_agent)
    mend = "set contact in the configuration; nothing beyond allowed_hosts is read without it"
    return Check("contact", Health.NOTE, "none is configured", mend)


def _sources(installation: Installation) -> Iterator[Check]:
    refusals = {name: why_not(source, installation.config) for name, source in installation.sources.items()}
    running = [name for name, reason in refusals.items() if reason is None]
    found = f"{len(running)} of {len(refusals)} run"
    mend = "" if running else "`undercut sources list` says why each does not"
    yield Check("sources", Health.FINE if running else Health.NOTE, found, mend)
    yield from _terms(installation)
    states, runs = installation.store.sources.states(), installation.store.sources.runs()
    for name in sorted(running):
        state = states.get(name)
        if state is not None:
            yield from _source(name, state)
        for fault in faults(installation.sources[name], state, runs.get(name, ()), utc_now()):
            yield Check(name, Health.BROKEN, fault.found, fault.mend)


def _terms(installation: Installation) -> Iterator[Check]:
    """Whose word lets a place be read whose platform's terms limit programs: a review is named, or nothing runs."""
    limited = {source.family: source for source in installation.sources.values() if source.terms_limit_programs}
    for family in sorted(limited):
        permission = permission_of(limited[family], installation.config)
        mend = (
            f"set terms_reviews.{family} (reviewed_by, reviewed_on) once somebody has read them; it is off until then"
        )
        yield Check(
            f"terms {family}",
            Health.FINE if permission else Health.NOTE,
            permission or "the platform's terms limit programs, and nobody's review of them is configured",
            "" if permission else mend,
        )


def _source(name: str, state: SourceState) -> Iterator[Check]:
    if state.refusals_in_a_row >= MANY_REFUSALS:
        found = f"refused {state.refusals_in_a_row} times in a row: {state.last_state} {state.last_reason}"
        yield Check(name, Health.BROKEN, found, "the place does not want to be read: slow it down, or take it out")
    elif state.last_state.value == "not_understood":
        yield Check(
            name, Health.BROKEN, f"not understood: {state.last_reason}", "the page changed; mend its family's parser"
        )


def _outbox(installation: Installation) -> Check:
    counts = {str(state): count for state, count in installation.store.outbox.counts().items()}
    found = ", ".join(f"{state} {count}" for state, count in sorted(counts.items())) or "empty"
    if counts.get("parked"):
        return Check("outbox", Health.BROKEN, found, "some notices were given up; see `undercut alerts show`")
    return Check("outbox", Health.FINE, found)
