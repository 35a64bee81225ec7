"""Opening the street from other programs: in a thread for tests, in a process of its own for the demo."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from street.errors import StreetError
from street.request_log import RequestLog
from street.server import Street
from street.site import Options, every_site

REPOSITORY = Path(__file__).resolve().parent.parent
STOPPING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class OpenStreet:
    """An open street: every site's address, and (within this process only) what each was asked."""

    sites: Mapping[str, str]
    logs: Mapping[str, RequestLog]


@contextmanager
def street_in_thread(options: Options | None = None, *, latency_seconds: float = 0.0) -> Iterator[OpenStreet]:
    """The street in a thread of this process, until the block ends."""
    street = Street(every_site(options or Options()), latency_seconds=latency_seconds)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="street", daemon=True)
    thread.start()
    try:
        announcement = asyncio.run_coroutine_threadsafe(street.open(), loop).result(STOPPING_SECONDS)
        yield OpenStreet(announcement.sites, street.logs)
    finally:
        asyncio.run_coroutine_threadsafe(street.close(), loop).result(STOPPING_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(STOPPING_SECONDS)
        loop.close()


@contextmanager
def street_in_process(arguments: Sequence[str] = ()) -> Iterator[OpenStreet]:
    """`python -m street --announce` with these further arguments, until the block ends.

    The child also ends when this process does, however it ends, because its stdin closes then. Raises StreetError
    where it does not open.
    """
    with subprocess.Popen(  # noqa: S603 - our own module, and arguments that our own code chose
        [sys.executable, "-m", "street", "--announce", *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise StreetError(f"the street did not open; exit status {process.wait(STOPPING_SECONDS)}, see above")
            yield OpenStreet(json.loads(line)["sites"], {})
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(STOPPING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
