"""`undercut worker`: do jobs until stopped; any number of them, on any number of machines."""

from typing import Annotated

import typer


def worker(
    schedules: Annotated[
        bool, typer.Option("--schedules/--no-schedules", help="may this one schedule while no other does?")
    ] = True,
    metrics: Annotated[
        str | None, typer.Option(help="serve metrics for Prometheus on this HOST:PORT", envvar="UNDERCUT_METRICS")
    ] = None,
) -> None:
    """Do jobs until SIGTERM: crawls, deliveries and chores. What is unfinished then is taken up by another worker."""
    from contextlib import nullcontext

    from jobs.installation import open_installation
    from jobs.logs import log_lines, say_event
    from jobs.metrics import serve_metrics
    from jobs.working import Scheduling, Worker

    log_lines()
    with open_installation() as installation:
        may = Scheduling.MAY if schedules else Scheduling.NEVER
        working = Worker(installation, lambda source, event: say_event("crawl_event", source=source, said=event), may)
        with serve_metrics(installation, metrics) if metrics else nullcontext(), working.running():
            say_event("started", executor=working.engine.executor)
            working.work()
        say_event("stopped", executor=working.engine.executor)
