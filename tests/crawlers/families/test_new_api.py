"""What golden pages do not show of price lists in ratios: order, speed, and what travels from answer to answer."""

import json
import time
from decimal import Decimal

from crawlers.families._json import JsonValue
from crawlers.families._relay import recharge_said_in, series_of
from crawlers.families.new_api import kept_status, read
from domain.money import Money
from tests.crawlers.families.golden import page_of

STATUS = {"status": json.dumps({"price": "1", "quota_per_unit": "500000"})}
URL = "https://relay.example.test/api/pricing"


def _list(models: int, groups: int) -> dict[str, object]:
    rows = [
        {"model_name": f"{'claude' if index % 2 else 'gpt'}-{index:03}", "quota_type": 0, "model_ratio": 1.5}
        | {"completion_ratio": 5, "cache_ratio": 0.1, "enable_groups": ["all"]}
        for index in range(models)
    ]
    return {"success": True, "data": rows, "group_ratio": {f"g{index}": 0.1 * (index + 1) for index in range(groups)}}


def test_the_order_of_rows_makes_no_new_version() -> None:
    """The panel answers in the order of a hash map, another one each time."""
    answer = _list(6, 3)
    turned = {**answer, "data": list(reversed(answer["data"]))}  # type: ignore[call-overload]
    first, second = (read(page_of(json.dumps(a), URL, context=STATUS)).listings for a in (answer, turned))
    assert [listing.content_hash for listing in first] == [listing.content_hash for listing in second]


def test_a_large_list_is_read_fast() -> None:
    page = page_of(json.dumps(_list(50, 15)), URL, context=STATUS)
    seconds = []
    for _turn in range(5):
        started = time.process_time()
        reading = read(page)
        seconds.append(time.process_time() - started)
    assert sum(len(listing.stated_offers) for listing in reading.listings) == 50 * 15 * 3
    assert min(seconds) < 0.060


def test_prices_are_exact() -> None:
    row = {"model_name": "claude-x", "quota_type": 0, "model_ratio": 0.1, "completion_ratio": 3, "enable_groups": ["g"]}
    answer = {"success": True, "data": [row], "group_ratio": {"g": 0.7}}
    (listing,) = read(page_of(json.dumps(answer), URL, context=STATUS)).listings
    assert [offer.price for offer in listing.stated_offers] == [
        Money(Decimal("0.14"), "CNY"),
        Money(Decimal("0.42"), "CNY"),
    ]


def test_an_older_list_without_groups_in_its_rows() -> None:
    row = {"model_name": "claude-x", "quota_type": 0, "model_ratio": 1, "completion_ratio": 5}
    answer = {"success": True, "data": [row], "group_ratio": {"a": 1, "b": 2, "auto": 1}}
    (listing,) = read(page_of(json.dumps(answer), URL, context=STATUS)).listings
    assert {offer.conditions["group"] for offer in listing.stated_offers} == {"a", "b"}


def test_what_travels_is_small_and_says_what_a_price_needs() -> None:
    status: dict[str, JsonValue] = {
        "system_name": "X",
        "price": Decimal("0.5"),
        "quota_per_unit": 500000,
        "logo": "data:" + "x" * 100_000,
        "announcements": [{"content": "y" * 50_000}] * 500,
    }
    kept = kept_status(status)
    assert kept["price"] == "0.5"
    assert len(json.dumps(kept)) < 12_000


def test_series() -> None:
    names = ["claude-opus-4-8", "vendor/Claude-x", "GPT-5.5", "o3-mini", "[cheap]gemini-3", "4.0", "free/deepseek-v4"]
    assert [series_of(name) for name in names] == ["claude", "claude", "gpt", "o", "cheap", "other", "deepseek"]


def test_recharge_terms_in_words() -> None:
    said = {
        "¥1=$1": "1", "￥1 = $1": "1", "1元=10刀": "0.1", "充值比例 1:1": "1", "0.5r = 1刀": "0.5",
        "1 RMB = 2 USD": "0.5", "¥1=$1，充值 1元=1刀": "1",
    }  # fmt: skip
    for words, price in said.items():
        recharge = recharge_said_in(words)
        assert recharge is not None, words
        assert recharge.price == Money(Decimal(price), "CNY"), words
    for words in ("", "1:1 复刻", "¥1=$1 或 ¥1=$2", "v1=2", "price 1 = 2"):
        assert recharge_said_in(words) is None, words
