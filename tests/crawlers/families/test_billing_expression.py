"""Billing expressions: what they charge is told exactly, or refused; nothing is ever run."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.families._billing_expression import PricedTier, price_tiers
from crawlers.families._billing_syntax import BillingExpressionError


def _prices(tier: PricedTier) -> tuple[Decimal | None, ...]:
    return tier.per_mtok_in, tier.per_mtok_out, tier.per_mtok_cache_read, tier.per_call


def test_a_flat_price() -> None:
    (tier,) = price_tiers('tier("base", p * 2.5 + c * 15 + cr * 0.25)')
    assert _prices(tier) == (Decimal("2.5"), Decimal(15), Decimal("0.25"), None)
    assert (tier.condition, tier.when, tier.notes) == ("", "", ())


def test_tiers_by_length_of_the_input() -> None:
    tiers = price_tiers('len <= 32000 ? tier("s", p) : len <= 128000 ? tier("m", p * 2) : tier("l", p * 3)')
    assert [(tier.name, tier.condition, tier.per_mtok_in) for tier in tiers] == [
        ("s", "<=32000", Decimal(1)),
        ("m", ">32000 and <=128000", Decimal(2)),
        ("l", ">128000", Decimal(3)),
    ]


def test_a_span_written_as_two_bounds() -> None:
    inside, outside = price_tiers("len > 32000 && len <= 128000 ? p * 2 : p * 3")
    assert (inside.condition, outside.condition) == ("(>32000 and <=128000)", "not (>32000 and <=128000)")


@pytest.mark.parametrize(
    "expression",
    [
        'p * 5 * (param("service_tier") == "priority" ? 2.5 : 1)',
        'p * 5 * (param("service_tier") != "priority" ? 1 : 2.5)',
        'p * 5 * (param("fast") == nil ? 1 : 6)',
        'p * 5 * (has(header("anthropic-beta"), "fast-mode") ? 6 : 1)',
        'p * 5|||when(header("anthropic-beta") has "fast-mode") * 6',
        'p * 5|||when(param("service_tier") == "fast") * 2|||when(param("n") > 3 || param("x") == "y") * 2',
        'v1:p * 5 * (len > 100 && param("x") == "y" ? 2 : 1)',
    ],
)
def test_an_ordinary_request_gives_no_parameters(expression: str) -> None:
    (tier,) = price_tiers(expression)
    assert tier.per_mtok_in == Decimal(5)
    assert "ordinary request" in tier.notes[0]


def test_the_time_of_day_splits() -> None:
    peak, off = price_tiers('hour("Asia/Shanghai") >= 9 ? tier("peak", p * 2) : tier("off", p)')
    assert (peak.when, off.when) == ('hour("Asia/Shanghai") >= 9', 'hour("Asia/Shanghai") < 9')
    assert (peak.per_mtok_in, off.per_mtok_in) == (Decimal(2), Decimal(1))


def test_the_same_condition_twice_gives_two_tiers_and_not_four() -> None:
    tiers = price_tiers("(len <= 10 ? p : p * 2) * (len <= 10 ? 1 : 3)")
    assert [(tier.condition, tier.per_mtok_in) for tier in tiers] == [("<=10", Decimal(1)), (">10", Decimal(6))]


def test_least_charges_and_fees_are_said() -> None:
    (tier,) = price_tiers('tier("x", max(437500, p * 0.75 + c * 4.5)) ')
    assert tier.notes == ("at least 0.4375 USD of credit a request",)
    (tier,) = price_tiers("p * 2 + 10000")
    assert tier.notes == ("and 0.01 USD of credit a request",)


def test_prices_a_call() -> None:
    assert price_tiers('tier("request", fixed(0.01))')[0].per_call == Decimal("0.01")
    assert price_tiers('tier("image", fixed(0.04)) * image_count')[0].per_call == Decimal("0.04")
    assert price_tiers("40000")[0].per_call == Decimal("0.04")


def test_the_whole_input_counts_for_cached_tokens_too() -> None:
    (tier,) = price_tiers("max(len - ai, 0) * 3 + c * 9 + cr * 0")
    assert _prices(tier)[:3] == (Decimal(3), Decimal(9), Decimal(3))


@pytest.mark.parametrize(
    "expression",
    [
        "", "p *", "(p", "p)", "p p", "v2:p", "p * c", "p / 0", "p / c", 'tier("a", "b")', 'u("clips") * 2', "p * q",
        "p * -3", "max(p, c)", 'param("price") * p', "__import__('os')", "p;c", "p.__class__", "p % 2", "a ? p : c",
        '"x" == "x" ? p : c', "p" + "+p" * 3000, "(" * 200 + "p" + ")" * 200, "-" * 60 + "p", "p * 1e99 * 1e99 * 1e99",
        "".join(f"len <= {n} ? p : " for n in range(1, 20)) + "p", "p|||when(x)", "p|||once(1) * 2",
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(expression: str) -> None:
    with pytest.raises(BillingExpressionError):
        price_tiers(expression)


@given(st.text(alphabet="pclen()?:*+-<=>&|!\"', 0123456789.tierhoumax", max_size=80))
def test_any_text_is_priced_or_refused(expression: str) -> None:
    try:
        tiers = price_tiers(expression)
    except BillingExpressionError:
        return
    assert tiers
