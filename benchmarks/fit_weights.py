"""`python -m benchmarks.fit_weights`: fit the signals' weights on the project's own corpus and write them as data.

Logistic regression with two things that keep few passages from misleading it: every weight is drawn to a stated prior
(what its group of signals should mean before any passage was seen) and may not change its sign (a risk never excuses,
an excuse never accuses). How strongly it is drawn is chosen by cross-validation; so is the calibration (Platt), from
predictions on passages that were left out. Passages written in Telegram's manner are left out of fitting.
"""

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.metrics import log_loss  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]

from detectors.assess import Detector, load_detector
from detectors.score import SHIPPED, Weights
from domain.clock import utc_now
from domain.finding import Verdict
from line.labelled import LabelledText, read_corpus
from rates.book import RateBook, load_rate_book

REPOSITORY = Path(__file__).resolve().parent.parent
CORPUS = REPOSITORY / "tests" / "corpus" / "develop.jsonl"
TARGET = REPOSITORY / "detectors" / "weights" / SHIPPED
DAY = date(2026, 7, 15)
STRENGTHS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
FOLDS = 10
PRIOR_BIAS = -3.0
MOST_BIAS = -2.2
"""A text that says nothing either way is not resale, whatever the corpus holds."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prior:
    """What a weight is before fitting, and the bounds that it stays within."""

    mean: float
    low: float
    high: float


# What can never raise an alert alone (how one pays, where one is reached, how one boasts) is bounded tightly.
GROUPS = {
    "supply": Prior(1.2, 0.0, 3.0),
    "delivery": Prior(0.8, 0.0, 2.5),
    "sale": Prior(0.6, 0.0, 1.5),
    "price": Prior(1.0, 0.0, 3.0),
    "shape": Prior(1.0, 0.0, 3.0),
    "deception": Prior(0.4, 0.0, 0.7),
    "data": Prior(0.2, 0.0, 0.5),
    "evasion": Prior(0.3, 0.0, 0.6),
    "trade": Prior(0.4, 0.0, 0.8),
    "transport": Prior(0.4, 0.0, 0.8),
    "benign": Prior(-1.2, -4.0, 0.0),
}
SINGLE = {
    "benign.no_product": Prior(-4.0, -6.0, -2.0),
    "benign.listed_channel": Prior(-4.0, -6.0, -3.0),
    "benign.open_weights_only": Prior(-4.0, -6.0, -3.0),
    "benign.code": Prior(-0.3, -1.0, 0.0),
    "benign.hints": Prior(-0.3, -0.8, 0.0),
    "benign.asks": Prior(-1.0, -2.0, 0.0),
    "benign.sells_nothing": Prior(-2.5, -4.0, -1.0),
    "sale.no_obstacles": Prior(0.4, 0.0, 0.7),
    "sale.order_hook": Prior(0.4, 0.0, 0.7),
    "shape.kind_words": Prior(0.3, 0.0, 0.6),
    "shape.seller_contact": Prior(0.3, 0.0, 0.6),
    "trade.wholesale": Prior(0.8, 0.0, 2.0),
    "trade.agents": Prior(0.8, 0.0, 2.0),
}


def prior_of(name: str) -> Prior:
    """The prior of a signal: its own, or its group's."""
    return SINGLE.get(name, GROUPS[name.partition(".")[0]])


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights before calibration, the bias first."""

    bias: float
    weights: Matrix

    def logits(self, rows: Matrix) -> Matrix:
        """Log-odds of each row."""
        return rows @ self.weights + self.bias


def strengths_of(texts: Sequence[LabelledText], detector: Detector, rates: RateBook) -> Matrix:
    """How strongly each signal (column) speaks in each passage (row)."""
    names = [rule.name for rule in detector.rules]
    unit = Weights(0.0, dict.fromkeys(names, 1.0), 0.5, 0.5, "", "")
    plain = Detector(detector.lexicon, detector.wording, unit, detector.rules, detector.overlay, "fitting")
    rows = np.zeros((len(texts), len(names)))
    for row, text in enumerate(texts):
        for signal in plain.assess(text.listing, rates).signals:
            rows[row, names.index(signal.name)] = signal.weight
    return rows


def fit(rows: Matrix, truth: Matrix, priors: Sequence[Prior], strength: float) -> Fit:
    """The weights that explain the labels best, drawn to their priors with that strength."""
    means = np.array([PRIOR_BIAS, *(prior.mean for prior in priors)])
    pull = np.array([0.02, *([strength] * len(priors))])
    signs = 2 * truth - 1

    def loss(values: Matrix) -> tuple[float, Matrix]:
        margins = signs * (rows @ values[1:] + values[0])
        slopes = -signs / (1 + np.exp(margins))
        apart = values - means
        gradient = np.concatenate(([slopes.sum()], rows.T @ slopes)) + pull * apart
        return float(np.logaddexp(0, -margins).sum() + 0.5 * (pull * apart**2).sum()), gradient

    bounds = [(-8.0, MOST_BIAS), *((prior.low, prior.high) for prior in priors)]
    found = minimize(loss, means, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000})
    return Fit(float(found.x[0]), np.array(found.x[1:]))


def left_out_logits(rows: Matrix, truth: Matrix, priors: Sequence[Prior], strength: float) -> Matrix:
    """The log-odds of each passage by a fit that did not see it."""
    logits = np.zeros(len(truth))
    for seen, left in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, truth):
        logits[left] = fit(rows[seen], truth[seen], priors, strength).logits(rows[left])
    return logits


def choose_strength(rows: Matrix, truth: Matrix, priors: Sequence[Prior]) -> tuple[float, Matrix]:
    """The strength whose left-out predictions are best, and those predictions."""
    tried = {strength: left_out_logits(rows, truth, priors, strength) for strength in STRENGTHS}
    best = min(tried, key=lambda strength: float(log_loss(truth, 1 / (1 + np.exp(-tried[strength])))))
    return best, tried[best]


def calibrate(logits: Matrix, truth: Matrix) -> tuple[float, float]:
    """Slope and shift that turn left-out log-odds into honest ones."""
    platt = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), truth)
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])


def as_toml(
    names: Sequence[str],
    rows: Matrix,
    truth: Matrix,
    found: Fit,
    told: dict[str, float | str],
    verdict: dict[str, float],
) -> str:
    """The file of weights, each with how often it spoke, so that a reviewer can weigh it too."""
    lines = ["# Written by `python -m benchmarks.fit_weights`; read before it is committed.", "", "[fit]"]
    lines += [f"{key} = {_toml(told[key])}" for key in ("bias", "fitted_on", "corpus_sha256", "passages", "strength")]
    lines += ["", "[calibration]", *(f"{key} = {_toml(told[key])}" for key in ("slope", "shift"))]
    lines += ["", "[verdict]", *(f"{key} = {value}" for key, value in verdict.items()), "", "[weights]"]
    for column, name in enumerate(names):
        spoke = rows[:, column] > 0
        resale = int(truth[spoke].sum())
        lines.append(f'"{name}" = {found.weights[column]:.3f}  # spoke in {int(spoke.sum())}, {resale} of them resale')
    return "\n".join(lines) + "\n"


def _toml(value: float | str) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value:.4g}"


def main() -> None:
    """Fit, print what the left-out predictions are worth, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--write", type=Path, default=TARGET)
    parser.add_argument("--resale-from", type=float, default=0.5)
    parser.add_argument("--unsure-from", type=float, default=0.3)
    options = parser.parse_args()
    body = options.corpus.read_bytes()
    rates = load_rate_book()
    detector = load_detector(rates=rates)
    texts = [
        text
        for text in read_corpus(body, DAY).texts
        if text.label is not Verdict.UNSURE and not text.listing.platform.startswith("telegram")
    ]
    names = [rule.name for rule in detector.rules]
    rows = strengths_of(texts, detector, rates)
    truth = np.array([float(text.label is Verdict.RESALE) for text in texts])
    priors = [prior_of(name) for name in names]
    strength, logits = choose_strength(rows, truth, priors)
    slope, shift = calibrate(logits, truth)
    found = fit(rows, truth, priors, strength)
    told: dict[str, float | str] = {
        "bias": found.bias,
        "fitted_on": utc_now().date().isoformat(),
        "corpus_sha256": hashlib.sha256(body).hexdigest(),
        "passages": len(texts),
        "strength": strength,
        "slope": slope,
        "shift": shift,
    }
    verdict = {"resale_from": options.resale_from, "unsure_from": options.unsure_from}
    options.write.write_text(as_toml(names, rows, truth, found, told, verdict), encoding="utf-8")
    calibrated = 1 / (1 + np.exp(-(logits * slope + shift)))
    flagged = calibrated >= options.resale_from
    right = float((flagged & (truth == 1)).sum())
    print(
        f"{len(texts)} passages, strength {strength}: left-out log loss {log_loss(truth, calibrated):.3f}, "
        f"precision {right / flagged.sum():.3f}, recall {right / truth.sum():.3f}; wrote {options.write}"
    )


if __name__ == "__main__":
    main()
