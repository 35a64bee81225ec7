"""The port to the job engine: what the product asks of whatever runs its jobs, in words of its own.

A job is a kind, JSON arguments and a deterministic id: asking twice for the same id runs it once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `partition` is the site it touches: jobs of one partition never run side by side."""

    kind: str
    job_id: str
    partition: str
    arguments: JsonObject = field(default_factory=dict)


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
        """Block until the job has ended."""
        ...

    def cancel(self, job_id: str) -> None:
        """End a waiting job, or let a running one end after its present step."""
        ...

    def close(self) -> None:
        """Take no more jobs and let go of the database."""
        ...
