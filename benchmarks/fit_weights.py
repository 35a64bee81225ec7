"""`python -m benchmarks.fit_weights`: fit the signals' weights on the project's own corpus and write them as data.

Logistic regression with two things that keep few passages from misleading it: every weight is drawn to a stated prior
(what its group of signals should mean before any passage was seen) and may not change its sign (a risk never excuses,
an excuse never accuses). The calibration (Platt) is fitted on predictions for passages that were left out. Passages
written in Telegram's manner are left out of fitting.
"""

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.metrics import log_loss  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]
from sklearn.preprocessing import normalize  # type: ignore[import-untyped]

from detectors.assess import Detector, load_detector
from detectors.reading.normalise import fold
from detectors.score import SHIPPED, Weights
from detectors.text_model import SHIPPED as TEXT_FILE
from detectors.text_model import as_read, text_model_of
from domain.clock import utc_now
from domain.finding import Verdict
from line.labelled import LabelledText, read_corpus
from rates.book import RateBook, load_rate_book

REPOSITORY = Path(__file__).resolve().parent.parent
CORPUS = REPOSITORY / "tests" / "corpus" / "develop.jsonl"
TARGET = REPOSITORY / "detectors" / "weights" / SHIPPED
DAY = date(2026, 7, 15)
STRENGTH = 1.0
"""How strongly weights are drawn to their priors. Cross-validation would choose less, and be flattered: the phrases
were written by those who wrote the passages, so that within this corpus every phrase is surer than anywhere else."""
FOLDS = 10
TEXT = "text.resembles_adverts"
TEXT_STRENGTH = 4.0
RUN_LENGTHS = (2, 4)
LEAST_PASSAGES = 3
PRIOR_BIAS = -2.5
MOST_BIAS = -2.2
"""A text that says nothing either way is not resale, whatever the corpus holds."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prior:
    """What a weight is before fitting, and the bounds that it stays within."""

    mean: float
    low: float
    high: float


# What each signal should mean before any passage was seen: the judgement of people who read such texts.
MEANS = {
    "shape.offer": 0.7, "shape.priced_offer": 0.8, "shape.sells_access": 1.2, "shape.several_offers": 0.5,
    "shape.claims_discount": 0.8, "shape.catalogue_row": 1.5, "shape.kind_words": 0.25, "shape.trade_words": 0.15, "shape.seller_contact": 0.3,
    "shape.listing_title": 1.0, "shape.plan_for_term": 0.4, "shape.gateway": 0.8, "shape.shop_record": 1.0,
    "price.deep_discount": 1.0, "price.discount": 0.8, "price.under_regional_floor": 0.4, "price.under_cost": 0.3,
    "price.at_or_above_official": 0.3,
    "sale.instant_delivery": 0.9, "sale.credentials_delivered": 0.9, "sale.warranty": 1.0, "sale.own_account": 0.9,
    "sale.shared_place": 0.7, "sale.ready_account": 0.9, "sale.relay_service": 0.7, "sale.top_up": 0.5,
    "sale.cheaper": 0.7, "sale.no_obstacles": 0.8, "sale.invite_bonus": 0.7, "sale.sponsor": 0.6, "sale.stock": 0.7,
    "sale.seller_voice": 0.8, "sale.happy_buyer": 1.0, "sale.recommends": 0.7, "sale.relay_credit": 0.5,
    "sale.order_hook": 0.5, "sale.everything": 0.2,
    "supply.pooled_accounts": 1.2, "supply.bulk_registration": 1.5, "supply.stolen_cards": 1.5,
    "supply.payment_links": 1.8, "supply.leaked_keys": 1.2, "supply.shared_keys": 1.3,
    "supply.cloud_credit_abuse": 1.2, "supply.trial_abuse": 1.2, "supply.education_abuse": 0.8,
    "supply.identity_check_bypass": 1.2, "supply.key_in_text": 1.5, "supply.key_supply": 0.8, "supply.free_access": 0.9, "supply.free_keys": 2.5,
    "supply.relay_price_list": 4.5,
    "delivery.session_tokens": 0.9,
    "benign.warning": -3.4, "benign.caution": -2.0, "benign.question": -2.2, "benign.buyer": -2.0, "benign.complaint": -1.8,
    "benign.research": -2.0, "benign.news": -1.5, "benign.official_news": -1.8, "benign.official_price": -1.8,
    "benign.official_price_only": -2.0, "benign.own_key": -2.2, "benign.own_subscription": -1.8,
    "benign.software": -1.2, "benign.sells_nothing": -2.5, "benign.tutorial": -1.5, "benign.documentation": -1.3,
    "benign.own_use": -1.5, "benign.accounting": -2.0, "benign.job": -2.5, "benign.quiz": -2.0, "benign.game": -2.2,
    "benign.vpn": -1.5, "benign.ride": -2.5, "benign.homonym": -4.5, "benign.other_goods": -0.3,
    "benign.other_goods_only": -2.5, "benign.course": -2.0, "benign.comparison": -1.5, "benign.monitor": -1.8,
    "benign.legal": -1.8, "benign.security": -1.8, "benign.authorised_channel": -1.5,
    "benign.open_weights_hosting": -1.8, "benign.open_weights_only": -4.0, "benign.listed_channel": -4.0,
    "benign.education": -1.5, "benign.retention": -1.8, "benign.own_product": -1.8, "benign.service": -1.8,
    "benign.test_code": -2.0, "benign.payment_processor": -2.0, "benign.free_tier": -1.5,
    "benign.hints": -0.25, "benign.no_product": -2.5,
    "benign.api_not_included": -1.8, "benign.cost_estimate": -0.9, "benign.word_list": -2.2, "benign.commentary": -1.5, "benign.task_list": -1.5, "benign.technical": -0.6, "benign.no_way_to_buy": -1.5, "benign.open_weights_mostly": -1.0,
}  # fmt: skip
# What proves nothing alone (how one pays, where one is reached, how one hides or boasts) is small and bounded tightly.
MEAN_OF_GROUP = {"deception": 0.5, "data": 0.2, "evasion": 0.3, "trade": 0.5, "transport": 0.5}
MOST_OF_GROUP = {"deception": 0.8, "data": 0.5, "evasion": 0.6, "trade": 1.0, "transport": 0.8}
# Frequent and weak on purpose: what they would gain here they would lose elsewhere.
SPREADS = {
    "benign.technical": 0.2, "benign.question": 0.4, "supply.identity_check_bypass": 0.2, "supply.free_keys": 0.4, "supply.key_in_text": 0.4,
    "shape.kind_words": 0.15, "shape.trade_words": 0.1, "benign.hints": 0.1, "price.deep_discount": 0.4, "price.discount": 0.4,
    "shape.priced_offer": 0.5, "shape.seller_contact": 0.2, "shape.claims_discount": 0.5, "benign.software": 0.6, "benign.tutorial": 0.6,
}  # fmt: skip
LEAST = 0.0
"""A risk that is named speaks for at least this part of what was expected of it."""
SPREAD = 0.9
"""How far from its mean a weight may go, either way, within its sign."""


def prior_of(name: str) -> Prior:
    """The prior of a signal: its own mean or its group's, and bounds that keep the sign."""
    group = name.partition(".")[0]
    if name == TEXT:
        return Prior(1.2, 0.6, 2.0)
    spread = SPREADS.get(name, SPREAD)
    if group == "benign":
        mean = MEANS[name]
        return Prior(mean, mean - spread, min(0.0, mean + spread))
    mean = MEANS.get(name, MEAN_OF_GROUP.get(group, 0.5))
    return Prior(mean, max(LEAST * mean, mean - spread), MOST_OF_GROUP.get(group, mean + spread))


