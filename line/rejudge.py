"""Judge again: what the memory holds, read, priced and judged by today's parsers, prices and rules.

A dry run says what would change and writes nothing. Applied, each batch is one transaction that also says how far it
came, so that a run that was cut short goes on where it was. Memory holds a few batches, however many there are.
"""

import gc
import hashlib
import multiprocessing
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from multiprocessing.pool import AsyncResult
from typing import Final

from alerts.policy import Policy, decide
from alerts.routing import Routing, channels_for
from detectors.assess import Detector
from domain.alert import AlertStatus, PolicyOutcome
from domain.clock import utc_now
from domain.finding import Finding
from domain.listing import Listing
from domain.masking import mask_listing
from domain.reading import Reading
from domain.snapshot import Page
from line.leaked_keys import left_to_its_key
from rates.book import RateBook
from storage.codec import dump_finding, load_finding, load_history
from storage.errors import EvidenceDamagedError, EvidenceMissingError
from storage.records import AlertChange, AssessedListing
from storage.rejudging import JudgedAgain, Progress, Rewritten, StoredListing, listing_as_last_seen
from storage.store import Store

BATCH: Final = 400
READINGS_AT_HAND: Final = 64
ReadNow = Callable[[str, Page], Reading]
"""Reads a page with the family of that name, within limits."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that judges, as it is today."""

    detector: Detector
    rates: RateBook
    policy: Policy
    routing: Routing

    def fingerprint(self, *parts: str) -> str:
        """A digest of all versions: a run is only gone on with by the same rules."""
        versions = (self.detector.rules_version, self.rates.version, self.detector.overlay.version, self.policy.version)
        return hashlib.sha256("\0".join((*versions, *parts)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which listings are judged again, and whether their pages are read again where the bytes are kept.

    `families` says which family reads a source's pages; `workers` processes judge.
    """

    since: datetime | None = None
    families: Mapping[str, str] = field(default_factory=dict)
    read: ReadNow | None = None
    workers: int = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """One alert that would appear, disappear or change: what it says now, what it would say, and why."""

    what: str
    listing: Listing
    alert_id: str | None
    share_before: Decimal | None
    share_after: Decimal | None
    lane_before: str
    lane_after: str
    why: AlertChange


@dataclass(frozen=True, slots=True)
class Judged:
    """What a worker says of one listing: the finding is there only where something comes of it.

    `same` says that today's conclusion is the stored one; `what` becomes of the alert (empty for nothing).
    """

    outcome: PolicyOutcome
    channels: tuple[str, ...]
    same: bool
    what: str
    finding_json: str | None


def rejudge(
    store: Store, rules: Rules, scope: Scope, *, apply: bool, on_difference: Callable[[Difference], None]
) -> Counter[str]:
    """Judge every listing in scope again: counts of what came of it, differences one by one.

    Counts: `listings`, `read_again`, `from_stored`, `not_found_again` (its page, read again, does not show it),
    `same`, `other` (conclusions that differ), `appear`, `disappear`, `change`; when applied also `written`, `moved_on`.
    """
    fingerprint = rules.fingerprint(str(scope.since), "pages" if scope.read else "stored")
    counts: Counter[str] = Counter()
    last = 0
    if apply:
        progress = store.rejudging.progress(fingerprint)
        if progress.finished_at is not None or not progress.last_listing_id:
            store.rejudging.begin(fingerprint)
        else:
            last = progress.last_listing_id
            counts.update(progress.counts or {})
    batches = _batches(store, scope, last)
    with closing(_Judges(rules, scope.workers)) as judges:
        for batch, judged in judges.in_order(_listings(store, scope, batches, counts)):
            changed = list(_compare(batch, judged, counts, on_difference))
            if apply:
                written = store.rejudging.write(fingerprint, changed, Progress(batch[-1][0].listing_id, dict(counts)))
                _count_written(counts, written)
    if apply:
        newest = store.rejudging.progress(fingerprint)
        store.rejudging.write(fingerprint, (), replace(newest, counts=dict(counts), finished_at=utc_now()))
    return counts


Batch = Sequence[tuple[StoredListing, Listing | None]]
"""Stored listings, each with what its page says when it is read again (None: judged as it is stored)."""


def _batches(store: Store, scope: Scope, last: int) -> Iterator[tuple[StoredListing, ...]]:
    while batch := store.rejudging.batch_after(last, since=scope.since, limit=BATCH):
        yield batch
        last = batch[-1].listing_id


def _listings(
    store: Store, scope: Scope, batches: Iterable[tuple[StoredListing, ...]], counts: Counter[str]
) -> Iterator[Batch]:
    pages = _Pages(store, scope)
    for batch in batches:
        found: list[tuple[StoredListing, Listing | None]] = []
        for stored in batch:
            again = pages.listing(stored)
            counts["listings"] += 1
            if isinstance(again, Listing):
                counts["read_again"] += 1
                found.append((stored, again))
            else:
                counts["from_stored"] += 1
                counts["not_found_again"] += again is _NOT_SHOWN
                found.append((stored, None))
        yield found


class _NotShown:
    """A page was read again and does not show the listing."""


_NOT_SHOWN: Final = _NotShown()


class _Pages:
    """The pages that listings were last seen on, read again where their bytes are kept; the newest few at hand."""

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store = store
        self._scope = scope
        self._at_hand: OrderedDict[int, dict[str, Listing] | None] = OrderedDict()

    def listing(self, stored: StoredListing) -> Listing | _NotShown | None:
        """The listing as its page says it to today's parser; None where the page cannot be read again."""
        family = self._scope.families.get(stored.source)
        if self._scope.read is None or family is None:
            return None
        if stored.snapshot_id not in self._at_hand:
            self._at_hand[stored.snapshot_id] = self._read(stored.snapshot_id, family)
            if len(self._at_hand) > READINGS_AT_HAND:
                self._at_hand.popitem(last=False)
        shown = self._at_hand[stored.snapshot_id]
        if shown is None:
            return None
        return shown.get(stored.external_id, _NOT_SHOWN)

    def _read(self, number: int, family: str) -> dict[str, Listing] | None:
        kept = self._store.snapshots.get(number)
        try:
            body = self._store.evidence.open(kept.snapshot.sha256)
        except (EvidenceMissingError, EvidenceDamagedError):
            return None
        if self._scope.read is None:
            return None
        reading = self._scope.read(family, Page(kept.snapshot, body))
        return {one.external_id: mask_listing(one).listing for one in reading.listings}


def _compare(
    batch: Batch, judged: Sequence[Judged], counts: Counter[str], on_difference: Callable[[Difference], None]
) -> Iterator[JudgedAgain]:
    for (stored, again), one in zip(batch, judged, strict=True):
        counts["same" if one.same else "other"] += 1
        if one.finding_json is None:
            continue
        listing = again or listing_as_last_seen(stored)
        finding = load_finding(one.finding_json, stored.history_json)
        repriced = finding.rates_version != stored.rates_version and finding.lowest_share != stored.lowest_share
        why = AlertChange.REPRICED if repriced else AlertChange.REJUDGED
        if one.what:
            counts[one.what] += 1
            on_difference(_difference(one.what, stored, listing, finding, why))
        yield JudgedAgain(stored, AssessedListing(listing, finding, one.outcome, one.channels), why)


def _difference(what: str, stored: StoredListing, listing: Listing, finding: Finding, why: AlertChange) -> Difference:
    alert = stored.alert
    return Difference(
        what=what,
        listing=listing,
        alert_id=None if alert is None else alert.alert_id,
        share_before=stored.lowest_share if alert is None else alert.headline_share,
        share_after=finding.lowest_share,
        lane_before="" if alert is None else alert.lane,
        lane_after=finding.lane.value,
        why=why,
    )


def _count_written(counts: Counter[str], written: Rewritten) -> None:
    counts["written"] += written.findings
    counts["moved_on"] += written.moved_on


def judge_again(stored: StoredListing, again: Listing | None, rules: Rules) -> Judged:
    """Price and judge one listing with the history that it was judged by, and let the policy say who should hear."""
    listing = again or listing_as_last_seen(stored)
    finding = rules.detector.assess(listing, rules.rates, load_history(stored.history_json))
    outcome = left_to_its_key(decide(rules.policy, finding, listing), finding, listing)
    channels = channels_for(rules.routing, outcome, finding, listing) if outcome.alert else ()
    # A new version of rules or prices that concludes the same is no difference.
    as_before = dump_finding(
        replace(
            finding,
            rules_version=stored.rules_version,
            rates_version=stored.rates_version,
            overlay_version=stored.overlay_version,
        )
    )
    same = hashlib.sha256(as_before.encode()).hexdigest() == stored.finding_digest
    what = _what_happens(stored, finding, outcome)
    told = None if same and not what else as_before if same else dump_finding(finding)
    return Judged(outcome, channels, same, what, told)


def _what_happens(stored: StoredListing, finding: Finding, outcome: PolicyOutcome) -> str:
    alert = stored.alert
    if alert is None:
        return "appear" if outcome.alert else ""
    if not outcome.alert:
        return "disappear" if alert.status is not AlertStatus.CLOSED else ""
    now = (finding.lowest_share, finding.lane.value, outcome.severity.value)
    return "change" if now != (alert.headline_share, alert.lane, alert.severity) else ""


_rules: Rules | None = None
"""What a worker judges by; set before it is forked, so that nothing is loaded twice."""


def _judge_batch(batch: Batch) -> list[Judged]:
    if _rules is None:
        raise RuntimeError("a worker was started without rules")
    return [judge_again(stored, again, _rules) for stored, again in batch]


class _Judges:
    """Processes that judge batches side by side; none judges in this one."""

    def __init__(self, rules: Rules, workers: int) -> None:
        self._workers = workers
        global _rules
        _rules = rules
        # What was loaded before is shared with the children and not walked by their collectors.
        gc.freeze()
        self._pool = multiprocessing.get_context("fork").Pool(workers) if workers else None

    def in_order(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, list[Judged]]]:
        """Each batch with what was judged, in the order given; a few are under way at a time."""
        if self._pool is None:
            for batch in batches:
                yield batch, _judge_batch(batch)
            return
        under_way: deque[tuple[Batch, AsyncResult[list[Judged]]]] = deque()
        for batch in batches:
            under_way.append((batch, self._pool.apply_async(_judge_batch, (batch,))))
            if len(under_way) > 2 * self._workers:
                first, result = under_way.popleft()
                yield first, result.get()
        for first, result in under_way:
            yield first, result.get()

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()
        gc.unfreeze()
