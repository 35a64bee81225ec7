"""Prices typed by hand from the providers' pages, on the days around their changes."""

from datetime import date
from decimal import Decimal

import pytest

from domain.money import Money
from domain.offer import Unit
from rates.book import RateBook
from rates.errors import NoRateError

IN, OUT, CACHE_READ = Unit.PER_MTOK_IN, Unit.PER_MTOK_OUT, Unit.PER_MTOK_CACHE_READ


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


@pytest.mark.parametrize(
    ("model", "on", "per_mtok_in", "per_mtok_out"),
    [
        ("claude-opus-4-8", date(2026, 6, 1), "5", "25"),
        ("claude-opus-4-1", date(2025, 12, 1), "15", "75"),
        ("claude-opus-4-0", date(2025, 7, 1), "15", "75"),
        ("claude-opus-4-6", date(2026, 3, 1), "5", "25"),
        ("claude-opus-5", date(2026, 7, 24), "5", "25"),
        ("claude-opus-5-5", date(2026, 9, 22), "4", "20"),
        ("claude-sonnet-4-5", date(2026, 6, 1), "3", "15"),
        ("claude-sonnet-5", date(2026, 9, 2), "2", "10"),
        ("claude-haiku-4-5", date(2026, 6, 1), "1", "5"),
        ("claude-haiku-5-5", date(2026, 10, 8), "0.1", "0.5"),
        ("claude-fable-5-1", date(2026, 9, 1), "10", "50"),
        ("gpt-5.4", date(2026, 6, 1), "2.5", "15"),
        ("gpt-5.5", date(2026, 6, 1), "5", "30"),
        ("gpt-5.6-sol", date(2026, 8, 20), "5", "30"),
        ("gpt-5.6-sol", date(2026, 8, 21), "4", "20"),
        ("gpt-5.6-terra", date(2026, 7, 29), "2.5", "15"),
        ("gpt-5.6-terra", date(2026, 7, 30), "2", "12"),
        ("gpt-5.6-luna", date(2026, 7, 29), "1", "6"),
        ("gpt-5.6-luna", date(2026, 7, 30), "0.2", "1.2"),
        ("gpt-6-astra", date(2026, 9, 3), "10", "50"),
        ("gpt-6-sol", date(2026, 9, 22), "2", "10"),
        ("gpt-6-luna", date(2026, 9, 22), "0.1", "0.5"),
        ("gpt-6.1-sol", date(2026, 9, 29), "2", "10"),
        ("gpt-6.1-terra", date(2026, 10, 26), "1", "5"),
        ("gemini-3.1-pro-preview", date(2026, 6, 1), "2", "12"),
        ("gemini-3.5-flash", date(2026, 6, 1), "1.5", "9"),
        ("gemini-3.6-flash", date(2026, 8, 1), "1.5", "7.5"),
        ("gemini-3.6-flash", date(2026, 12, 31), "0.75", "3.75"),
        ("gemini-3.8-flash", date(2027, 1, 1), "1.5", "7.5"),
        ("grok-4.3", date(2026, 6, 1), "1.25", "2.5"),
        ("grok-4.6", date(2026, 10, 1), "2", "6"),
        ("deepseek-v4-pro", date(2026, 5, 1), "1.74", "3.48"),
        ("deepseek-v4-pro", date(2026, 8, 16), "0.435", "0.87"),
        ("deepseek-v4-flash", date(2026, 8, 1), "0.14", "0.28"),
        ("kimi-k3", date(2026, 9, 1), "3", "15"),
        ("kimi-k2.6", date(2026, 6, 1), "0.95", "4"),
        ("glm-5.1", date(2026, 6, 1), "1.4", "4.4"),
        ("qwen3.7-max", date(2026, 9, 9), "2.5", "7.5"),
        ("qwen3.6-plus", date(2026, 6, 1), "0.5", "3"),
        ("step-5-preview", date(2026, 10, 1), "1", "2.7"),
        ("mimo-v2.6-pro", date(2026, 10, 1), "0.435", "0.87"),
    ],
)
def test_a_model_costs_what_its_provider_asked_that_day(
    book: RateBook, model: str, on: date, per_mtok_in: str, per_mtok_out: str
) -> None:
    assert book.lookup(model, on, IN).price == usd(per_mtok_in)
    assert book.lookup(model, on, OUT).price == usd(per_mtok_out)


