"""Marketplaces, shops and forums: true pages where they lie beside the repository, hostile ones made here."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.families._shop import rich_text, stated_price, with_query
from crawlers.registry import families, recognise
from domain.money import Money
from domain.reading import Reading
from tests.crawlers.families.golden import page_of


def read_capture(shared_folder: Path, family: str, place: str, url: str, *, status: int = 200) -> Reading:
    file = shared_folder / "captures" / place
    if not file.is_file():
        pytest.skip(f"no capture {place}")
    body = file.read_bytes()
    return families()[family].read(
        page_of(gzip.decompress(body) if place.endswith(".gz") else body, url, status=status)
    )


# family, capture, its address, state, how many listings; one a line, so that they can be compared
CAPTURES = """
digiseller plati/search_ashx_near_real.json https://plati.io/api/search.ashx?query=x fresh 1
funpay funpay/offer_previews.common_lot_html.html https://funpay.com/lots/1/ fresh 1
funpay funpay/offer_previews.currency_lot_html.html https://funpay.com/chips/1/ fresh 1
funpay funpay/reviews.public_review_html.html https://funpay.com/users/1/ empty 0
funpay funpay/reviews.my_public_review_html.html https://funpay.com/users/1/ empty 0
funpay funpay/reviews.order_page_review_html.html https://funpay.com/orders/1/ empty 0
funpay funpay/cpu.cpu_html.html https://funpay.com/chat/ not_understood 0
acg_faka storefronts/acgfaka_root.html http://shop.example.test/ fresh 0
acg_faka storefronts/acgfaka_item_1.html http://shop.example.test/item/1 fresh 0
acg_faka storefronts/acgfaka_user_index_query.html http://shop.example.test/user/index/query fresh 0
acg_faka storefronts/acgfaka_nosuch_page.html http://shop.example.test/nosuch not_understood 0
acg_faka storefronts/acgfaka_user_api_index_data.json http://shop.example.test/ empty 0
acg_faka storefronts/acgfaka_user_api_index_pay.json http://shop.example.test/ empty 0
dujiaoka storefronts/constructed/dujiaoka_unicorn_home.html https://shop.example.test/ fresh 1
dujiao_next storefronts/constructed/dujiaonext_public_products.json https://s.example.test/products fresh 1
shop_api storefronts/constructed/ldxp_goodsList.json https://pay.example.test/shopApi/Shop/goodsList fresh 1
kamifaka storefronts/constructed/kamifaka_theme_list.json https://shop.example.test/api/v2/theme_list fresh 1
zfaka storefronts/constructed/zfaka_product_get.json https://shop.example.test/product/get?page=1 fresh 1
ggsel ggsel/search_page_embedded_near_real.html https://ggsel.net/en/search/x fresh 2
woocommerce storefronts/constructed/woocommerce_store_products.json https://s.example.test/products fresh 1
shopify storefronts/constructed/shopify_products.json https://shop.example.test/products.json fresh 1
"""


@pytest.mark.parametrize("capture", CAPTURES.strip().splitlines())
def test_captures_are_read(shared_folder: Path, capture: str) -> None:
    family, place, url, state, listings = capture.split()
    reading = read_capture(shared_folder, family, place, url)
    assert (reading.state, len(reading.listings)) == (state, int(listings)), reading.reason


def test_a_price_of_nothing_has_no_amount() -> None:
    for nothing in (0, "0", "0.00", -1, "free"):
        price = stated_price(nothing, "CNY")
        assert price is not None
        assert price.amount is None
    assert stated_price("", "CNY") is None
    assert stated_price(None, "CNY") is None
    price = stated_price(Decimal("35.50"), "CNY", name="user_price")
    assert price is not None
    assert (price.text, price.amount) == ("user_price 35.50", Money(Decimal("35.50"), "CNY"))


def test_descriptions_are_text() -> None:
    assert rich_text("<p>one</p><script>two()</script><p>three</p>") == "one\n\nthree"
    assert rich_text("a < b") == "a < b"
    assert rich_text("") == ""


def test_addresses_are_changed_whole_or_not_at_all() -> None:
    assert with_query("https://a.example.test/x?page=1&q=a+b", {"page": "2"}) == "https://a.example.test/x?page=2&q=a+b"
    assert with_query("http://[", {"page": "2"}) == ""


FIELDS = [
    "content",
    "items",
    "product_id",
    "name",
    "price",
    "product",
    "retval",
    "code",
    "data",
    "msg",
    "total",
    "id",
    "user_price",
    "config",
    "wholesale",
    "owner",
    "category",
    "stock",
    "options",
    "variants",
    "title",
    "skus",
    "price_amount",
    "list",
    "goods_key",
    "extend",
    "shops",
    "prod_id",
    "qty",
    "payload",
    "results",
    "offer_id",
    "prices",
    "currency_code",
    "currency_minor_unit",
    "products",
    "handle",
    "itemSummaries",
    "itemId",
    "topic_list",
    "topics",
    "post_stream",
    "posts",
    "hits",
    "objectID",
    "children",
    "kind",
    "errors",
    "pagination",
    "status_code",
    "id_goods",
    "price_wmz",
    "@graph",
]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["1e999", "35.50", "t3", "0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON_VALUES, st.sampled_from(["https://shop.example.test/products.json?page=1", "http://[", "x", ""]))
def test_the_right_names_with_the_wrong_things_under_them(value: object, url: str) -> None:
    page = page_of(json.dumps(value).encode(), url, context={"pages_left": "2"})
    for name, family in families().items():
        assert isinstance(family.read(page), Reading), name
    recognise(page)
