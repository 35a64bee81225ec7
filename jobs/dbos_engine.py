"""The job engine on DBOS: durable workflows on SQLite, or on PostgreSQL by changing a URL.

Pitfalls met here and nowhere else: the default serializer pickles (ours is JSON), workflows are only taken up by the
same application version (ours is pinned to the shape of the job table, not to the source), and a dead executor's jobs
wait until somebody resumes them (`take_over`).
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Protocol

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID

from domain.errors import UndercutError
from jobs.engine import TERMINAL_STATES, Handler, Job, JobState, JobStatus, JsonObject

APPLICATION = "undercut"
JOB_SHAPE = "jobs-1"
"""Raised by hand when the arguments or steps of a job change so that an older job cannot be finished by newer code."""

CRAWL_QUEUE = "crawl"
POLL_SECONDS = 0.2
GOODBYE_SECONDS = 15

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


class DbosEngine:
    """Runs the handlers it is given; one per process, since DBOS itself is one per process."""

    def __init__(self, url: str, executor: str, handlers: Mapping[str, Handler], crawls_at_once: int) -> None:
        self._handlers = dict(handlers)
        self._crawls_at_once = crawls_at_once
        # DBOS logs each start and advertises its console; what matters is logged by the jobs themselves.
        logging.getLogger("dbos").setLevel(logging.ERROR)
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": url,
            "application_version": JOB_SHAPE,
            "executor_id": executor,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
            "enable_otlp": False,
        }
        self._executor = executor
        self._dbos = DBOS(config=config)
        self._run_job = self._register()

    def launch(self) -> None:
        """Start taking jobs."""
        DBOS.launch()
        DBOS.register_queue(
            CRAWL_QUEUE,
            worker_concurrency=self._crawls_at_once,
            partition_concurrency=1,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )

    def take_over(self) -> tuple[str, ...]:
        """Resume what other executors left running; only for a process that knows that no other is alive."""
        left = [
            workflow
            for workflow in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
            if workflow.executor_id != self._executor
        ]
        for workflow in left:
            DBOS.resume_workflow(workflow.workflow_id, queue_name=workflow.queue_name)
        return tuple(workflow.workflow_id for workflow in left)

    def enqueue(self, job: Job) -> None:
        """Accept a job once, into its site's partition."""
        self._require(job.kind)
        with SetWorkflowID(job.job_id), SetEnqueueOptions(queue_partition_key=job.partition):
            DBOS.enqueue_workflow(CRAWL_QUEUE, self._run_job, job.kind, dict(job.arguments))

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
        """Block until the job has ended; a failed job is a status, not an exception."""
        status = self.status(job_id)
        if status is None:
            raise EngineError(f"no job {job_id!r} was ever accepted")
        if status.state not in TERMINAL_STATES:
            try:
                DBOS.retrieve_workflow(job_id).get_result(polling_interval_sec=POLL_SECONDS)
            except Exception:
                logging.getLogger(__name__).debug("job %s failed", job_id, exc_info=True)
            status = self.status(job_id)
        if status is None:
            raise EngineError(f"job {job_id!r} was removed while it was waited for")
        return status

    def cancel(self, job_id: str) -> None:
        """End a waiting job, or let a running one end after its present step."""
        DBOS.cancel_workflow(job_id)

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

    def _register(self) -> "_JobFunction":
        handlers = self._handlers

        @DBOS.step(name="do_job")
        def do_job(kind: str, arguments: dict[str, object]) -> dict[str, object]:
            return dict(handlers[kind](arguments))

        @DBOS.workflow(name="run_job")
        def run_job(kind: str, arguments: dict[str, object]) -> dict[str, object]:
            return do_job(kind, arguments)

        return run_job


class _JobFunction(Protocol):
    """The shape of the registered workflow."""

    def __call__(self, kind: str, arguments: dict[str, object]) -> JsonObject: ...
