"""Hostile cases in every format: what validators, our own checks, and a search for what was planted find."""

import contextlib
import io
import zipfile
from collections import Counter

from stix2validator import ValidationOptions, validate_string  # type: ignore[import-untyped]

from benchmarks.figure import Figure, Measurement
from benchmarks.report_cases import PlantedCase, draw_case, options
from domain.errors import UndercutError
from reports.dossier import Dossier
from reports.errors import NotRenderableError
from reports.format import Rendered
from reports.prepare import prepare
from reports.render import formats, render

_HEAVY = frozenset({"pdf", "packet"})
_HEAVY_EVERY = 50


def measure(quick: bool, seed: int) -> Measurement:
    """Errors, warnings and leaks over 1,000 cases (60 when quick); papers and packets are made of every fiftieth."""
    cases = 60 if quick else 1000
    problems: Counter[str] = Counter()
    rendered: Counter[str] = Counter()
    for number in range(cases):
        planted = draw_case(seed + number)
        dossier = prepare(planted.case, options(show_handles=number % 2 == 1))
        for name in formats():
            if name not in _HEAVY or number % _HEAVY_EVERY == 0:
                _judge(name, dossier, planted, problems, rendered)
    reference = {f"rendered_{name}": float(count) for name, count in sorted(rendered.items())}
    found = {f"problem_{name}": float(count) for name, count in sorted(problems.items())}
    return Measurement(float(problems.total()), {"cases": float(cases), **reference, **found})


def _judge(name: str, dossier: Dossier, planted: PlantedCase, problems: Counter[str], rendered: Counter[str]) -> None:
    try:
        made = render(dossier, name)
    except NotRenderableError:
        return
    except UndercutError:
        problems[name] += 1
        return
    rendered[name] += 1
    problems["leaks"] += _leaks(made, planted)
    if name == "stix":
        problems["stix_validator"] += _stix_findings(made)


def _leaks(made: Rendered, planted: PlantedCase) -> int:
    bodies = [file.content for file in made.files]
    if made.format == "packet":
        with zipfile.ZipFile(io.BytesIO(bodies[0])) as archive:
            bodies = [archive.read(name) for name in archive.namelist()]
    return sum(word.encode() in body for body in bodies for word in (*planted.secrets, *planted.persons))


def _stix_findings(made: Rendered) -> int:
    """Errors and warnings of `stix2_validator --version 2.1 --strict --strict-properties --enforce-refs`."""
    validation = ValidationOptions(version="2.1", strict=True, strict_properties=True, enforce_refs=True)
    with contextlib.redirect_stdout(io.StringIO()):
        result = validate_string(made.files[0].content.decode("utf-8"), validation)
    objects = getattr(result, "object_results", [])
    listed = [*objects, result]
    found = sum(len(getattr(one, "errors", None) or ()) + len(getattr(one, "warnings", None) or ()) for one in listed)
    return found if found else int(not result.is_valid)


FIGURE = Figure(
    "report_validity", "errors, warnings and leaks over hostile cases", goal=0.0, unit="problems", measure=measure,
    at_least=False,
)  # fmt: skip
