"""Weights are data that fits the signals on disk, and a probability is a sum."""

import math

import pytest

from detectors.asked import signal_rules
from detectors.score import WeightsError, load_weights, parse_weights, shipped_text
from domain.finding import Verdict

FILE = """
[fit]
bias = -1.0
fitted_on = "2026-07-15"
corpus_sha256 = "abc"
[calibration]
slope = 2.0
shift = 0.5
[verdict]
resale_from = 0.6
unsure_from = 0.4
[weights]
"supply.pooled_accounts" = 1.5
"""


def test_calibration_is_folded_into_bias_and_weights() -> None:
    weights = parse_weights(FILE)
    assert weights.bias == -1.5
    assert weights.of_signal == {"supply.pooled_accounts": 3.0}
    assert weights.probability([3.0]) == pytest.approx(1 / (1 + math.exp(-1.5)))


@pytest.mark.parametrize(("probability", "verdict"), [
    (0.6, Verdict.RESALE), (0.59, Verdict.UNSURE), (0.4, Verdict.UNSURE), (0.39, Verdict.NOT_RESALE),
])  # fmt: skip
def test_the_verdict_follows_the_thresholds(probability: float, verdict: Verdict) -> None:
    assert parse_weights(FILE).verdict(probability) is verdict


@pytest.mark.parametrize("contributions", [[1e9], [-1e9], [], [700.0, 700.0]])
def test_extreme_evidence_stays_a_probability(contributions: list[float]) -> None:
    assert 0 <= parse_weights(FILE).probability(contributions) <= 1


@pytest.mark.parametrize("text", ["", "[fit", "[fit]\nbias = 1\n", FILE.replace("-1.0", '"x"')])
def test_a_broken_file_says_how_to_mend_it(text: str) -> None:
    with pytest.raises(WeightsError, match="fit_weights"):
        parse_weights(text)


def test_every_signal_on_disk_has_a_weight_and_every_weight_a_signal() -> None:
    assert {rule.name for rule in signal_rules()} == set(load_weights().of_signal)


def test_no_weight_has_the_wrong_sign() -> None:
    for name, weight in load_weights().of_signal.items():
        assert weight <= 0 if name.startswith("benign.") else weight >= 0, name


def test_the_provenance_stands_in_the_file() -> None:
    weights = load_weights()
    assert len(weights.corpus_sha256) == 64
    assert weights.fitted_on
    assert "spoke in" in shipped_text()
    assert 0 < weights.unsure_from < weights.resale_from < 1
