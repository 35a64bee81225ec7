"""A console served over a store, and a person who is logged in and asks for its pages."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import uvicorn

from console.app import create_app
from console.routing import COOKIE
from jobs.console import console_services, listen
from jobs.installation import Installation
from line.access import Role, invite, join, session_of

PASSWORD = "a long enough password"  # noqa: S105 - of a store that is thrown away
STARTING_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Visited:
    """One answer: the seconds until it was there, the processor's seconds within them, its status, and its bytes."""

    seconds: float
    processor_seconds: float
    status: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody's session: the address of the console, the cookie, and the token of the forms."""

    host: str
    token: str
    csrf: str

    def connect(self) -> http.client.HTTPConnection:
        """A connection that is kept open, as a browser keeps it."""
        return http.client.HTTPConnection(self.host, timeout=STARTING_SECONDS)

    def ask(self, connection: http.client.HTTPConnection, path: str, form: dict[str, str] | None = None) -> "Visited":
        """Ask for a page as a browser does."""
        headers = {"cookie": f"{COOKIE}={self.token}", "sec-fetch-site": "same-origin"}
        body = None
        if form is not None:
            body = urlencode({"csrf": self.csrf, **form})
            headers["content-type"] = "application/x-www-form-urlencoded"
        began, worked = time.perf_counter(), time.process_time()
        connection.request("GET" if form is None else "POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        return Visited(time.perf_counter() - began, time.process_time() - worked, answer.status, content)


@contextmanager
def console_over(installation: Installation, *, name: str = "Ana") -> Iterator[Visitor]:
    """The console of an installation on a free port of loopback, and a lead in it."""
    with listen("127.0.0.1", 0) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        services = console_services(installation, frozenset({host}))
        accounts, now = services.memory.accounts, services.clock()
        roles = frozenset({Role.LEAD.value, Role.OPERATOR.value})
        session = join(accounts, invite(accounts, roles, "benchmark", now), name, PASSWORD, now)
        opened = session_of(accounts, session.token, now)
        server = uvicorn.Server(uvicorn.Config(create_app(services), log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Visitor(host, session.token, opened.csrf if opened else "")
        finally:
            server.should_exit = True
            thread.join(STARTING_SECONDS)
