"""A calibrated probability that is a sum of printed contributions: nothing in it that is not a named signal."""

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from domain.errors import UndercutError
from domain.finding import Verdict

SHIPPED = "weights.toml"


class WeightsError(UndercutError):
    """The shipped weights cannot be read, or do not fit the signals on disk."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted log-odds per signal, with the thresholds of the verdict.

    `bias` and every weight are already calibrated (Platt): their sum is the log-odds of the probability that is
    printed. At `resale_from` and above the verdict is resale, below `unsure_from` it is not.
    """

    bias: float
    of_signal: Mapping[str, float]
    resale_from: float
    unsure_from: float
    fitted_on: str
    corpus_sha256: str

    def probability(self, contributions: Iterable[float]) -> float:
        """The probability for the contributions of the signals that spoke."""
        log_odds = self.bias + math.fsum(contributions)
        if log_odds >= 0:
            return 1 / (1 + math.exp(-min(log_odds, 700)))
        grown = math.exp(max(log_odds, -700))
        return grown / (1 + grown)

    def verdict(self, probability: float) -> Verdict:
        """What is said at that probability."""
        if probability >= self.resale_from:
            return Verdict.RESALE
        return Verdict.UNSURE if probability >= self.unsure_from else Verdict.NOT_RESALE


def load_weights() -> Weights:
    """The shipped weights; raises WeightsError."""
    return parse_weights(shipped_text())


def shipped_text() -> str:
    """The file of shipped weights as it stands."""
    return files("detectors.weights").joinpath(SHIPPED).read_text(encoding="utf-8")


def parse_weights(text: str) -> Weights:
    """Weights from the text of their file; raises WeightsError naming what is missing."""
    try:
        document = tomllib.loads(text)
        fit, calibration, thresholds = document["fit"], document["calibration"], document["verdict"]
        slope, shift = float(calibration["slope"]), float(calibration["shift"])
        weights = {name: float(weight) * slope for name, weight in document["weights"].items()}
        return Weights(
            bias=float(fit["bias"]) * slope + shift,
            of_signal=weights,
            resale_from=float(thresholds["resale_from"]),
            unsure_from=float(thresholds["unsure_from"]),
            fitted_on=str(fit["fitted_on"]),
            corpus_sha256=str(fit["corpus_sha256"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise WeightsError(
            f"detectors/weights/{SHIPPED} cannot be read: {error!r}; fit it with `python -m benchmarks.fit_weights`"
        ) from error
