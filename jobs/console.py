"""The console, put together over an installation and served by uvicorn."""

import ipaddress
import socket

import uvicorn

from console.app import create_app
from console.services import Services
from domain.clock import utc_now
from domain.errors import UndercutError
from domain.source import Source
from jobs.cli.output import say
from jobs.installation import Installation
from jobs.permission import why_not
from line.access import LINK_HOLDS, first_link
from storage.console_memory import ConsoleMemory

DEFAULT_PORT = 8642


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
    )


def serve_console(
    installation: Installation,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    names: tuple[str, ...] = (),
    behind_https: bool = False,
) -> None:
    """Serve the pages until interrupted. Says the address, and on the first run a one-time link for the first account.

    Raises ConsoleError for an address beyond loopback without https in front, or one that cannot be listened on.
    """
    if not is_loopback(host) and not behind_https:
        raise ConsoleError(
            f"{host} is not loopback: passwords would cross the network readable; put a proxy that speaks https in "
            "front and say --behind-https, or listen on 127.0.0.1"
        )
    listener = _listen(host, port)
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
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


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


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConsoleError(f"cannot listen on {host} port {port}: {error.strerror}; give another --port") from error
    return listener


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
