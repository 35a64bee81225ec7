"""Watching by hand: plan what is due, crawl it here, deliver what comes of it. A worker that must schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.clock import utc_now
from domain.errors import UndercutError
from domain.source import Source
from jobs.crawl_job import CrawlSummary, OnEvent
from jobs.engine import Job, JobState
from jobs.housekeeping import do_chore
from jobs.installation import Installation
from jobs.permission import why_not
from jobs.planning import crawl_job, due_sources
from jobs.working import DELIVERY_SECONDS, Scheduling, Worker


class SourceNameError(UndercutError):
    """A source was named that does not exist or may not run."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be crawled now, and what would not, each with the reason."""

    due: tuple[Source, ...]
    refused: tuple[tuple[str, str], ...]


def plan(installation: Installation, names: Sequence[str] = (), *, replayed: bool = False) -> Plan:
    """The named sources, or all that are due; SourceNameError for a name that may not be crawled (or replayed)."""
    refusals = {
        name: why_not(source, installation.config, replayed=replayed) for name, source in installation.sources.items()
    }
    for name in names:
        if name not in refusals:
            raise SourceNameError(f"no source {name!r}; `undercut sources list` shows all")
        if refusals[name] is not None:
            raise SourceNameError(f"{name} does not run: {refusals[name]}")
    refused = tuple((name, reason) for name, reason in sorted(refusals.items()) if reason is not None)
    if names:
        return Plan(tuple(installation.sources[name] for name in names), refused)
    permitted = [source for name, source in installation.sources.items() if refusals[name] is None]
    last_read = {name: state.last_page_at for name, state in installation.store.sources.states().items()}
    return Plan(due_sources(permitted, last_read, utc_now()), refused)


class Watch(Worker):
    """The one process of a small installation, or one round by hand."""

    def __init__(self, installation: Installation, on_event: OnEvent) -> None:
        super().__init__(installation, on_event, Scheduling.MUST)

    def crawl_once(
        self, sources: Sequence[Source], *, by_hand: bool, replay_from: Path | None = None
    ) -> list[CrawlSummary]:
        """Crawl these sources (or replay them) and deliver what came of it; a summary each, in the order given."""
        asked = by_hand or replay_from is not None
        now = utc_now()
        jobs = [crawl_job(source, now, asked_by_hand=asked, replay_from=replay_from) for source in sources]
        for job in jobs:
            self.engine.enqueue(job)
        summaries = [self._summary(job) for job in jobs]
        self.deliveries.ring()
        self.deliveries.wait_until_idle(DELIVERY_SECONDS)
        self.housekeeping.ask(self.engine, utc_now())
        do_chore("search", self.installation.store)
        return summaries

    def _summary(self, job: Job) -> CrawlSummary:
        status = self.engine.wait(job.job_id)
        if status.state is JobState.SUCCEEDED and status.result is not None:
            return CrawlSummary(**status.result)  # type: ignore[arg-type]  # the shape that run_crawl gave
        reason = status.error or f"the job is {status.state}"
        return CrawlSummary(str(job.arguments["source"]), reason=reason, failed=True)
