"""A scripted analyst clears a queue in a real browser by keyboard alone; the program's time for each alert."""

import shutil
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from benchmarks.bulk_store import fill
from benchmarks.console_visit import Visitor, console_over
from benchmarks.figure import Figure, Measurement
from console.routing import COOKIE
from jobs.config import Config
from jobs.installation import Installation

ALERTS, QUICK_ALERTS = 100, 25
LISTINGS, QUICK_LISTINGS = 20_000, 4_000
LOCAL_SITE = ("--no-sandbox", "--disable-background-networking", "--no-first-run")
LONGEST_MS = 30_000


class DeadEndError(RuntimeError):
    """A key did not lead on; the message says which, and where."""


def measure(quick: bool, seed: int) -> Measurement:
    """The 95th percentile, in seconds, from the key that decides to the next alert being there to read."""
    wanted = QUICK_ALERTS if quick else ALERTS
    with TemporaryDirectory(prefix="undercut-bench-") as folder:
        installation = Installation(Config(data_folder=Path(folder)))
        try:
            fill(
                installation.store.database,
                installation.detector,
                installation.rates,
                installation.policy,
                listings_wanted=QUICK_LISTINGS if quick else LISTINGS,
                seed=seed,
            )
            with console_over(installation) as visitor:
                seconds, complaints = _clear(visitor, wanted)
        finally:
            installation.close()
    return Measurement(
        sorted(seconds)[int(len(seconds) * 0.95)],
        {
            "alerts cleared": len(seconds),
            "median, s": round(median(seconds), 3),
            "longest, s": round(max(seconds), 3),
            "complaints of the browser": len(complaints),
        },
    )


def _clear(visitor: Visitor, wanted: int) -> tuple[list[float], list[str]]:
    """Decide so many alerts; raises DeadEndError where a key leads nowhere."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(LOCAL_SITE))
        address = f"http://{visitor.host}"
        context = browser.new_context()
        context.set_default_timeout(LONGEST_MS)
        context.add_cookies([{"name": COOKIE, "value": visitor.token, "url": address, "sameSite": "Strict"}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/?severity=high&severity=medium&severity=low")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector("#decide")
        seconds = [_decide(page, number) for number in range(wanted)]
        browser.close()
    return seconds, complaints


def _decide(page: Page, number: int) -> float:
    """Choose an outcome by its key, write a note where one is asked for, decide, and wait for the next alert."""
    key = str(number % 6 + 1)
    before = page.url
    page.keyboard.press(key)
    if page.evaluate("document.activeElement.id") == "note":
        page.keyboard.type("Read, and judged as the reason says.")
        decide = "Control+Enter"
    else:
        decide = "Enter"
    began = time.perf_counter()
    page.keyboard.press(decide)
    page.wait_for_url(lambda url: url != before, wait_until="domcontentloaded")
    if page.locator("#decide").count() != 1:
        raise DeadEndError(f"after alert {number + 1}, decided with {key}, there is nothing to decide at {page.url}")
    return time.perf_counter() - began


FIGURE = Figure(
    name="console_keyboard",
    title="the program's time for each of 100 alerts cleared by keyboard in Chromium, 95th percentile",
    goal=0.5,
    unit="s",
    measure=measure,
    at_least=False,
)
