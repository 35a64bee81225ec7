"""Offers against official rates: every refusal by its name, every interval with its reason."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from detectors.pricing import price_offers
from detectors.pricing.compare import compare
from detectors.reading.result import ReadListing
from domain.comparison import Comparison, Refusal
from domain.listing import Listing, StatedOffer
from domain.money import Money
from domain.offer import Offer, OfferKind, PointerSpan, TextSpan, Unit
from rates.book import RateBook, load_rate_book

JUNE = date(2026, 6, 15)
JULY = date(2026, 7, 24)


@pytest.fixture(scope="module")
def rates() -> RateBook:
    return load_rate_book()


def money(amount: str, currency: str = "CNY") -> Money:
    return Money(Decimal(amount), currency)


def offer(product: str | None, unit: Unit | None, price: Money | None, **more: object) -> Offer:
    kind = more.pop("kind", OfferKind.METERED_TOKENS)
    return Offer(
        product=product,
        stated_product=product or "",
        provider=None,
        kind=kind,  # type: ignore[arg-type]
        span=TextSpan("text", 0, 1),
        price=price,
        unit=unit,
        **more,  # type: ignore[arg-type]
    )


def best(comparison: Comparison) -> float:
    assert comparison.share is not None, comparison
    return round(float(comparison.share.best), 4)


def listing_with(*rows: StatedOffer) -> ReadListing:
    listing = Listing("s", "1", "https://relay.example.test", "relay", "", "", datetime(2026, 6, 15, tzinfo=UTC),
                      stated_offers=rows)  # fmt: skip
    return ReadListing(listing, "und", (), ())


def test_a_relays_row_is_priced_by_the_official_price_of_that_direction(rates: RateBook) -> None:
    rows = [
        StatedOffer(
            "claude-opus-4-6", OfferKind.METERED_TOKENS, money("4.00"), unit, f"/data/0/{unit}", {"group": "sale"}
        )
        for unit in (Unit.PER_MTOK_IN, Unit.PER_MTOK_OUT)
    ]
    into, out = price_offers(listing_with(*rows), rates, JUNE)
    assert 0.11 <= best(into.comparison) <= 0.12
    assert best(out.comparison) == pytest.approx(best(into.comparison) / 5, rel=0.01)
    assert into.offer.span == PointerSpan("/data/0/per_mtok_in")
    assert into.offer.conditions["group"] == "sale"
    assert into.offer.provider == "anthropic"


def test_a_row_that_the_page_itself_refuses_keeps_its_refusal(rates: RateBook) -> None:
    row = StatedOffer("claude-opus-4-6", OfferKind.METERED_TOKENS, None, Unit.PER_MTOK_IN, "/x",
                      refusal=Refusal.CONTRADICTION, assumptions=("group ratio 0",))  # fmt: skip
    (priced,) = price_offers(listing_with(row), rates, JUNE)
    assert priced.comparison.refusal is Refusal.CONTRADICTION
    assert priced.comparison.assumptions == ("group ratio 0",)


def test_a_long_context_row_is_compared_with_the_long_context_price(rates: RateBook) -> None:
    official = rates.find("gemini-3.1-pro-preview", JULY, Unit.PER_MTOK_IN, tier="long_context")
    assert official is not None
    long = offer("gemini-3.1-pro-preview", Unit.PER_MTOK_IN, money("1", "USD"), conditions={"tier": "long_context"})
    plain = offer("gemini-3.1-pro-preview", Unit.PER_MTOK_IN, money("1", "USD"))
    assert best(compare(long, rates, JULY)) == round(float(1 / official.price.amount), 4)
    assert best(compare(plain, rates, JULY)) > best(compare(long, rates, JULY))


def test_the_official_price_is_that_of_the_day(rates: RateBook) -> None:
    sol = offer("gpt-5.6-sol", Unit.PER_MTOK_IN, money("1", "USD"))
    before, after = compare(sol, rates, JULY), compare(sol, rates, date(2026, 11, 1))
    assert best(before) == 0.2
    assert best(after) == 0.25


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (offer("claude", Unit.PER_MTOK_IN, money("1")), Refusal.MODEL_UNKNOWN),
        (offer(None, Unit.PER_MTOK_IN, money("1")), Refusal.MODEL_UNKNOWN),
        (offer("claude-pro", Unit.PER_PERIOD, None), Refusal.NO_PRICE),
        (offer("claude-pro", None, None), Refusal.NO_PRICE),
        (offer("claude-pro", None, money("1")), Refusal.UNIT_UNKNOWN),
        (offer("claude-opus-4-8", Unit.PER_CALL, money("1")), Refusal.UNIT_UNKNOWN),
        (offer("chatgpt-free", Unit.PER_ACCOUNT, money("1")), Refusal.UNIT_UNKNOWN),
        (offer("claude-pro", Unit.PER_PERIOD, money("1", "IRR")), Refusal.CURRENCY_UNKNOWN),
        (offer("gpt", Unit.PER_USD_CREDIT, money("9"), quantity=Decimal(0)), Refusal.OPAQUE_CREDIT),
        (offer("gpt", Unit.PER_USD_CREDIT, None, multiplier=Decimal("0.1")), Refusal.OPAQUE_CREDIT),
        (offer("gpt", Unit.PER_ITEM, money("9"), kind=OfferKind.ENABLING_SERVICE), Refusal.UNIT_UNKNOWN),
        (offer("gpt", Unit.PERCENT_OF_OFFICIAL, None), Refusal.NO_PRICE),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(rates: RateBook, made: Offer, refusal: Refusal) -> None:
    comparison = compare(made, rates, JULY)
    assert comparison.share is None
    assert comparison.refusal is refusal


def test_credit_is_price_over_dollars_times_the_multiplier(rates: RateBook) -> None:
    made = offer("gpt", Unit.PER_USD_CREDIT, money("30"), quantity=Decimal(100), multiplier=Decimal("0.5"))
    assert best(compare(made, rates, JULY)) == pytest.approx(0.0222, abs=0.0001)


def test_a_best_case_reaches_up_to_the_full_price(rates: RateBook) -> None:
    made = offer("gpt", Unit.PERCENT_OF_OFFICIAL, None, claimed_share=Decimal("0.1"), at_least=True)
    share = compare(made, rates, JULY).share
    assert share is not None
    assert (share.low, share.best, share.high) == (Decimal("0.1"), Decimal("0.1"), Decimal(1))


def test_a_year_is_compared_with_the_annual_price_and_reaches_down_to_twelve_months(rates: RateBook) -> None:
    made = offer("claude-pro", Unit.PER_PERIOD, money("60", "USD"), period_days=365)
    share = compare(made, rates, JULY).share
    assert share is not None
    assert (round(float(share.low), 4), round(float(share.best), 4)) == (0.25, 0.3)


def test_a_shared_seat_is_compared_with_its_part_and_reaches_down_to_the_whole_plan(rates: RateBook) -> None:
    made = offer("claude-pro", Unit.PER_SEAT_PERIOD, money("5", "USD"), period_days=30, seats=3)
    share = compare(made, rates, JULY).share
    assert share is not None
    assert (float(share.low), float(share.best)) == (0.25, 0.75)


def test_a_name_that_stands_for_two_plans_gives_an_interval(rates: RateBook) -> None:
    share = compare(offer("claude-max", Unit.PER_PERIOD, money("40", "USD"), period_days=30), rates, JULY).share
    assert share is not None
    assert (float(share.low), float(share.best)) == (0.2, 0.4)


def test_the_app_stores_price_is_the_low_end_where_the_text_speaks_of_it(rates: RateBook) -> None:
    made = offer("claude-max-20x", Unit.PER_PERIOD, money("200", "USD"), period_days=30,
                 conditions={"channel": "app_store"})  # fmt: skip
    share = compare(made, rates, JULY).share
    assert share is not None
    assert float(share.best) == 1.0
    assert float(share.low) == pytest.approx(0.8, abs=0.001)


def test_a_direction_that_is_not_said_gives_an_interval(rates: RateBook) -> None:
    share = compare(offer("claude-opus-4-8", Unit.PER_MTOK, money("1", "USD")), rates, JULY).share
    assert share is not None
    assert (float(share.low), float(share.best)) == (0.04, 0.2)


def test_a_pack_of_tokens_is_divided_by_its_millions(rates: RateBook) -> None:
    made = offer("claude-opus-4-8", Unit.PER_MTOK, money("25", "USD"), quantity=Decimal(50))
    assert best(compare(made, rates, JULY)) == 0.1


def test_currencies_and_pegs_are_set_down_as_assumptions(rates: RateBook) -> None:
    made = offer("claude-pro", Unit.PER_PERIOD, money("10", "USDT"), period_days=30)
    comparison = compare(made, rates, JULY)
    assert best(comparison) == 0.5
    assert any("USDT" in said for said in comparison.assumptions)
