"""What another policy would have done: pure over stored findings, one after the other, whatever their number."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from alerts.digest import rank_finding
from alerts.policy import Policy, rank_severity
from domain.alert import PolicyOutcome
from domain.finding import Finding
from domain.listing import Listing

EXAMPLES = 20


class Change(StrEnum):
    """How two policies differ over one finding."""

    NEWLY_ALERTS = "newly_alerts"
    STOPS = "stops"
    GRAVER = "graver"
    MILDER = "milder"
    OTHER_QUEUE = "other_queue"


@dataclass(frozen=True, slots=True)
class Difference:
    """One finding over which the policies differ, and what each decides."""

    change: Change
    finding: Finding
    listing: Listing
    before: PolicyOutcome
    after: PolicyOutcome


@dataclass(slots=True)
class BacktestReport:
    """How two policies differ over all findings that were looked at.

    `examples` keeps the gravest few of each change. `rules` counts, for each pair of deciding rules (before, after)
    that led to a change, the findings it was about.
    """

    findings: int = 0
    alerts_before: int = 0
    alerts_after: int = 0
    changes: Counter[Change] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[Change, list[Difference]] = field(default_factory=dict)

    def add(self, before: PolicyOutcome, after: PolicyOutcome, difference: Difference | None) -> None:
        """Count one finding."""
        self.findings += 1
        self.alerts_before += before.alert
        self.alerts_after += after.alert
        if difference is None:
            return
        self.changes[difference.change] += 1
        self.rules[before.rule, after.rule] += 1
        kept = [*self.examples.get(difference.change, []), difference]
        self.examples[difference.change] = sorted(kept, key=lambda one: rank_finding(one.finding))[:EXAMPLES]


def backtest(
    before: Policy, after: Policy, stored: Iterable[tuple[Finding, Listing]], report: BacktestReport
) -> Iterator[Difference]:
    """Every difference, as it is found; `report` is filled on the way and complete when the iterator is exhausted.

    Both policies are asked anew, so that a finding which an older policy decided is compared with today's.
    """
    for finding, listing in stored:
        old, new = before.decide(finding, listing), after.decide(finding, listing)
        change = _change(old, new)
        difference = None if change is None else Difference(change, finding, listing, old, new)
        report.add(old, new, difference)
        if difference is not None:
            yield difference


def run_backtest(before: Policy, after: Policy, stored: Iterable[tuple[Finding, Listing]]) -> BacktestReport:
    """The whole report at once, without keeping every difference."""
    report = BacktestReport()
    for _ in backtest(before, after, stored, report):
        pass
    return report


def _change(old: PolicyOutcome, new: PolicyOutcome) -> Change | None:
    if old.alert != new.alert:
        return Change.NEWLY_ALERTS if new.alert else Change.STOPS
    if not old.alert:
        return None
    graver_by = rank_severity(old.severity) - rank_severity(new.severity)
    if graver_by != 0:
        return Change.GRAVER if graver_by > 0 else Change.MILDER
    return Change.OTHER_QUEUE if old.queue != new.queue else None
