"""Intervals, calibration, shares and the queue's precision, on numbers that can be checked by hand."""

from decimal import Decimal

import pytest

from line.figures import ShareCount, calibration_error, count_shares, f1, queue_precision, resampled, wilson
from line.labelled import LabelledShare


def labelled(share: str, product: str | None = None) -> LabelledShare:
    value = Decimal(share)
    return LabelledShare(product, value, value * Decimal("0.95"), value * Decimal("1.05"))


def test_wilson_is_the_published_interval() -> None:
    # Ten of ten: the lower end by Wilson is 10 / (10 + 1.96^2) = 0.7225.
    figure = wilson(10, 10)
    assert figure.value == 1
    assert figure.low == pytest.approx(0.7225, abs=1e-4)
    assert figure.high == pytest.approx(1)


def test_nothing_to_count_says_nothing() -> None:
    figure = wilson(0, 0)
    assert figure.value != figure.value
    assert (figure.low, figure.high, figure.of) == (0, 1, 0)


def test_calibration_error_is_the_mean_gap() -> None:
    assert calibration_error([(1.0, True), (0.0, False)]) == 0
    assert calibration_error([(0.75, True), (0.75, False)]) == pytest.approx(0.25)


def test_f1() -> None:
    assert f1([(True, True), (True, False), (False, True), (False, False)]) == 0.5
    assert f1([(False, True)]) == 0


def test_resampling_is_repeatable_and_encloses_the_value() -> None:
    rows = [(0.9, True)] * 30 + [(0.2, False)] * 30 + [(0.8, False)] * 5
    one, other = resampled(rows, calibration_error), resampled(rows, calibration_error)
    assert one == other
    assert one.low <= one.value <= one.high


def test_a_queue_is_worse_the_rarer_resale_is() -> None:
    recall, alarms = wilson(95, 100), wilson(2, 100)
    rare, common = (queue_precision(recall, alarms, rate) for rate in (0.01, 0.20))
    assert rare.value == pytest.approx(0.01 * 0.95 / (0.01 * 0.95 + 0.99 * 0.02))
    assert rare.low < rare.value < rare.high < 1
    assert rare.value < common.value


@pytest.mark.parametrize(("expected", "computed", "count"), [
    (["0.1"], ["0.1"], ShareCount(1, 0, 0)),
    (["0.1"], ["0.104"], ShareCount(1, 0, 0)),
    (["0.1"], ["0.2"], ShareCount(0, 1, 0)),
    (["0.1"], [], ShareCount(0, 0, 1)),
    (["0.1", "0.2"], ["0.2", "0.1"], ShareCount(2, 0, 0)),
    (["0.1", "0.1"], ["0.1"], ShareCount(1, 0, 1)),
    (["0.1", "0.2"], ["0.1", "0.5"], ShareCount(1, 1, 0)),
    (["0.1"], ["0.1", "0.9"], ShareCount(1, 0, 0)),
])  # fmt: skip
def test_shares_are_paired_once_each(expected: list[str], computed: list[str], count: ShareCount) -> None:
    found = count_shares([labelled(one) for one in expected], [(None, Decimal(one)) for one in computed])
    assert found == count