@dataclass(frozen=True, slots=True)
class Runs:
    """A text model in the making: which runs of letters there are, and what each weighs."""

    bias: float
    weights: dict[str, tuple[float, float]]


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


def folded_text(text: LabelledText) -> str:
    """The text as the text model reads it."""
    title = fold(text.listing.title).text
    return as_read(f"{title} {fold(text.listing.text).text}" if title else fold(text.listing.text).text)


def fit_runs(texts: Sequence[str], truth: Matrix, counts: Matrix) -> Runs:
    """The runs of letters within words that tell adverts from talk, each with its weight and how rare it is.

    `counts` says as how many passages each counts.
    """
    vectors = CountVectorizer(
        analyzer="char_wb", ngram_range=RUN_LENGTHS, binary=True, min_df=LEAST_PASSAGES, lowercase=False
    )
    rows = vectors.fit_transform(texts)
    rareness = np.log((1 + rows.shape[0]) / (1 + np.asarray(rows.sum(axis=0)).ravel())) + 1
    model = LogisticRegression(C=TEXT_STRENGTH, max_iter=2000).fit(
        normalize(rows.multiply(rareness)), truth, sample_weight=counts
    )
    weights = {
        run: (round(float(weight), 3), round(float(rare), 2))
        for run, weight, rare in sorted(zip(vectors.get_feature_names_out(), model.coef_[0], rareness, strict=True))
    }
    return Runs(round(float(model.intercept_[0]), 4), weights)