def test_deepseek_costs_half_outside_the_peak_hours(book: RateBook) -> None:
    on = date(2026, 9, 1)
    assert book.lookup("deepseek-v4-pro", on, IN).price == usd("1.32")
    assert book.lookup("deepseek-v4-pro", on, OUT, tier="peak").price == usd("3.96")
    assert book.lookup("deepseek-v4-pro", on, IN, tier="off_peak").price == usd("0.66")
    assert book.lookup("deepseek-v4-pro", on, OUT, tier="off_peak").price == usd("1.98")
    assert book.lookup("deepseek-v4-flash", on, OUT).price == usd("1.32")
    assert book.lookup("deepseek-v4-flash", on, OUT, tier="off_peak").price == usd("0.66")
    assert book.lookup("deepseek-v4-flash", date(2026, 10, 1), OUT).price == usd("1.2")
    assert book.find("deepseek-v4-pro", date(2026, 8, 16), IN, tier="off_peak") is None


def test_long_context_batch_and_cache_stand_apart(book: RateBook) -> None:
    on = date(2026, 6, 1)
    assert book.lookup("gpt-5.5", on, IN, tier="long_context").price == usd("10")
    assert book.lookup("gpt-5.5", on, IN, tier="long_context").notes["above_input_tokens"] == "272000"
    assert book.lookup("claude-sonnet-4-5", on, IN, tier="long_context").price == usd("6")
    assert book.lookup("claude-opus-4-8", on, IN, tier="batch").price == usd("2.5")
    assert book.lookup("claude-opus-4-8", on, OUT, tier="batch").price == usd("12.5")
    assert book.lookup("claude-opus-4-8", on, CACHE_READ).price == usd("0.5")
    assert book.lookup("claude-opus-4-8", on, Unit.PER_MTOK_CACHE_WRITE).price == usd("6.25")
    assert book.lookup("claude-opus-4-8", on, Unit.PER_MTOK_CACHE_WRITE, tier="cache_1h").price == usd("10")
    assert book.lookup("claude-fable-5-1", date(2026, 9, 1), CACHE_READ).price == usd("0.25")
    assert book.lookup("claude-sonnet-5-5", date(2026, 10, 6), CACHE_READ).price == usd("0.2")
    assert book.lookup("claude-sonnet-5-5", date(2026, 10, 7), CACHE_READ).price == usd("0.1")


def test_a_long_context_price_ends_with_the_list_that_had_it(book: RateBook) -> None:
    assert book.lookup("claude-opus-4-6", date(2026, 3, 12), IN, tier="long_context").price == usd("10")
    assert book.find("claude-opus-4-6", date(2026, 3, 13), IN, tier="long_context") is None


def test_batch_does_not_reach_back_before_it_was_offered(book: RateBook) -> None:
    assert book.find("claude-3-opus-latest", date(2024, 10, 7), IN, tier="batch") is None
    assert book.lookup("claude-3-opus-latest", date(2024, 10, 8), IN, tier="batch").price == usd("7.5")


def test_a_promotion_says_when_it_ends(book: RateBook) -> None:
    rate = book.lookup("gemini-3.8-flash", date(2026, 11, 1), IN)
    assert rate.notes["promotion_ends"] == "2026-12-31"
    assert rate.valid_to == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("plan", "on", "amount"),
    [
        ("claude-pro", date(2026, 6, 1), "20"),
        ("claude-max-5x", date(2026, 6, 1), "100"),
        ("claude-max-20x", date(2026, 6, 1), "200"),
        ("claude-team-standard", date(2026, 10, 9), "25"),
        ("claude-team-premium", date(2026, 10, 9), "125"),
        ("chatgpt-go", date(2026, 6, 1), "8"),
        ("chatgpt-plus", date(2024, 8, 22), "20"),
        ("chatgpt-pro", date(2025, 6, 1), "200"),
        ("chatgpt-pro-5x", date(2026, 7, 1), "100"),
        ("chatgpt-pro-20x", date(2026, 7, 1), "200"),
        ("chatgpt-business", date(2026, 7, 1), "25"),
        ("google-ai-plus", date(2026, 6, 1), "7.99"),
        ("google-ai-plus", date(2026, 11, 1), "4.99"),
        ("google-ai-pro", date(2026, 7, 1), "19.99"),
        ("google-ai-ultra", date(2026, 5, 18), "249.99"),
        ("google-ai-ultra-5x", date(2026, 5, 18), "249.99"),
        ("google-ai-ultra-5x", date(2026, 5, 19), "99.99"),
        ("google-ai-ultra-20x", date(2026, 5, 19), "199.99"),
        ("supergrok-lite", date(2026, 7, 1), "10"),
        ("supergrok", date(2026, 7, 1), "30"),
        ("supergrok-heavy", date(2026, 7, 1), "300"),
        ("copilot-pro", date(2026, 7, 1), "10"),
        ("copilot-pro-plus", date(2026, 7, 1), "39"),
        ("cursor-pro", date(2026, 7, 1), "20"),
        ("cursor-ultra", date(2026, 7, 1), "200"),
        ("kiro-pro", date(2026, 7, 1), "20"),
        ("kiro-pro-plus", date(2026, 7, 1), "40"),
        ("kiro-power", date(2026, 7, 1), "200"),
        ("perplexity-pro", date(2026, 7, 1), "20"),
        ("glm-coding-lite", date(2025, 9, 1), "3"),
        ("glm-coding-lite", date(2026, 9, 1), "18"),
        ("windsurf-pro", date(2025, 6, 1), "15"),
    ],
)
def test_a_plan_costs_what_its_provider_asked_that_day(book: RateBook, plan: str, on: date, amount: str) -> None:
    rate = book.lookup(plan, on, Unit.PER_PERIOD)
    assert rate.price == usd(amount)
    assert rate.period_days == 30


