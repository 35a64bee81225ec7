"""Every page there is through every family: nothing that a place says makes a family raise."""

import time

from benchmarks.figure import Figure, Measurement
from benchmarks.places import capture_pages, golden_pages
from crawlers.registry import families, recognise
from domain.snapshot import Page

MOST_QUICK_SECONDS = 25.0


def measure(quick: bool, seed: int) -> Measurement:
    """Families that raised, over golden cases and, where they lie, saved answers of true places."""
    started = time.perf_counter()
    golden = [case.page for case in golden_pages()]
    raised = sum(map(_raised, golden))
    saved = left_out = 0
    for page in capture_pages():
        if quick and time.perf_counter() - started > MOST_QUICK_SECONDS:
            left_out += 1
            continue
        saved += 1
        raised += _raised(page)
    reference = {
        "golden_pages": float(len(golden)),
        "saved_pages": float(saved),
        "left_out_when_quick": float(left_out),
        "families": float(len(families())),
    }
    return Measurement(float(raised), reference)


def _raised(page: Page) -> int:
    """How many families raise for the page; that is what is measured, so every error is counted and none passed on."""
    count = 0
    for read in (recognise, *(family.read for family in families().values())):
        try:
            read(page)
        except Exception:  # noqa: BLE001 - the count of these is the figure
            count += 1
    return count


FIGURE = Figure(
    "captures", "errors of families over every golden and saved page", goal=0.0, unit="errors", measure=measure,
    at_least=False,
)  # fmt: skip
