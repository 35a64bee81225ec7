"""The crawl job: starts a crawl process, follows what it says, and sums up how it went."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from domain.hostile_text import one_line
from jobs.crawl_process import crawl_in_child
from jobs.events import CrashEvent, CrawlEvent, EndEvent, FailureEvent, PageEvent, read_event
from jobs.supervise import ChildEnd, run_supervised

OnEvent = Callable[[str, CrawlEvent], None]
"""Is told of each event of a crawl, with the source's name; from the job's own thread."""


@dataclass(slots=True)
class CrawlSummary:
    """How one crawl went: what it read, by state, and what ended it (empty when it came to its own end).

    `stopped` says that it was ended with its worker, so that its slot is taken up again.
    """

    source: str
    pages: int = 0
    listings: int = 0
    alerts: int = 0
    notices: int = 0
    failures: int = 0
    states: dict[str, int] = field(default_factory=dict)
    reason: str = ""
    seconds: float = 0.0
    failed: bool = False
    stopped: bool = False

    def as_json(self) -> dict[str, object]:
        """The summary as a job's result."""
        return asdict(self)


def run_crawl(
    source: str,
    *,
    deadline_seconds: float,
    log: Path,
    on_event: OnEvent,
    config_file: Path | None,
    cancelled: Callable[[], bool],
    replay_from: str = "",
) -> CrawlSummary:
    """Crawl a source in a child process and follow it; never raises for how the crawl went.

    `replay_from` is the archive that answers instead of the network; empty for a crawl of the place itself.
    """
    summary = CrawlSummary(source)
    alerts: set[str] = set()
    states: Counter[str] = Counter()

    def on_message(message: bytes) -> None:
        event = read_event(message)
        _count(event, summary, alerts, states)
        on_event(source, event)

    end = run_supervised(
        crawl_in_child,
        (str(config_file) if config_file else "", source, replay_from),
        deadline_seconds=deadline_seconds,
        on_message=on_message,
        log=log,
        cancelled=cancelled,
    )
    summary.alerts, summary.states, summary.seconds = len(alerts), dict(states), round(end.seconds, 3)
    _judge_end(summary, end, deadline_seconds, log, stopped=cancelled())
    return summary


def _count(event: CrawlEvent, summary: CrawlSummary, alerts: set[str], states: Counter[str]) -> None:
    match event:
        case PageEvent():
            summary.pages += 1
            summary.listings += event.listings
            summary.notices += event.notices
            alerts.update(event.alerts)
            states[event.state] += 1
            if event.reason and event.state != "fresh":
                summary.reason = f"{event.state}: {event.reason}"
        case FailureEvent():
            summary.failures += 1
            summary.reason = f"{event.failure}: {event.detail}"
        case EndEvent():
            summary.reason = event.stop_reason or summary.reason
        case CrashEvent():
            summary.failed, summary.reason = True, event.message


def _judge_end(summary: CrawlSummary, end: ChildEnd, deadline_seconds: float, log: Path, *, stopped: bool) -> None:
    if stopped:
        summary.reason = "stopped with its worker; it is taken up again at the next start"
        summary.failed = summary.stopped = True
    elif end.cut_short:
        summary.failed = True
        summary.reason = f"ended at its deadline of {deadline_seconds:.0f} s"
    elif end.status != 0 and not summary.failed:
        summary.failed = True
        summary.reason = f"the crawl process ended with status {end.status}; see {log}"
    summary.reason = one_line(summary.reason, 300)
