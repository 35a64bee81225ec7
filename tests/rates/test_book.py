"""The book's answers against prices typed by hand from the providers' pages."""

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.money import Money
from domain.offer import Unit
from rates.book import RateBook, load_rate_book
from rates.catalogue import GENERIC_PROVIDER, ProductKind
from rates.errors import ContradictionError, NoRateError, RatesFileError, UnknownProductError, UnknownProviderError
from rates.overlay import read_overlay
from rates.updates import RateUpdate, parse_update
from tests.conftest import REPOSITORY

IN, OUT, CACHE_READ = Unit.PER_MTOK_IN, Unit.PER_MTOK_OUT, Unit.PER_MTOK_CACHE_READ


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def test_a_model_has_no_price_before_it_was_released(book: RateBook) -> None:
    assert book.find("claude-opus-5-5", date(2026, 9, 21), IN) is None
    with pytest.raises(NoRateError, match="no price at all"):
        book.lookup("claude-opus-5-5", date(2026, 9, 21), IN)


def test_a_row_says_when_it_holds_and_where_it_stands(book: RateBook) -> None:
    dated = book.lookup("gpt-5.6-sol", date(2026, 9, 1), IN)
    assert (dated.valid_from, dated.valid_to) == (date(2026, 8, 21), None)
    assert dated.source_url.startswith("https://")
    former = book.lookup("gpt-5.6-sol", date(2026, 8, 1), IN)
    assert former.valid_to == date(2026, 8, 21)
    undated = book.lookup("claude-opus-4-8", date(2026, 6, 1), IN)
    assert undated.valid_from is None, "the library does not say since when: validity unknown"


def test_credit_costs_what_it_says(book: RateBook) -> None:
    credit = book.product("api-credit")
    assert credit is not None
    assert (credit.kind, credit.provider) == (ProductKind.CREDIT, GENERIC_PROVIDER)
    assert book.lookup("api-credit", date(2020, 1, 1), Unit.PER_USD_CREDIT).price == usd("1")


def test_an_unknown_product_is_refused_with_the_nearest_names(book: RateBook) -> None:
    with pytest.raises(UnknownProductError, match=r"nearest names: claude-opus-4-\d"):
        book.lookup("claude-opus-4-9", date(2026, 6, 1), IN)
    with pytest.raises(UnknownProductError):
        book.rates("claude-opus-4-9", date(2026, 6, 1))
    with pytest.raises(UnknownProductError):
        book.history("")


def test_a_missing_unit_is_refused_with_what_there_is(book: RateBook) -> None:
    with pytest.raises(NoRateError, match=r"per_mtok_in \(standard, global\)"):
        book.lookup("claude-opus-4-8", date(2026, 6, 1), Unit.PER_CALL)


def test_all_rows_of_a_day_are_those_that_hold_on_it(book: RateBook) -> None:
    on = date(2026, 8, 30)
    rows = book.rates("deepseek-v4-pro", on)
    assert {row.tier for row in rows} == {"standard", "peak", "off_peak"}
    assert all(row.valid_from is None or row.valid_from <= on for row in rows)
    assert all(row.valid_to is None or on < row.valid_to for row in rows)
    history = book.history("deepseek-v4-pro")
    assert all(row in history for row in rows)
    assert len(history) > len(rows)


def test_every_provider_of_the_plan_is_there_with_what_belongs_to_it(book: RateBook) -> None:
    needed = "anthropic openai google x-ai deepseek alibaba zai moonshotai minimax mistral meta"
    also = "bytedance tencent stepfun xiaomi cursor github aws microsoft perplexity cognition"
    for provider_id in (*needed.split(), *also.split()):
        provider = book.provider(provider_id)
        assert provider.domains
        assert provider.authorised_channels
    anthropic = book.provider("anthropic")
    assert anthropic.terms[0].clause == "D.4(a)"
    assert anthropic.terms[0].as_of == date(2026, 8, 22)
    assert "usersafety@anthropic.com" in {intake.email for intake in anthropic.intake}
    with pytest.raises(UnknownProviderError, match="anthropic"):
        book.provider("nobody")


def test_channels_name_each_seller_once_with_all_it_may_sell(book: RateBook) -> None:
    channels = {channel.name: channel for channel in book.channels()}
    bedrock = channels["AWS Bedrock"]
    assert {"anthropic", "openai", "mistral"} <= set(bedrock.providers)
    assert "amazonaws.com" in bedrock.domains
    assert channels["OpenRouter"].basis == "gateway"
    assert bedrock.holds(date(2026, 11, 1))
    assert len([name for name in channels if name == "AWS Bedrock"]) == 1


def test_open_weights_are_known(book: RateBook) -> None:
    def is_open(product_id: str) -> bool:
        product = book.product(product_id)
        assert product is not None, product_id
        return product.open_weights

    free = "deepseek-v4-pro kimi-k3 glm-5.3 minimax-m3 qwen3.6-27b gpt-oss-120b gemma-4-31b-it llama-3.3-70b hy3"
    closed = "claude-opus-5-5 gpt-6-sol gemini-3.8-flash grok-4.7 qwen3.7-max glm-5-turbo kimi-k3.1-pro muse-spark-1.3"
    assert all(is_open(product) for product in free.split())
    assert not any(is_open(product) for product in closed.split())


