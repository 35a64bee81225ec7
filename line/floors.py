"""The least that a corpus may score. A floor rises by itself and falls only where somebody says so."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from domain.errors import UndercutError
from line.eval import Evaluation

# Of each figure, whether more is better.
FLOORED: Mapping[str, bool] = {
    "precision": True,
    "recall": True,
    "f1": True,
    "lookalikes_flagged": False,
    "calibration_error": False,
    "shares_right": True,
    "shares_wrong": False,
    "twins_same_verdict": True,
    "twins_same_verdict_and_share": True,
}
STEP = Decimal("0.001")


class FloorError(UndercutError):
    """A floor would fall, or the file of floors does not fit the corpus."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of one corpus, with the digest of the corpus they were measured on."""

    corpus_sha256: str
    least: Mapping[str, float]


def parse_floors(text: str) -> Floors:
    """Floors from the text of their file; raises FloorError."""
    try:
        document = json.loads(text)
        return Floors(str(document["corpus_sha256"]), {name: float(document["floors"][name]) for name in FLOORED})
    except (ValueError, KeyError, TypeError) as error:
        raise FloorError(f"the file of floors cannot be read: {error!r}; write it with raise_floors") from error


def measured(evaluation: Evaluation) -> dict[str, float]:
    """The figures that have floors; twins are left out where they were not made."""
    found = {name: getattr(evaluation, name).value for name in FLOORED if not name.startswith("twins_")}
    if evaluation.twins is not None:
        found["twins_same_verdict"] = evaluation.twins.same_verdict.value
        found["twins_same_verdict_and_share"] = evaluation.twins.same_verdict_and_share.value
    return {name: value for name, value in found.items() if not math.isnan(value)}


def breaches(evaluation: Evaluation, floors: Floors) -> tuple[str, ...]:
    """What is worse than its floor, in words; a corpus that is not the one measured is a breach of its own."""
    found = []
    if evaluation.corpus_sha256 != floors.corpus_sha256:
        found.append("the corpus has changed since its floors were measured; measure them again with raise_floors")
    for name, value in measured(evaluation).items():
        least = floors.least[name]
        if value < least if FLOORED[name] else value > least:
            found.append(f"{name} is {value:.4f}, its floor is {least}")
    return tuple(found)


def raise_floors(evaluation: Evaluation, old: Floors | None, *, allow_lower: bool = False) -> Floors:
    """New floors from an evaluation with twins; raises FloorError where one would fall unsaid."""
    least = {name: _rounded(value, up=not FLOORED[name]) for name, value in measured(evaluation).items()}
    missing = sorted(FLOORED.keys() - least.keys())
    if missing:
        raise FloorError(f"not measured: {', '.join(missing)}; evaluate a corpus with shares, and with twins")
    if old is not None and not allow_lower:
        falling = [
            f"{name} from {old.least[name]} to {value}"
            for name, value in least.items()
            if (value < old.least[name] if FLOORED[name] else value > old.least[name])
        ]
        if falling:
            raise FloorError(f"floors would fall: {'; '.join(falling)}; say allow_lower where that is meant")
    return Floors(evaluation.corpus_sha256, least)


def _rounded(value: float, *, up: bool) -> float:
    """To a thousandth, to the side that the measured value still holds."""
    floor = Decimal(str(value)).quantize(STEP, rounding=ROUND_FLOOR)
    return float(floor + STEP if up and floor < Decimal(str(value)) else floor)


def as_text(floors: Floors) -> str:
    """The file of floors."""
    document: dict[str, Any] = {"corpus_sha256": floors.corpus_sha256, "floors": dict(floors.least)}
    return json.dumps(document, indent=2) + "\n"
