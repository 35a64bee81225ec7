"""How long a case of two hundred offers takes in every format, the packet with all of them included."""

import time

from benchmarks.figure import Figure, Measurement
from benchmarks.report_cases import many_offers, options
from reports.errors import NotRenderableError
from reports.prepare import prepare
from reports.render import formats, render


def measure(quick: bool, seed: int) -> Measurement:
    """Seconds for preparing and rendering; each format's own seconds beside it."""
    case, materials = many_offers(200)
    started = time.perf_counter()
    dossier = prepare(case, options())
    each: dict[str, float | str] = {}
    for name in formats():
        before = time.perf_counter()
        try:
            render(dossier, name, materials)
        except NotRenderableError:
            continue
        each[name] = round(time.perf_counter() - before, 2)
    return Measurement(time.perf_counter() - started, each)


FIGURE = Figure(
    "report_render", "200-offer case in every format", goal=10.0, unit="seconds", measure=measure, at_least=False
)
