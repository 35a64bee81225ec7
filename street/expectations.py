"""What a crawl of the street must raise and must not, read from `expectations.json`; and how a crawl fell short."""

import functools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

FILE = Path(__file__).resolve().parent / "expectations.json"
ANY = "*"


@dataclass(frozen=True, slots=True)
class ExpectedAlert:
    """An alert that must be raised. `share` is the interval that its lowest confirmed share must lie in.

    `kind` and `product` are regular expressions that one of its offers matches; None leaves any of them open.
    """

    source: str
    external_id: str
    kind: str
    product: str | None
    share: tuple[Decimal, Decimal] | None
    lane: str | None
    arithmetic: str


@dataclass(frozen=True, slots=True)
class HonestListing:
    """A listing, or with `*` everything of a source, that must not be alerted, and why."""

    source: str
    external_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A way (`what`: `not raised`, `kind`, `product`, `share`) in which the product is known to fall short, and why.

    It is a debt, written down: one that no longer falls short is a difference too, so that the list stays true.
    """

    source: str
    external_id: str
    what: str
    why: str

    @property
    def start(self) -> str:
        """How the sentence about it begins."""
        return f"{self.what}: {self.source} {self.external_id} "


@dataclass(frozen=True, slots=True)
class Expectations:
    """The whole manifest. `states` are a source's allowed last states, `never_requested` a site's forbidden paths."""

    expected: tuple[ExpectedAlert, ...]
    must_not_alert: tuple[HonestListing, ...]
    known_shortfalls: tuple[Shortfall, ...]
    states: Mapping[str, tuple[str, ...]]
    never_requested: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """An alert as a crawl raised it: `kinds` and `products` of its offers, the lowest confirmed share, its lane."""

    source: str
    external_id: str
    kinds: tuple[str, ...]
    products: tuple[str | None, ...]
    lowest_share: Decimal | None
    lane: str


@functools.cache
def load_expectations() -> Expectations:
    """The manifest that ships with the street."""
    said = json.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    return Expectations(
        expected=tuple(_expected(entry) for entry in said["expected"]),
        must_not_alert=tuple(HonestListing(**entry) for entry in said["must_not_alert"]),
        known_shortfalls=tuple(Shortfall(**entry) for entry in said["known_shortfalls"]),
        states={source: tuple(states) for source, states in said["states"].items()},
        never_requested=said["never_requested"],
    )


def find_differences(
    raised: Iterable[RaisedAlert],
    *,
    states: Mapping[str, str] | None = None,
    requested: Mapping[str, Sequence[str]] | None = None,
) -> tuple[str, ...]:
    """Every way in which a crawl fell short of the manifest, one sentence each; none where all is as expected.

    `states` maps sources to their last reading state, `requested` sites to the paths they were asked for (the
    directory's `/requests.json` has them); without them neither is compared.
    """
    manifest = load_expectations()
    by_place = {(alert.source, alert.external_id): alert for alert in raised}
    problems: list[str] = []
    for expected in manifest.expected:
        alert = by_place.pop((expected.source, expected.external_id), None)
        if alert is None:
            problems.append(f"not raised: {expected.source} {expected.external_id} ({expected.arithmetic})")
        else:
            problems += _compare(expected, alert)
    reasons = {(honest.source, honest.external_id): honest.why for honest in manifest.must_not_alert}
    for source, external_id in by_place:
        why = reasons.get((source, external_id)) or reasons.get((source, ANY)) or "nothing of the manifest expects it"
        problems.append(f"raised, and should not be: {source} {external_id} ({why})")
    problems = _beyond_what_is_known(manifest, problems)
    problems += _wrong_states(manifest, states) if states is not None else []
    problems += _forbidden_requests(manifest, requested) if requested is not None else []
    return tuple(problems)


def _beyond_what_is_known(manifest: Expectations, problems: Sequence[str]) -> list[str]:
    """The problems that are no known shortfall, and the known shortfalls that are none any more."""
    starts = tuple(known.start for known in manifest.known_shortfalls)
    beyond = [problem for problem in problems if not problem.startswith(starts)]
    mended = [start for start in starts if not any(problem.startswith(start) for problem in problems)]
    return beyond + [f"mended, so take it out of known_shortfalls: {start}" for start in mended]


def _compare(expected: ExpectedAlert, alert: RaisedAlert) -> list[str]:
    place = f"{expected.source} {expected.external_id}"
    problems = []
    if not any(re.fullmatch(expected.kind, kind) for kind in alert.kinds):
        problems.append(f"kind: {place} has {', '.join(alert.kinds) or 'no offers'}, expected {expected.kind}")
    named = [product for product in alert.products if product is not None]
    if expected.product is not None and not any(re.fullmatch(expected.product, product) for product in named):
        problems.append(f"product: {place} has {', '.join(named) or 'none'}, expected {expected.product}")
    if expected.share is not None:
        low, high = expected.share
        if alert.lowest_share is None or not low <= alert.lowest_share <= high:
            problems.append(
                f"share: {place} has {alert.lowest_share}, expected {low} to {high} ({expected.arithmetic})"
            )
    if expected.lane is not None and alert.lane != expected.lane:
        problems.append(f"lane: {place} has {alert.lane}, expected {expected.lane}")
    return problems


def _wrong_states(manifest: Expectations, states: Mapping[str, str]) -> list[str]:
    return [
        f"state: {source} ended {states.get(source, 'without any')}, expected {' or '.join(allowed)}"
        for source, allowed in manifest.states.items()
        if states.get(source) not in allowed
    ]


def _forbidden_requests(manifest: Expectations, requested: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        f"manners: {site} was asked for {path}, which its robots.txt closes"
        for site, start in manifest.never_requested.items()
        for path in requested.get(site, ())
        if path.startswith(start)
    ]


def _expected(entry: Mapping[str, object]) -> ExpectedAlert:
    share = entry["share"]
    return ExpectedAlert(
        source=str(entry["source"]),
        external_id=str(entry["external_id"]),
        kind=str(entry["kind"]),
        product=None if entry["product"] is None else str(entry["product"]),
        share=(share["low"], share["high"]) if isinstance(share, dict) else None,
        lane=None if entry["lane"] is None else str(entry["lane"]),
        arithmetic=str(entry["arithmetic"]),
    )
