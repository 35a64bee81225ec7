"""What Prometheus reads: figures of the whole installation, from the store, in its text format (version 0.0.4)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import disk_usage
from typing import Final

from domain.clock import utc_now
from domain.errors import UndercutError
from jobs.config import ConfigError
from jobs.installation import Installation
from jobs.planning import CRAWL

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its name, what it says, whether it only grows, and its values by label set."""

    name: str
    says: str
    grows: bool
    values: tuple[tuple[tuple[tuple[str, str], ...], float], ...]


def gauge(name: str, says: str, value: float) -> Metric:
    """A metric with one value and no labels."""
    return Metric(f"undercut_{name}", says, False, (((), value),))


def collect(installation: Installation, now: datetime) -> Iterator[Metric]:
    """Every metric, read from the store and the disk; raises UndercutError where the store cannot be read."""
    store, disk = installation.store, disk_usage(installation.config.data_folder)
    yield gauge("disk_free_bytes", "Free space under the data folder.", disk.free)
    yield gauge("alerts", "Alerts in the store.", store.alerts.count())
    yield gauge("workers", "Processes that do jobs.", len(store.workers.all()))
    counts = store.outbox.counts()
    values = tuple(((("state", str(state)),), float(count)) for state, count in sorted(counts.items()))
    yield Metric("undercut_notices", "Notices in the outbox, by state.", False, values)
    yield from _of_sources(installation, now)
    marks = store.schedule.marks().values()
    yield Metric(
        "undercut_job_failures_in_a_row",
        "Failed runs in a row of a scheduled job.",
        False,
        tuple(((("job", mark.name),), float(mark.failures_in_a_row)) for mark in marks if mark.name.startswith(CRAWL)),
    )


def _of_sources(installation: Installation, now: datetime) -> Iterator[Metric]:
    states = installation.store.sources.states()
    cadences = {name: source.cadence.total_seconds() for name, source in installation.sources.items()}

    def by_source(name: str, says: str, values: dict[str, float], *, grows: bool = False) -> Metric:
        labelled = tuple(((("source", source),), value) for source, value in values.items())
        return Metric(f"undercut_source_{name}", says, grows, labelled)

    ages = {name: (now - state.last_success_at).total_seconds() for name, state in states.items()
            if state.last_success_at}  # fmt: skip
    yield by_source("age_seconds", "Since the source was last read well.", ages)
    yield by_source("cadence_seconds", "How often the source is to be read.", {n: cadences[n] for n in states
                                                                              if n in cadences})  # fmt: skip
    yield by_source("pages_total", "Pages read.", {n: s.pages for n, s in states.items()}, grows=True)
    yield by_source("refused_pages_total", "Blocks, limits and login walls.",
                    {n: s.refused_pages for n, s in states.items()}, grows=True)  # fmt: skip
    yield by_source("misread_pages_total", "Pages that were not understood.",
                    {n: s.misread_pages for n, s in states.items()}, grows=True)  # fmt: skip
    crawls = installation.store.sources.last_crawls()
    yield by_source("last_yield", "Listings of the newest crawl.", {n: c.listings for n, c in crawls.items()})


def exposition(metrics: Iterator[Metric]) -> str:
    """The metrics as Prometheus reads them."""
    lines = []
    for metric in metrics:
        lines.append(f"# HELP {metric.name} {metric.says}")
        lines.append(f"# TYPE {metric.name} {'counter' if metric.grows else 'gauge'}")
        for labels, value in metric.values:
            inner = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels)
            lines.append(f"{metric.name}{{{inner}}} {value:.17g}" if inner else f"{metric.name} {value:.17g}")
    return "\n".join(lines) + "\n"


def write_metrics(installation: Installation, path: Path) -> None:
    """Write the metrics for a textfile collector, in one move so that nobody reads half of them."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(exposition(collect(installation, utc_now())), encoding="utf-8")
    beside.replace(path)


@contextmanager
def serve_metrics(installation: Installation, address: str) -> Iterator[int]:
    """Serve the metrics on HOST:PORT until the end; gives the port. Raises ConfigError for what cannot be served on."""
    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise ConfigError(f"{address!r} is no HOST:PORT to serve metrics on")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/metrics":
                self.send_error(404)
                return
            try:
                body, status = exposition(collect(installation, utc_now())).encode(), 200
            except UndercutError as error:
                body, status = str(error).encode(), 503
            self.send_response(status)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: who scrapes does so every few seconds."""

    try:
        server = ThreadingHTTPServer((host or "127.0.0.1", int(port)), Handler)
    except OSError as error:
        raise ConfigError(f"cannot serve metrics on {address}: {error.strerror}") from error
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
