"""The job engine on DBOS: durable workflows on SQLite, or on PostgreSQL by changing a URL.

Pitfalls met here and nowhere else: the default serializer pickles (ours is JSON), workflows are only taken up by the
same application version (ours is pinned to the shape of the job table, not to the source), and a dead executor's jobs
wait until somebody resumes them (`take_over`).
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID

from domain.errors import UndercutError
from jobs.engine import TERMINAL_STATES, Backlog, Handler, Job, JobLetGo, JobState, JobStatus, JsonObject, Lane

APPLICATION = "undercut"
JOB_SHAPE = "jobs-1"
"""Raised by hand when the arguments or steps of a job change so that an older job cannot be finished by newer code."""

POLL_SECONDS = 0.2
GOODBYE_SECONDS = 15
SICK_AT_ONCE = 1
CHORES_AT_ONCE = 2
UNRECORDED_SECONDS = 20.0
"""How long after a job's end its record may take to appear; a database that is full or gone never shows it."""

PURGE_AT_A_TIME = 500
MOST_RUNS_REMEMBERED = 2000

_STATES = {
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.SUCCEEDED,
    "ERROR": JobState.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobState.FAILED,
    "CANCELLED": JobState.CANCELLED,
    "ENQUEUED": JobState.WAITING,
    "DELAYED": JobState.WAITING,
}


class EngineError(UndercutError):
    """The engine was asked for something it does not know."""


@dataclass(slots=True)
class _Run:
    """A job that runs or ran in this process: when it ended, by the running clock, and whether it was let go."""

    ended_at: float | None = None
    let_go: bool = False