def run_scores(runs: Runs, texts: Sequence[str]) -> Matrix:
    """The score that the shipped code gives each text by these runs."""
    model = text_model_of(runs.bias, runs.weights)
    return np.array([model.score(text)[0] for text in texts])


def left_out_scores(texts: Sequence[str], truth: Matrix, counts: Matrix) -> Matrix:
    """The text score of each passage by runs that were learnt without it."""
    scores = np.zeros(len(truth))
    for seen, left in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, truth):
        runs = fit_runs([texts[index] for index in seen], truth[seen], counts[seen])
        scores[left] = run_scores(runs, [texts[index] for index in left])
    return scores


def fit(rows: Matrix, truth: Matrix, priors: Sequence[Prior], strength: float, counts: Matrix) -> Fit:
    """The weights that explain the labels best, drawn to their priors with that strength."""
    means = np.array([PRIOR_BIAS, *(prior.mean for prior in priors)])
    pull = np.array([0.02, *([strength] * len(priors))])
    signs = 2 * truth - 1

    def loss(values: Matrix) -> tuple[float, Matrix]:
        margins = signs * (rows @ values[1:] + values[0])
        slopes = -counts * signs / (1 + np.exp(margins))
        apart = values - means
        gradient = np.concatenate(([slopes.sum()], rows.T @ slopes)) + pull * apart
        return float((counts * np.logaddexp(0, -margins)).sum() + 0.5 * (pull * apart**2).sum()), gradient

    bounds = [(-8.0, MOST_BIAS), *((prior.low, prior.high) for prior in priors)]
    found = minimize(loss, means, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000})
    return Fit(float(found.x[0]), np.array(found.x[1:]))


def left_out_logits(rows: Matrix, truth: Matrix, priors: Sequence[Prior], strength: float, counts: Matrix) -> Matrix:
    """The log-odds of each passage by a fit that did not see it."""
    logits = np.zeros(len(truth))
    for seen, left in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, truth):
        logits[left] = fit(rows[seen], truth[seen], priors, strength, counts[seen]).logits(rows[left])
    return logits


def calibrate(logits: Matrix, truth: Matrix, counts: Matrix) -> tuple[float, float]:
    """Slope and shift that turn left-out log-odds into honest ones."""
    platt = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), truth, sample_weight=counts)
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
    lines += [
        f"{key} = {_toml(told[key])}"
        for key in ("bias", "fitted_on", "corpus_sha256", "passages", "beside", "strength")
    ]
    lines += ["", "[calibration]", *(f"{key} = {_toml(told[key])}" for key in ("slope", "shift"))]
    lines += ["", "[verdict]", *(f"{key} = {value}" for key, value in verdict.items()), "", "[weights]"]
    for column, name in enumerate(names):
        spoke = rows[:, column] > 0  # a text that is written like talk counts as silent here
        resale = int(truth[spoke].sum())
        lines.append(f'"{name}" = {found.weights[column]:.3f}  # spoke in {int(spoke.sum())}, {resale} of them resale')
    return "\n".join(lines) + "\n"


def as_json(runs: Runs, told: Mapping[str, float | str]) -> str:
    """The file of the text model, one run of letters a line: its weight and its rareness."""
    told = {key: told[key] for key in ("fitted_on", "corpus_sha256", "passages", "beside")} | {"bias": runs.bias}
    head = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in told.items()]
    lines = [f"{json.dumps(run, ensure_ascii=False)}: {json.dumps(pair)}" for run, pair in runs.weights.items()]
    return "{\n" + ",\n".join(head) + ',\n"runs": {\n' + ",\n".join(lines) + "\n}}\n"


