"""The browser itself: the system's Chromium, started with everything off that a page does not need, and watched.

It lives in a process tree of its own, knows no name and no way out but the proxy, and sees none of our environment.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from crawlers.spiders.setup import SetupError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MOST_MEMORY_BYTES = 1_200 * 1024 * 1024
START_SECONDS = 30.0
CLOSE_SECONDS = 5.0
_LOOK_EVERY_SECONDS = 0.5

# Names are Chromium's own (chromium/src, switches.cc and the features' files).
_SWITCHES = (
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-shared-workers",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-extensions",
    "--disable-plugins",
    "--disable-print-preview",
    "--disable-notifications",
    "--disable-remote-playback-api",
    "--deny-permission-prompts",
    "--block-new-web-contents",
    "--disable-speech-api",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--renderer-process-limit=2",
    "--js-flags=--max-old-space-size=256",
)


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class BrowserProcess:
    """A running Chromium. An async context manager; `kill` ends it at once, whatever it is doing.

    `killed` says that it is of no more use, `too_large` that its memory was the reason.
    """

    def __init__(self, proxy: str, *, most_memory_bytes: int = MOST_MEMORY_BYTES) -> None:
        self._proxy = proxy
        self._most_memory = most_memory_bytes
        self._home = tempfile.TemporaryDirectory(prefix="undercut-browser-", ignore_cleanup_errors=True)
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._watching: asyncio.Task[None] | None = None
        self.killed = False
        self.too_large = False

    @property
    def browser(self) -> Browser:
        """Playwright's handle on it."""
        if self._browser is None:
            raise RuntimeError("the browser is not started")
        return self._browser

    async def __aenter__(self) -> Self:
        path = find_chromium()
        if path is None:
            raise SetupError("the browser transport needs Chromium: sudo apt-get install chromium")
        switches = [*_SWITCHES, f"--proxy-server={self._proxy}"]
        # Chromium's own sandbox does not start for root; anybody else keeps it.
        as_root = os.geteuid() == 0
        self._playwright = await async_playwright().start()
        try:
            self._browser = await self._playwright.chromium.launch(
                executable_path=path,
                headless=True,
                args=switches,
                chromium_sandbox=not as_root,
                env={"HOME": self._home.name, "PATH": os.defpath, "LANG": "C.UTF-8"},
                timeout=START_SECONDS * 1000,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except BaseException:
            await self._playwright.stop()
            self._home.cleanup()
            raise
        self._watching = asyncio.ensure_future(self._watch_memory())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.browser.close()
        except (PlaywrightError, TimeoutError):
            self.kill()
        if self._playwright is not None:
            await self._playwright.stop()
        self._home.cleanup()

    def kill(self) -> None:
        """End every process of the browser."""
        self.killed = True
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def memory_bytes(self) -> int:
        """What its processes take together, shared memory counted once."""
        return sum(_proportional_bytes(process) for process in self._processes())

    def _processes(self) -> tuple[int, ...]:
        """Chromium's processes: those that know its home, and all that came of them and overwrote what they knew."""
        mark = f"HOME={self._home.name}".encode()
        parents = _parents()
        found = {process for process in parents if mark in _environment_of(process).split(b"\0")}
        waiting = set(found)
        while waiting:
            waiting = {process for process, parent in parents.items() if parent in waiting} - found
            found |= waiting
        return tuple(found)

    async def _watch_memory(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            if await asyncio.to_thread(self.memory_bytes) > self._most_memory:
                self.too_large = True
                self.kill()
                return


def _parents() -> dict[int, int]:
    """Every process of the machine, and its parent."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
                found[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def _environment_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/environ").read_bytes()
    except OSError:
        return b""


def _proportional_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
