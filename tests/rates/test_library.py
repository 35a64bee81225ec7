"""The price library is read out of its structures: every tier under its own name, no tier by mistake."""

from datetime import date, time
from decimal import Decimal

from genai_prices.types import (
    ClauseContains,
    ClauseEquals,
    ClauseOr,
    ClauseRegex,
    ClauseStartsWith,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    PriceVariant,
    StartDateConstraint,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
)

from domain.offer import Unit
from domain.rate import Rate
from rates.library import Origin, exact_names, rates_of, read_library

ORIGIN = Origin("model-x", "maker", "global", "https://example.test/pricing")
LAUNCH, CUT = date(2026, 1, 1), date(2026, 8, 1)


def model(prices: ModelPrice | list[ConditionalPrice], variants: list[PriceVariant] | None = None) -> ModelInfo:
    return ModelInfo(id="model-x", match=ClauseEquals("model-x"), prices=prices, price_variants=variants)


def found(rates: list[Rate], tier: str = "standard", unit: Unit = Unit.PER_MTOK_IN) -> list[tuple[str, object, object]]:
    return [
        (str(rate.price.amount), rate.valid_from, rate.valid_to)
        for rate in rates
        if rate.tier == tier and rate.unit is unit
    ]


def test_a_tiered_price_is_two_rows_and_never_a_sum() -> None:
    tiered = TieredPrices(base=Decimal(3), tiers=[Tier(start=200_000, price=Decimal(6))])
    rates = list(rates_of(model(ModelPrice(input_mtok=tiered)), ORIGIN))
    assert found(rates) == [("3", None, None)]
    assert found(rates, "long_context") == [("6", None, None)]
    assert rates[1].notes["above_input_tokens"] == "200000"


def test_a_dated_block_ends_when_the_next_begins_even_in_what_the_next_does_not_name() -> None:
    tiered = TieredPrices(base=Decimal(5), tiers=[Tier(start=200_000, price=Decimal(10))])
    blocks = [
        ConditionalPrice(prices=ModelPrice(input_mtok=tiered)),
        ConditionalPrice(StartDateConstraint(LAUNCH), prices=ModelPrice(input_mtok=Decimal(4))),
        ConditionalPrice(StartDateConstraint(CUT), prices=ModelPrice(input_mtok=Decimal(2))),
    ]
    rates = list(rates_of(model(blocks), ORIGIN))
    assert found(rates) == [("5", None, LAUNCH), ("4", LAUNCH, CUT), ("2", CUT, None)]
    assert found(rates, "long_context") == [("10", None, LAUNCH)]


def test_the_hours_of_a_day_are_the_list_price_and_the_rest_is_off_peak() -> None:
    window = TimeOfDateConstraint(time(1), time(4))
    blocks = [
        ConditionalPrice(prices=ModelPrice(input_mtok=Decimal(1))),
        ConditionalPrice(StartDateConstraint(CUT), prices=ModelPrice(input_mtok=Decimal(2))),
        ConditionalPrice(window, prices=ModelPrice(input_mtok=Decimal(4))),
    ]
    rates = list(rates_of(model(blocks), ORIGIN))
    assert found(rates) == [("1", None, CUT), ("4", CUT, None)]
    assert found(rates, "peak") == [("4", CUT, None)]
    assert found(rates, "off_peak") == [("2", CUT, None)]


def test_variants_are_tiers_and_join_with_long_context() -> None:
    tiered = TieredPrices(base=Decimal(1), tiers=[Tier(start=100_000, price=Decimal(3))])
    variants = [
        PriceVariant({"processing": "batch"}, ModelPrice(input_mtok=tiered), StartDateConstraint(CUT)),
        PriceVariant({"speed": "fast"}, ModelPrice(input_mtok=Decimal(9))),
        PriceVariant({"service_tier": "default"}, ModelPrice()),
    ]
    rates = list(rates_of(model(ModelPrice(input_mtok=Decimal(2)), variants), ORIGIN))
    assert found(rates, "batch") == [("1", CUT, None)]
    assert found(rates, "batch_long_context") == [("3", CUT, None)]
    assert found(rates, "fast") == [("9", None, None)]


def test_units_that_nobody_sells_by_are_left_out_and_requests_are_counted_one_by_one() -> None:
    prices = ModelPrice(
        requests_kcount=Decimal(5), audio_hours=Decimal(3), cache_write_1h_mtok=Decimal(8), cache_read_mtok=None
    )
    rates = list(rates_of(model(prices), ORIGIN))
    assert found(rates, unit=Unit.PER_CALL) == [("0.005", None, None)]
    assert found(rates, "cache_1h", Unit.PER_MTOK_CACHE_WRITE) == [("8", None, None)]
    assert len(rates) == 2


def test_only_whole_names_are_taken_and_stems_are_not_prefixes() -> None:
    logic = ClauseOr(
        or_=[ClauseEquals("a-1"), ClauseStartsWith("a-2-"), ClauseRegex("^a-3"), ClauseContains("a"), ClauseEquals("b")]
    )
    assert list(exact_names(logic)) == ["a-1", "a-2", "b"]


def test_only_the_sections_asked_for_are_read_and_ids_are_in_small_letters() -> None:
    library = read_library({"zai": ("zai", "global"), "no such section": ("nobody", "global")})
    assert set(library) == {"zai"}
    ids = {model.id for model in library["zai"]}
    assert "glm-5.1" in ids
    assert all(rate.provider == "zai" for model in library["zai"] for rate in model.rates)
