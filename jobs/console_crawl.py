"""A crawl that somebody starts from the console: `undercut watch --once` in a process of its own, one at a time."""

import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from console.services import CrawlState
from domain.clock import utc_now
from domain.errors import UndercutError
from domain.hostile_text import one_line

LOG_FILE = "console-crawl.log"
MOST_LINES = 12
MOST_LOG_BYTES = 20_000


class CrawlRunningError(UndercutError):
    """A crawl that was started from the console has not ended yet."""


@dataclass(slots=True)
class ConsoleCrawl:
    """Starts the crawl and tells how it goes; its words stand in a log file."""

    logs: Path
    _process: subprocess.Popen[bytes] | None = None
    _started: datetime | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Crawl what is due, once; raises CrawlRunningError while one runs."""
        with self._turn:
            if self._process is not None and self._process.poll() is None:
                raise CrawlRunningError("a crawl that was started here still runs; its progress stands on this page")
            self.logs.mkdir(parents=True, exist_ok=True)
            with (self.logs / LOG_FILE).open("wb") as log:
                # The configuration is named by the environment, as this process has it.
                self._process = subprocess.Popen(
                    [sys.executable, "-c", "from jobs.cli import main; main()", "watch", "--once"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            self._started = utc_now()

    def state(self) -> CrawlState:
        """How the crawl goes."""
        with self._turn:
            if self._process is None or self._started is None:
                return CrawlState(None, running=False, failed=False, lines=())
            status = self._process.poll()
            return CrawlState(self._started, status is None, bool(status), _last_lines(self.logs / LOG_FILE))


def _last_lines(path: Path) -> tuple[str, ...]:
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - MOST_LOG_BYTES))
        text = log.read().decode("utf-8", "replace")
    lines = [one_line(line, 200) for line in text.splitlines() if line.strip()]
    return tuple(lines[-MOST_LINES:])