def _toml(value: float | str) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value:.4g}"


@dataclass(frozen=True, slots=True)
class Passages:
    """What is fitted on: the texts, what they are, as how many each counts, and whether the rules were written unseen.

    Rules that were mended on a passage look surer on it than they are, so it teaches the text model only.
    """

    texts: tuple[LabelledText, ...]
    truth: Matrix
    counts: Matrix
    stacked: NDArray[np.bool_]


def gather(own: Path, beside: Sequence[Path], seen: Sequence[Path], worth: float) -> Passages:
    """The project's own passages, and those of others that lie outside the repository."""
    texts: list[LabelledText] = []
    counts: list[float] = []
    stacked: list[bool] = []
    for path in (own, *beside, *seen):
        for text in read_corpus(path.read_bytes(), DAY).texts:
            if text.label is not Verdict.UNSURE and not text.listing.platform.startswith("telegram"):
                texts.append(text)
                counts.append(1.0 if path == own else worth)
                stacked.append(path not in seen)
    truth = np.array([float(text.label is Verdict.RESALE) for text in texts])
    return Passages(tuple(texts), truth, np.array(counts), np.array(stacked))


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--beside", type=Path, nargs="*", default=[], help="labelled texts outside the repository")
    parser.add_argument("--seen", type=Path, nargs="*", default=[], help="such texts that rules were mended on")
    parser.add_argument("--worth", type=float, default=3.0, help="as how many of ours each text beside them counts")
    parser.add_argument("--write", type=Path, default=TARGET)
    parser.add_argument("--strength", type=float, default=STRENGTH)
    parser.add_argument("--resale-from", type=float, default=0.52)
    parser.add_argument("--unsure-from", type=float, default=0.3)
    return parser.parse_args()


def main() -> None:
    """Fit, print what the left-out predictions are worth, and write the file."""
    options = read_options()
    rates = load_rate_book()
    detector = load_detector(rates=rates)
    passages = gather(options.corpus, options.beside, options.seen, options.worth)
    names = [rule.name for rule in detector.rules]
    folded = [folded_text(text) for text in passages.texts]
    told: dict[str, float | str] = {
        "fitted_on": utc_now().date().isoformat(),
        "corpus_sha256": hashlib.sha256(options.corpus.read_bytes()).hexdigest(),
        "passages": len(folded),
        "beside": int((passages.counts != 1.0).sum()),
        "strength": options.strength,
    }
    runs = fit_runs(folded, passages.truth, passages.counts)
    options.write.with_name(TEXT_FILE).write_text(as_json(runs, told), encoding="utf-8")
    scores = left_out_scores(folded, passages.truth, passages.counts)[passages.stacked]
    truth, counts = passages.truth[passages.stacked], passages.counts[passages.stacked]
    stacked = [text for text, used in zip(passages.texts, passages.stacked, strict=True) if used]
    rows = strengths_of(stacked, detector, rates)
    rows[:, names.index(TEXT)] = scores
    priors = [prior_of(name) for name in names]
    logits = left_out_logits(rows, truth, priors, options.strength, counts)
    slope, shift = calibrate(logits, truth, counts)
    found = fit(rows, truth, priors, options.strength, counts)
    told |= {"bias": found.bias, "slope": slope, "shift": shift}
    verdict = {"resale_from": options.resale_from, "unsure_from": options.unsure_from}
    options.write.write_text(as_toml(names, rows, truth, found, told, verdict), encoding="utf-8")
    calibrated = 1 / (1 + np.exp(-(logits * slope + shift)))
    flagged = calibrated >= options.resale_from
    right = float((flagged & (truth == 1)).sum())
    print(
        f"{len(folded)} passages, strength {options.strength}: left-out log loss {log_loss(truth, calibrated):.3f}, "
        f"precision {right / flagged.sum():.3f}, recall {right / truth.sum():.3f}; wrote {options.write}"
    )


if __name__ == "__main__":
    main()
