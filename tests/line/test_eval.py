"""The evaluation counts what it says it counts; floors fall only where somebody says so."""

import math
from dataclasses import replace
from datetime import date

import orjson
import pytest

from detectors.assess import Detector
from line.eval import Evaluation, evaluate
from line.eval_table import as_data, as_table
from line.floors import FLOORED, FloorError, Floors, as_text, breaches, parse_floors, raise_floors
from line.labelled import Corpus, read_corpus
from rates.book import RateBook

DAY = date(2026, 7, 15)
ROWS = [
    {"id": "a", "language": "zh", "label": "resale", "offers": [{"kind": "subscription_account", "share": 0.048}],
     "text": "GPT Plus成品号｜带RT｜质保首登 自动发货", "price": {"amount": "6.5", "currency": "CNY"}},
    {"id": "b", "language": "en", "label": "not_resale", "lookalike": "job", "offers": [],
     "text": "Hiring a senior engineer, remote. Salary: $120k plus equity."},
    {"id": "c", "language": "en", "label": "unsure", "offers": [], "text": "Reward store: one month of Plus"},
]  # fmt: skip


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(b"\n".join(map(orjson.dumps, ROWS)), DAY)


@pytest.fixture(scope="module")
def evaluation(corpus: Corpus, detector: Detector, rates: RateBook) -> Evaluation:
    return evaluate(corpus, detector, rates)


def test_unsure_labels_are_left_out(evaluation: Evaluation) -> None:
    assert (evaluation.texts, evaluation.left_out) == (2, 1)
    assert set(evaluation.by_language) == {"zh", "en"}


def test_what_is_flagged_and_missed(evaluation: Evaluation) -> None:
    assert evaluation.recall.of == 1
    assert evaluation.lookalikes_flagged.value == 0
    assert evaluation.flagged_by_lookalike["job"].of == 1
    assert evaluation.recall_by_kind["subscription_account"].of == 1
    assert evaluation.shares_right.of == 1


def test_twins_are_judged_beside_their_plain_text(evaluation: Evaluation) -> None:
    assert evaluation.twins is not None
    assert evaluation.twins.same_verdict.of == sum(one.of for one in evaluation.twins.by_transformation.values())
    assert evaluation.twins.same_verdict_and_share.value <= evaluation.twins.same_verdict.value


def test_the_table_and_the_data_tell_the_same(evaluation: Evaluation) -> None:
    table = as_table(evaluation)
    data = orjson.loads(orjson.dumps(as_data(evaluation)))  # what the command line writes with
    assert "2 passages judged, 1 left out" in table
    assert data["recall"]["value"] == evaluation.recall.value
    assert set(data["queue_precision"]) == {"0.01", "0.05", "0.2"}


def test_a_figure_measured_on_nothing_is_null(detector: Detector, rates: RateBook) -> None:
    empty = evaluate(Corpus((), ""), detector, rates)
    assert math.isnan(empty.precision.value)
    assert as_data(empty)["precision"]["value"] is None
    assert "-" in as_table(empty)


def test_floors_hold_what_was_measured(evaluation: Evaluation) -> None:
    floors = raise_floors(evaluation, None)
    assert set(floors.least) == set(FLOORED)
    assert breaches(evaluation, floors) == ()
    assert parse_floors(as_text(floors)) == floors


def test_a_worse_figure_is_a_breach(evaluation: Evaluation) -> None:
    floors = raise_floors(evaluation, None)
    higher = Floors(floors.corpus_sha256, {**floors.least, "recall": 1.1, "lookalikes_flagged": -0.1})
    told = breaches(evaluation, higher)
    assert len(told) == 2
    assert any(one.startswith("recall is") for one in told)


def test_another_corpus_is_a_breach(evaluation: Evaluation) -> None:
    floors = raise_floors(evaluation, None)
    assert breaches(replace(evaluation, corpus_sha256="other"), floors)


def test_no_floor_falls_unless_it_is_said(evaluation: Evaluation) -> None:
    floors = raise_floors(evaluation, None)
    higher = Floors(floors.corpus_sha256, {**floors.least, "precision": 1.5})
    with pytest.raises(FloorError, match="precision from"):
        raise_floors(evaluation, higher)
    assert raise_floors(evaluation, higher, allow_lower=True) == floors


@pytest.mark.parametrize("text", ["", "{}", '{"corpus_sha256": "x", "floors": {}}'])
def test_floors_that_cannot_be_read_say_so(text: str) -> None:
    with pytest.raises(FloorError):
        parse_floors(text)
