"""What is wrong with a source, and the mend: pure, from how its last crawls went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final

from domain.source import Source
from storage.sources import CrawlRun, SourceState

STALE_AFTER_CADENCES: Final = 3
HALF: Final = 0.5
RUNS_TO_FLAG: Final = 2
LEAST_RUNS_BEFORE: Final = 2
MOST_BLOCKED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong: what was found, and what to do."""

    found: str
    mend: str


def faults(source: Source, state: SourceState | None, runs: Sequence[CrawlRun], now: datetime) -> Iterator[Fault]:
    """Everything wrong with a source that should run; `runs` newest first."""
    if state is not None:
        yield from _stale(source, state, now)
    if runs and runs[0].pages and runs[0].refused_pages / runs[0].pages >= MOST_BLOCKED:
        found = f"{runs[0].refused_pages} of {runs[0].pages} pages of the last crawl were refused"
        yield Fault(found, "the place does not want to be read so: slow it down, or take it out")
    # A page that is as it was before is not read again, so that such a crawl says nothing of the parser.
    told = [run for run in runs if not run.unchanged_pages and not run.refused_pages]
    for what, values in (
        ("listings", [run.listings for run in told]),
        ("listings with a price", [run.with_price for run in told]),
        ("listings with a seller", [run.with_seller for run in told]),
    ):
        fallen = halved(values)
        if fallen is not None:
            found = (
                f"the last {RUNS_TO_FLAG} crawls brought {fallen[0]} and {fallen[1]} {what}, {fallen[2]:g} were usual"
            )
            yield Fault(found, "look at a page of it: it changed, or the parser reads it no more")
            return


def halved(values: Sequence[int]) -> tuple[int, int, float] | None:
    """The last two values and the usual one, where both are less than half of it; values newest first."""
    before = values[RUNS_TO_FLAG:]
    if len(before) < LEAST_RUNS_BEFORE:
        return None
    usual = median(before)
    newest, second = values[0], values[1]
    return (newest, second, usual) if max(newest, second) < HALF * usual else None


def _stale(source: Source, state: SourceState, now: datetime) -> Iterator[Fault]:
    last = state.last_success_at
    if last is None:
        yield Fault(f"never read well; last it was {state.last_state}: {state.last_reason}", "see its log under logs/")
    elif now - last > STALE_AFTER_CADENCES * source.cadence:
        age = (now - last).total_seconds() / 3600
        found = f"last read well {age:.1f} h ago, it is to be read every {source.cadence.total_seconds() / 3600:g} h"
        yield Fault(found, "see `undercut schedule list` for paused or failing jobs, and that a worker runs")