class DbosEngine:
    """Runs the handlers it is given; one per process, since DBOS itself is one per process."""

    def __init__(
        self,
        url: str,
        executor: str,
        handlers: Mapping[str, Handler],
        crawls_at_once: int,
        *,
        unrecorded_seconds: float = UNRECORDED_SECONDS,
    ) -> None:
        self._handlers = dict(handlers)
        self._at_once = {Lane.CRAWL: crawls_at_once, Lane.SICK: SICK_AT_ONCE, Lane.CHORE: CHORES_AT_ONCE}
        self._unrecorded_seconds = unrecorded_seconds
        self._runs: dict[str, _Run] = {}
        # DBOS logs each start and advertises its console; what matters is logged by the jobs themselves.
        logging.getLogger("dbos").setLevel(logging.CRITICAL)
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": url,
            "application_version": JOB_SHAPE,
            "executor_id": executor,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "CRITICAL",
            "enable_otlp": False,
        }
        self.executor = executor
        self._dbos = DBOS(config=config)
        self._run_job = self._register()

    def launch(self, *, takes_jobs: bool = True) -> None:
        """Start taking jobs; or only be able to queue them and to ask about them."""
        if not takes_jobs:
            DBOS.listen_queues([])
        DBOS.launch()
        for lane, at_once in self._at_once.items():
            DBOS.register_queue(
                lane.value,
                worker_concurrency=at_once,
                partition_concurrency=1,
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
            )

    def take_over(self, living: Callable[[], Collection[str]]) -> tuple[str, ...]:
        """Queue again what dead executors left running, in the lane and partition it came from.

        One process at a time may do this: a job that another has taken up since would be queued a second time. Who is
        living is asked after what runs, so that the jobs of one who has just joined are left alone.
        """
        running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        alive = {self.executor, *living()} if running else set()
        left = [workflow for workflow in running if workflow.executor_id not in alive]
        for workflow in left:
            DBOS.resume_workflow(workflow.workflow_id, queue_name=workflow.queue_name)
        return tuple(workflow.workflow_id for workflow in left)

    def enqueue(self, job: Job) -> None:
        """Accept a job once, into its site's partition."""
        self._require(job.kind)
        with SetWorkflowID(job.job_id), SetEnqueueOptions(queue_partition_key=job.partition):
            DBOS.enqueue_workflow(job.lane.value, self._run_job, job.kind, dict(job.arguments))

    def run_now(self, job: Job) -> None:
        """Start a job at once, beside the queue."""
        self._require(job.kind)
        with SetWorkflowID(job.job_id):
            DBOS.start_workflow(self._run_job, job.kind, dict(job.arguments))

    def status(self, job_id: str) -> JobStatus | None:
        """Where a job stands."""
        status = DBOS.get_workflow_status(job_id)
        if status is None:
            return None
        error = str(status.error) if status.error is not None else None
        return JobStatus(job_id, _STATES[status.status], status.output, error)

    def wait(self, job_id: str) -> JobStatus:
        """Block until the job has ended; a failed job is a status, not an exception.

        A job that was let go, or whose end is not recorded in good time, is told as failed: it is run again later.
        """
        while True:
            status = self.status(job_id)
            if status is None:
                raise EngineError(f"no job {job_id!r} is known; it was never accepted, or was purged")
            if status.state in TERMINAL_STATES:
                return status
            run = self._runs.get(job_id)
            if run is not None and run.let_go:
                return JobStatus(job_id, JobState.FAILED, None, "stopped with its worker; it is taken up again")
            if run is not None and run.ended_at is not None and self._is_unrecorded(run.ended_at):
                reason = "it ended, but its end could not be recorded; look at the engine's database and its disk"
                return JobStatus(job_id, JobState.FAILED, None, reason)
            time.sleep(POLL_SECONDS / 2)

    def cancel(self, job_id: str) -> None:
        """End a waiting job, or let a running one end after its present step."""
        DBOS.cancel_workflow(job_id)

    def backlog(self) -> Backlog:
        """What waits and what runs, everywhere."""
        waiting = DBOS.list_workflows(status=["ENQUEUED", "DELAYED"], load_input=False, load_output=False)
        running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        oldest = min((each.created_at for each in waiting if each.created_at is not None), default=None)
        at = None if oldest is None else datetime.fromtimestamp(oldest / 1000, UTC)
        return Backlog(len(waiting), len(running), at)

    def purge(self, ended_before: datetime) -> int:
        """Forget jobs that ended before this; how many. Their ids may then be used again."""
        ended = [name for name, state in _STATES.items() if state in TERMINAL_STATES]
        purged = 0
        while True:
            old = DBOS.list_workflows(
                status=ended, completed_before=ended_before.isoformat(), load_input=False, load_output=False,
                limit=PURGE_AT_A_TIME,
            )  # fmt: skip
            if not old:
                return purged
            DBOS.delete_workflows([workflow.workflow_id for workflow in old], delete_children=True)
            purged += len(old)

    def close(self) -> None:
        """Take no more jobs and let go of the database."""
        # Running jobs are given time to notice that they should stop: they write down how far they came.
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=GOODBYE_SECONDS)

    def kinds(self) -> Iterable[str]:
        """The kinds of job this engine can do."""
        return self._handlers.keys()

    def _require(self, kind: str) -> None:
        if kind not in self._handlers:
            raise EngineError(f"no handler for jobs of kind {kind!r}; known: {', '.join(sorted(self._handlers))}")

    def _is_unrecorded(self, ended_at: float) -> bool:
        return time.monotonic() - ended_at > self._unrecorded_seconds

    def _register(self) -> "_JobFunction":
        handlers, runs = self._handlers, self._runs

        @DBOS.step(name="do_job")
        def do_job(kind: str, arguments: dict[str, object]) -> dict[str, object]:
            if len(runs) > MOST_RUNS_REMEMBERED:
                for job_id in [known for known, one in runs.items() if one.ended_at is not None][: len(runs) // 2]:
                    runs.pop(job_id, None)
            run = runs[str(DBOS.workflow_id)] = _Run()
            try:
                return dict(handlers[kind](arguments))
            except JobLetGo:
                run.let_go = True
                raise
            finally:
                run.ended_at = time.monotonic()

        @DBOS.workflow(name="run_job")
        def run_job(kind: str, arguments: dict[str, object]) -> dict[str, object]:
            return do_job(kind, arguments)

        return run_job


class _JobFunction(Protocol):
    """The shape of the registered workflow."""

    def __call__(self, kind: str, arguments: dict[str, object]) -> JsonObject: ...