def test_series_and_kinds(book: RateBook) -> None:
    series = {"claude-opus-5": "claude", "claude-max-20x": "claude", "gpt-5.5": "gpt", "supergrok": "grok"}
    for product_id, expected in series.items():
        product = book.product(product_id)
        assert product is not None
        assert product.series == expected
    kinds = {"claude": ProductKind.FAMILY, "chatgpt-free": ProductKind.FREE_ACCOUNT, "cursor-pro": ProductKind.PLAN}
    for product_id, kind in kinds.items():
        product = book.product(product_id)
        assert product is not None
        assert product.kind is kind
    seat = book.product("claude-team-premium")
    assert seat is not None
    assert seat.per_seat


def test_every_product_has_a_provider_and_every_row_a_source(book: RateBook) -> None:
    known = {provider.id for provider in book.providers()}
    for product in book.products():
        assert product.provider in known
        assert product.series or product.provider == GENERIC_PROVIDER
        for rate in book.history(product.id):
            assert rate.provider == product.provider
            assert rate.source_url.startswith("https://")
            assert rate.price.amount >= 0


def test_the_book_never_changes(book: RateBook) -> None:
    rate = book.lookup("claude-opus-4-8", date(2026, 6, 1), IN)
    with pytest.raises(dataclasses.FrozenInstanceError):
        rate.product = "other"  # type: ignore[misc]
    product = book.product("claude-opus-4-8")
    with pytest.raises(dataclasses.FrozenInstanceError):
        product.open_weights = True  # type: ignore[misc, union-attr]
    before = book.rates("gpt-5.5", date(2026, 6, 1))
    load_rate_book((price_update(product="gpt-5.5", amount="1"),))
    assert book.rates("gpt-5.5", date(2026, 6, 1)) == before


def price_update(
    product: str = "gpt-5.6-sol", amount: str = "3", start: str = "2026-12-01", unit: str = "per_mtok_in"
) -> RateUpdate:
    return parse_update(
        "tomorrow.yml",
        f"""
undercut_rates: 1
prices:
  - {{product: {product}, unit: {unit}, amount: "{amount}", from: {start},
     source: "https://example.test/pricing", checked: 2026-12-01}}
""".encode(),
    )


def test_an_update_is_appended_and_changes_the_version(book: RateBook) -> None:
    updated = load_rate_book((price_update(),))
    assert updated.lookup("gpt-5.6-sol", date(2026, 12, 1), IN).price == usd("3")
    assert updated.lookup("gpt-5.6-sol", date(2026, 11, 30), IN).price == usd("4")
    assert updated.lookup("gpt-5.6-sol", date(2026, 12, 1), IN).provider == "openai"
    assert updated.lookup("gpt-5.6-sol", date(2026, 12, 1), IN, tier="batch").price == usd("1.5")
    assert updated.version != book.version
    assert len(book.version) == 12
    assert load_rate_book().version == book.version


def test_an_update_that_contradicts_is_refused_and_both_are_named() -> None:
    with pytest.raises(ContradictionError, match=r"4 USD in genai-prices \(openai\) and 3 USD in tomorrow.yml"):
        load_rate_book((price_update(start="2026-08-21"),))
    with pytest.raises(ContradictionError, match=r"tomorrow\.yml"):
        load_rate_book((price_update(amount="3"), price_update(amount="2")))
    same = load_rate_book((price_update(amount="4", start="2026-08-21"),))
    assert same.lookup("gpt-5.6-sol", date(2026, 9, 1), IN).price == usd("4")


def test_an_update_of_an_unknown_product_is_refused() -> None:
    with pytest.raises(RatesFileError, match=r"tomorrow.yml: no product 'gpt-99'"):
        load_rate_book((price_update(product="gpt-99"),))


@contextmanager
def watched_sockets() -> Iterator[list[str]]:
    seen: list[str] = []
    watching = [True]

    def watch(event: str, _: tuple[object, ...]) -> None:
        if watching[0] and event.startswith("socket."):
            seen.append(event)

    sys.addaudithook(watch)
    try:
        yield seen
    finally:
        watching[0] = False


def test_loading_opens_no_socket() -> None:
    read_overlay.cache_clear()
    with watched_sockets() as seen:
        book = load_rate_book()
        book.to_usd(usd("1"), date(2026, 6, 1))
        book.resolve("Claude Opus 4.8")
    assert seen == []


@pytest.mark.slow
def test_importing_everything_opens_no_socket_either() -> None:
    program = """
import sys
seen = []
sys.addaudithook(lambda event, _: seen.append(event) if event.startswith("socket.") else None)
from rates.book import load_rate_book
load_rate_book().resolve("Claude Opus 4.8")
sys.exit(", ".join(seen) or None)
"""
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_day_of_history_has_one_price_a_key(book: RateBook) -> None:
    for product in book.products():
        seen: dict[tuple[Unit, str, str], list[tuple[date, date]]] = {}
        for rate in book.history(product.id):
            ends = (rate.valid_to or date.max) - timedelta(days=1)
            spans = seen.setdefault((rate.unit, rate.tier, rate.region), [])
            start = rate.valid_from or date.min
            assert all(ends < other_start or other_end < start for other_start, other_end in spans)
            spans.append((start, ends))
