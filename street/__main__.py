"""`python -m street`: open the market and stay until told to stop."""

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence

from street.errors import StreetError
from street.server import Announcement, Street
from street.site import Options, every_site


def main(arguments: Sequence[str] | None = None) -> int:
    """Open, announce, wait; exit status 0 after a stop that was asked for, 1 where the street could not open."""
    chosen = _parser().parse_args(arguments)
    options = Options(load_pages=chosen.load_pages, load_channels=chosen.load_channels, seed=chosen.seed)
    try:
        asyncio.run(_stay_open(chosen, options))
    except StreetError as error:
        sys.stderr.write(f"street: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m street", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the first site, the others count up; 0: any free")
    parser.add_argument("--spread", action="store_true", help="a loopback address of its own for every site")
    parser.add_argument(
        "--announce", action="store_true", help="print one JSON line with the addresses; stop when stdin closes"
    )
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="how long every answer takes")
    parser.add_argument("--load-pages", type=int, default=50, help="pages of 20 listings in each channel of `load`")
    parser.add_argument("--load-channels", type=int, default=1, help="channels of `load`")
    parser.add_argument("--seed", type=int, default=2026, help="what the pages of `load` are drawn from")
    return parser


async def _stay_open(chosen: argparse.Namespace, options: Options) -> None:
    street = Street(every_site(options), latency_seconds=chosen.latency)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    announcement = await street.open(chosen.port, spread=chosen.spread)
    sys.stdout.write(_announced(announcement, machine=chosen.announce))
    sys.stdout.flush()
    if chosen.announce:
        threading.Thread(target=_wait_for_end_of_input, args=(loop, stop), daemon=True).start()
    await stop.wait()
    await street.close()


def _announced(announcement: Announcement, *, machine: bool) -> str:
    if machine:
        return json.dumps(announcement.as_json()) + "\n"
    return "".join(f"{name:24} {address}\n" for name, address in announcement.sites.items())


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Whoever started the street holds the other end of its stdin, so that it cannot outlive them.

    Reads the descriptor itself: a buffered reader that waits in a daemon thread would hold its lock at shutdown.
    """
    descriptor = sys.stdin.fileno()
    while os.read(descriptor, 4096):
        pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    sys.exit(main())
