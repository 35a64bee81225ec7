"""The console, put together over an installation and served by uvicorn."""

import contextlib
import errno
import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from console.app import create_app
from console.services import Services
from domain.clock import utc_now
from domain.errors import UndercutError
from domain.source import Source
from jobs.cli.output import say
from jobs.console_crawl import ConsoleCrawl
from jobs.installation import LOGS_FOLDER, Installation
from jobs.permission import why_not
from jobs.reporting import report_house
from line.access import LINK_HOLDS, first_link
from storage.console_memory import ConsoleMemory
from storage.errors import StorageError
from storage.search.finder import Finder

DEFAULT_PORT = 8642
SEARCH_EVERY_SECONDS = 3.0
ENTRIES_AT_A_TIME = 50
STOPPING_SECONDS = 10.0


class ConsoleError(UndercutError):
    """The console cannot be opened as asked."""


def console_services(installation: Installation, hosts: frozenset[str], *, secure: bool = False) -> Services:
    """What the pages work with, out of an installation."""

    def explained(source: Source) -> str | None:
        return why_not(source, installation.config)

    return Services(
        memory=ConsoleMemory(installation.store),
        rates=installation.rates,
        detector=installation.detector,
        policy=installation.policy,
        sources=installation.sources,
        why_not=explained,
        hosts=hosts,
        secure=secure,
        report_house=report_house(installation),
        crawl=ConsoleCrawl(installation.config.data_folder / LOGS_FOLDER),
    )


def serve_console(
    installation: Installation,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    names: tuple[str, ...] = (),
    behind_https: bool = False,
    or_free_port: bool = False,
) -> None:
    """Serve the pages until interrupted. Says the address, and on the first run a one-time link for the first account.

    `or_free_port` takes a free port where the wanted one is in use. Meanwhile the search index is kept up to date.
    Raises ConsoleError for an address beyond loopback without https in front, or one that cannot be listened on.
    """
    if not is_loopback(host) and not behind_https:
        raise ConsoleError(
            f"{host} is not loopback: passwords would cross the network readable; put a proxy that speaks https in "
            "front and say --behind-https, or listen on 127.0.0.1"
        )
    listener = listen(host, port, or_free_port=or_free_port)
    bound = listener.getsockname()[1]
    services = console_services(installation, hosts_of(host, bound, names), secure=behind_https)
    scheme = "https" if behind_https else "http"
    address = f"{scheme}://{names[0]}" if names else f"{scheme}://{_bracketed(host)}:{bound}"
    say(f"the console is open: {address}/")
    token = first_link(services.memory.accounts, utc_now())
    if token is not None:
        hours = int(LINK_HOLDS.total_seconds() // 3600)
        say(f"first run: make the first account with this link; it works once, for {hours} hours")
        say(f"  {address}/setup/{token}")
    config = uvicorn.Config(
        create_app(services), log_level="warning", access_log=False, server_header=False, proxy_headers=False
    )
    say("stop with Ctrl+C")
    with listener, keeping_search_up(installation.store.search), contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def keeping_search_up(finder: Finder) -> Iterator[None]:
    """Index what is recorded meanwhile, some seconds after it is, in a thread of its own."""
    stopping = threading.Event()

    def keep_up() -> None:
        while not stopping.is_set():
            try:
                done = finder.catch_up(most_entries=ENTRIES_AT_A_TIME)
            except StorageError as error:
                say(f"the search index could not be brought up to date, and is tried again: {error}")
                done = 0
            stopping.wait(0.05 if done else SEARCH_EVERY_SECONDS)

    thread = threading.Thread(target=keep_up, name="search-index", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(STOPPING_SECONDS)


def hosts_of(host: str, port: int, names: tuple[str, ...]) -> frozenset[str]:
    """The `Host` headers that are answered: the address itself, loopback by name, and the names that were given."""
    own = {f"{_bracketed(host)}:{port}"}
    if is_loopback(host):
        own |= {f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"}
    return frozenset(name.lower() for name in (*own, *names))


def is_loopback(host: str) -> bool:
    """Does an address stay on this machine?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int, *, or_free_port: bool = False) -> socket.socket:
    """A socket bound to an address; raises ConsoleError where it cannot be, or takes a free port where it may."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is said, since only then does asyncio send small answers at once and not 40 ms later.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if or_free_port and error.errno == errno.EADDRINUSE:
            return listen(host, 0)
        raise ConsoleError(f"cannot listen on {host} port {port}: {error.strerror}; give another --port") from error
    return listener


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
