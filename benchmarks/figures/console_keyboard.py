"""A scripted analyst clears a queue in a real browser by keyboard alone; the program's time for each alert."""

import os
import shutil
import time
from dataclasses import dataclass
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


_NAVIGATION = """() => {
    const way = performance.getEntriesByType("navigation")[0];
    return [way.responseEnd - way.startTime, way.domContentLoadedEventEnd - way.startTime];
}"""


@dataclass(frozen=True, slots=True)
class _Took:
    """Seconds from one alert to the next: by the browser's clock, until the answer was there, and by the script's."""

    by_browser: float
    until_answer: float
    by_script: float


class DeadEndError(RuntimeError):
    """A key did not lead on; the message says which, and where."""


def measure(quick: bool, seed: int) -> Measurement:
    """The 95th percentile, in seconds, from the key that decides to the next alert being there to read.

    The browser's own clock says it: from the start of the way to the next page until its document is complete.
    """
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
    by_browser = sorted(one.by_browser for one in seconds)
    return Measurement(
        by_browser[int(len(by_browser) * 0.95)],
        {
            "alerts cleared": len(seconds),
            "median, s": round(median(by_browser), 3),
            "longest, s": round(by_browser[-1], 3),
            "until the answer was there, median, s": round(median(one.until_answer for one in seconds), 3),
            "as the script saw it, median, s": round(median(one.by_script for one in seconds), 3),
            "load of the machine": round(os.getloadavg()[0], 1),
            "complaints of the browser": len(complaints),
        },
    )


def _clear(visitor: Visitor, wanted: int) -> tuple[list[_Took], list[str]]:
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


def _decide(page: Page, number: int) -> _Took:
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
    page.wait_for_url(lambda url: url != before, wait_until="load")
    if page.locator("#decide").count() != 1:
        raise DeadEndError(f"after alert {number + 1}, decided with {key}, there is nothing to decide at {page.url}")
    by_script = time.perf_counter() - began
    answered, complete = page.evaluate(_NAVIGATION)
    return _Took(complete / 1000, answered / 1000, by_script)


FIGURE = Figure(
    name="console_keyboard",
    title="the program's time for each of 100 alerts cleared by keyboard in Chromium, 95th percentile",
    goal=0.5,
    unit="s",
    measure=measure,
    at_least=False,
)
