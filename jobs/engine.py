"""The port to the job engine: what the product asks of whatever runs its jobs, in words of its own.

A job is a kind, JSON arguments and a deterministic id: asking twice for the same id runs it once.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

JsonObject = Mapping[str, object]
Handler = Callable[[JsonObject], JsonObject]
"""Does one job: JSON arguments in, a JSON result out. It may run again after a crash, so it must repeat safely."""


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


TERMINAL_STATES = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})


class Lane(StrEnum):
    """Where a job queues. Each lane has places of its own, so that a full one never holds up another."""

    CRAWL = "crawl"
    SICK = "sick"
    """Crawls that failed lately: one at a time for each worker, so that they never take the healthy ones' places."""

    CHORE = "chore"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `partition` is the site it touches: jobs of one partition never run side by side."""

    kind: str
    job_id: str
    partition: str
    arguments: JsonObject = field(default_factory=dict)
    lane: Lane = Lane.CRAWL


class JobLetGo(BaseException):
    """Raised by a handler whose worker ends: the job is neither done nor failed, and another worker takes it up.

    No Exception on purpose: what handles the failures of jobs must not take it for one.
    """


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits and what runs, in jobs; `oldest_waiting_at` is None when nothing waits."""

    waiting: int
    running: int
    oldest_waiting_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobStatus:
    """What became of a job: its state, its result when it succeeded, its error when it failed."""

    job_id: str
    state: JobState
    result: JsonObject | None = None
    error: str | None = None


class Engine(Protocol):
    """Runs jobs durably: a job that was accepted is finished by this process or by a later one."""

    def launch(self) -> None:
        """Start taking jobs; jobs that a crash left behind are taken up again."""
        ...

    def enqueue(self, job: Job) -> None:
        """Accept a job once; a job whose id is known already is left as it is."""
        ...

    def run_now(self, job: Job) -> None:
        """Start a job at once, beside the queue."""
        ...

    def status(self, job_id: str) -> JobStatus | None:
        """Where a job stands; None for an id that was never accepted."""
        ...

    def wait(self, job_id: str) -> JobStatus:
        """Block until the job has ended, or has ended here and cannot be recorded, or was let go."""
        ...

    def cancel(self, job_id: str) -> None:
        """End a waiting job, or let a running one end after its present step."""
        ...

    def take_over(self, living: Callable[[], Collection[str]]) -> tuple[str, ...]:
        """Queue again what executors left running that are not among the living; the ids of those jobs."""
        ...

    def backlog(self) -> Backlog:
        """What waits and what runs, everywhere."""
        ...

    def purge(self, ended_before: datetime) -> int:
        """Forget jobs that ended before this; how many."""
        ...

    def close(self) -> None:
        """Take no more jobs and let go of the database."""
        ...