def test_annual_and_app_store_prices_stand_apart(book: RateBook) -> None:
    on = date(2026, 8, 1)
    annual = book.lookup("claude-pro", on, Unit.PER_PERIOD, tier="annual")
    assert (annual.price, annual.period_days) == (usd("200"), 365)
    assert book.lookup("claude-max-20x", on, Unit.PER_PERIOD, tier="app_store").price == usd("249.99")
    assert book.lookup("google-ai-pro", on, Unit.PER_PERIOD, tier="annual").price == usd("199.99")


def test_a_plan_without_its_tier_has_no_price(book: RateBook) -> None:
    with pytest.raises(NoRateError):
        book.lookup("claude-max", date(2026, 8, 1), Unit.PER_PERIOD)
    assert book.find("chatgpt-pro", date(2026, 8, 1), Unit.PER_PERIOD) is None
    assert book.find("google-ai-ultra", date(2026, 8, 1), Unit.PER_PERIOD) is None


@pytest.mark.parametrize(
    ("plan", "on", "region", "amount", "currency", "share_of_list"),
    [
        ("chatgpt-plus", date(2026, 7, 24), "PH", "999", "PHP", "0.81"),
        ("chatgpt-plus", date(2026, 6, 5), "TR", "499.99", "TRY", "0.54"),
        ("chatgpt-pro-20x", date(2026, 7, 24), "PH", "9990", "PHP", "0.81"),
        ("chatgpt-go", date(2026, 7, 24), "ID", "75000", "IDR", "0.52"),
        ("claude-pro", date(2026, 7, 24), "PK", "4900", "PKR", "0.88"),
        ("google-ai-pro", date(2026, 7, 24), "EG", "589.99", "EGP", "0.58"),
        ("supergrok", date(2026, 7, 24), "IN", "700", "INR", "0.24"),
        ("supergrok-heavy", date(2026, 7, 24), "PH", "14990", "PHP", "0.81"),
    ],
)
def test_a_plan_is_not_sold_below_its_regional_floor(
    book: RateBook, plan: str, on: date, region: str, amount: str, currency: str, share_of_list: str
) -> None:
    floor = book.regional_floor(plan, on)
    assert floor is not None
    assert floor.price == Money(Decimal(amount), currency)
    assert floor.region == region
    share = book.to_usd(floor.price, on).usd / book.lookup(plan, on, Unit.PER_PERIOD).price.amount
    assert abs(share - Decimal(share_of_list)) < Decimal("0.02")


def test_a_floor_is_found_even_where_the_day_has_no_currency_rate(book: RateBook) -> None:
    floor = book.regional_floor("chatgpt-plus", date(2030, 1, 1))
    assert floor is not None
    assert floor.region == "PH"


def test_a_plan_without_regions_has_its_list_price_as_floor_and_a_model_none(book: RateBook) -> None:
    floor = book.regional_floor("kiro-pro", date(2026, 8, 1))
    assert floor is not None
    assert floor.price == usd("20")
    assert book.regional_floor("claude-opus-4-8", date(2026, 8, 1)) is None
    assert book.regional_floor("no such plan", date(2026, 8, 1)) is None


def test_a_model_sold_worldwide_and_in_china_has_both_prices_and_answers_with_the_first(book: RateBook) -> None:
    on = date(2026, 6, 1)
    assert book.lookup("glm-5.1", on, IN).price == usd("1.40")
    assert book.lookup("glm-5.1", on, IN, region="CN").price == usd("0.828")
    assert book.lookup("glm-4-plus", on, IN).region == "global"


def test_a_price_in_another_currency_stays_in_it(book: RateBook) -> None:
    assert book.lookup("doubao-seed-2.1-pro", date(2026, 10, 1), IN).price == Money(Decimal(6), "CNY")
