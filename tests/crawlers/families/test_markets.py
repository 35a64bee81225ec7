"""Marketplaces, shops and forums: true pages where they lie beside the repository, hostile ones made here."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.families._forum import author_role
from crawlers.families._shop import rich_text, stated_price, with_query
from crawlers.registry import SourceFileError, families, parse_source, recognise
from domain.listing import HandleRole
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
discourse discourse/api_latest.json http://forum.example.test/latest.json fresh 1
discourse discourse/api_category_topics.json http://forum.example.test/c/5.json fresh 2
discourse discourse/api_topic.json http://forum.example.test/t/57.json fresh 4
discourse discourse/api_categories.json http://forum.example.test/categories.json empty 0
discourse discourse/api_posts_latest.json http://forum.example.test/posts.json fresh 4
discourse discourse/api_search.json http://forum.example.test/search.json empty 0
discourse discourse/docs_query_response.json http://forum.example.test/x.json fresh 1
discourse discourse/docs_latest_topics_response.json http://forum.example.test/latest.json fresh 3
discourse discourse/docs_top.json http://forum.example.test/top.json fresh 1
discourse discourse/docs_topic_response.json http://forum.example.test/t/1.json fresh 1
v2ex v2ex/topics_hot_2016.json https://www.v2ex.com/api/topics/hot.json fresh 9
hacker_news hn/algolia_search_pollopt_real.json https://hn.algolia.com/api/v1/search fresh 1
hacker_news hn/algolia_search_story_real_2024.json https://hn.algolia.com/api/v1/search fresh 1
reddit reddit/praw_TestSubmission.test_comments.1.json https://oauth.reddit.com/x fresh 2
reddit reddit/praw_TestSubreddit.test_search.1.json https://oauth.reddit.com/x fresh 3
reddit reddit/praw_TestSubredditListings.test_new.1.json https://oauth.reddit.com/x fresh 3
reddit reddit/praw_TestSubredditQuarantine.test_opt_in.1.json https://oauth.reddit.com/x blocked 0
reddit reddit/praw_TestSubredditQuarantine.test_opt_in.2.json https://oauth.reddit.com/x not_understood 0
reddit reddit/praw_TestSubredditQuarantine.test_opt_in.3.json https://oauth.reddit.com/x fresh 3
reddit reddit/praw_TestSubredditQuarantine.test_opt_out.1.json https://oauth.reddit.com/x not_understood 0
reddit reddit/praw_TestSubredditQuarantine.test_opt_out.2.json https://oauth.reddit.com/x blocked 0
reddit reddit/praw_TestSubreddits.test_search.1.json https://oauth.reddit.com/x empty 0
reddit failures/reddit_quarantined_403.json https://oauth.reddit.com/x blocked 0
ebay ebay/browse_sample_response_100.json https://api.ebay.com/x fresh 8
ebay ebay/browse_sample_response_100_best_match.json https://api.ebay.com/x fresh 8
feed feeds/feedparser_atom10.xml http://example.org/atom10.xml fresh 1
feed feeds/feedparser_rss20.xml http://example.org/rss20.xml fresh 1
structured_data generic/extruct_JSONLD_with_JS_comment.html https://shop.example.test/x empty 0
structured_data generic/extruct_JSONLD_with_control_characters.html https://shop.example.test/x not_understood 0
structured_data generic/extruct_jsonld_empty_item_test.html https://shop.example.test/x empty 0
structured_data generic/extruct_microdata-with-description.html https://shop.example.test/x fresh 1
structured_data generic/extruct_null_ld_mock.html https://shop.example.test/x empty 0
structured_data generic/extruct_product-ref.html https://shop.example.test/x fresh 4
structured_data generic/extruct_product.html https://shop.example.test/x fresh 1
structured_data generic/extruct_product_microdata.html https://shop.example.test/x fresh 1
"""
MARKETS = sorted({line.split()[0] for line in CAPTURES.strip().splitlines()} | {"g2g"})


@pytest.mark.parametrize("capture", CAPTURES.strip().splitlines())
def test_captures_are_read(shared_folder: Path, capture: str) -> None:
    family, place, url, state, listings = capture.split()
    reading = read_capture(shared_folder, family, place, url)
    assert (reading.state, len(reading.listings)) == (state, int(listings)), reading.reason


# What each saved page of a shop states as its price; None where it states none.
SAVED_SHOPS = """
alibaba.com.d8830de9 11.99 USD
almedina.net.16606e09 67.8400 EUR
birmingham.craigslist.org.d932425d 1899.00 GBP
ebay.co.uk.359ca699 115.0 GBP
ebay.com.21e72a8e 1.99 GBP
gomaji.com.d1329282 960 TWD
ikea.com.897bc5b5 25 GBP
johnlewis.com.f48e9949 136.00 GBP
laendleanzeiger.at.2342b61d None
manchester.craigslist.org.3d3ee8eb 50.00 GBP
mediamarkt.pt.4d2ce26f 109.0 EUR
mediamarkt.pt.c3db24da 499.00 EUR
olx.com.pk.0d1c8923 23450 PKR
olx.com.pk.d8ae57c7 635000 PKR
pokupki.market.yandex.ru.08b51541 249 RUB
puntoticket.com.3f5c52ae 3340 CLP
usedvictoria.com.b4298c1b 15 USD
"""


@pytest.mark.parametrize("saved", SAVED_SHOPS.strip().splitlines())
def test_saved_pages_of_shops_state_their_price(shared_folder: Path, saved: str) -> None:
    name, _blank, price = saved.partition(" ")
    url = "https://shop.example.test/x"
    (listing,) = read_capture(shared_folder, "structured_data", f"generic/peb/{name}.html.gz", url).listings
    assert next((str(stated.amount) for stated in listing.prices if stated.amount), "None") == price


def test_reddit_block_page_stops_the_crawl(shared_folder: Path) -> None:
    url = "https://www.reddit.com/r/ClaudeAI/new.json"
    reading = read_capture(shared_folder, "reddit", "failures/reddit_whoa_403.html", url, status=403)
    assert (reading.state, reading.gone_ids) == ("blocked", ())


def test_no_family_fails_on_any_capture(shared_folder: Path) -> None:
    folder = shared_folder / "captures"
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.stat().st_size < 300_000:
            body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
            page = page_of(body[:400_000], "https://place.example.test/item/1")
            for name in MARKETS:
                assert isinstance(families()[name].read(page), Reading), (name, file)


def test_an_imitated_answer_is_not_enough_and_independent_marks_are(shared_folder: Path) -> None:
    folder = shared_folder / "captures" / "storefronts"
    root = (folder / "acgfaka_root.html").read_bytes()
    lines = (folder / "acgfaka_root.headers.txt").read_text(encoding="utf-8").splitlines()[1:]
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines) if name}
    assert recognise(page_of(root, "http://shop.example.test/", headers=headers))[0].confidence > 0.5
    for place in ("acgfaka_user_api_index_commodity_categoryId_0", "constructed/dujiaonext_public_products"):
        answer = (folder / f"{place}.json").read_bytes()
        assert all(each.confidence <= 0.5 for each in recognise(page_of(answer, "http://shop.example.test/x")))


IMITATIONS = [
    (
        "shop.example.test/api/v1/public/products",
        '{"status_code":0,"data":[{"price_amount":"1","fulfillment_type":"auto"}]}',
    ),
    ("shop.example.test/api/v2/theme_list", '{"shops":[],"shops2":[{"prod_id":1,"cag_name":"x"}]}'),
    ("shop.example.test/product/get", '{"data":[{"price_ori":"1","stockcontrol":1,"typeid":1}]}'),
    (
        "shop.example.test/shopApi/Shop/goodsList",
        '{"data":{"list":[{"goods_key":"k","goods_type":"card","extend":{}}]}}',
    ),
    ("shop.example.test/products.json", '{"products":[{"variants":[],"body_html":"","product_type":"","handle":""}]}'),
]


@pytest.mark.parametrize(("place", "body"), IMITATIONS)
def test_one_answer_at_its_usual_place_is_never_more_than_a_half(place: str, body: str) -> None:
    found = recognise(page_of(body, f"https://{place}"))
    assert found
    assert all(each.confidence <= 0.5 for each in found)


FRONT_PAGES = [
    (
        "dujiaoka",
        '<link href="/assets/luna/x.css"><a href="/buy/1">x</a>Powered by @独角数卡',
        {"set-cookie": "dujiaoka=1"},
    ),
    ("zfaka", '<meta name="author" content="资料空白"><body id="zlkbbody"></body>', {}),
    ("woocommerce", '<meta name="generator" content="WooCommerce 9.1">', {"link": "<https://x.test/wp-json/>; rel=x"}),
    ("shopify", '<script src="https://cdn.shopify.com/a.js"></script>', {"x-shopid": "1"}),
    ("discourse", '<meta name="generator" content="Discourse 3.6">', {"x-discourse-route": "list/latest"}),
]


@pytest.mark.parametrize(("family", "head", "headers"), FRONT_PAGES, ids=lambda value: str(value)[:12])
def test_front_pages_are_recognised(family: str, head: str, headers: dict[str, str]) -> None:
    page = page_of(f"<!DOCTYPE html><html><head>{head}</head></html>", "https://place.example.test/", headers=headers)
    found = recognise(page)[0]
    assert found.family == family
    assert (found.confidence > 0.5) == bool(headers)


def test_a_search_of_discourse_is_refused_before_it_is_asked() -> None:
    with pytest.raises(SourceFileError, match="closes /search"):
        parse_source(
            "forums/x",
            b"{family: discourse, start_urls: ['https://f.example.test/search.json?q=x'], purpose: x, owner: x}",
            place="x.yml",
        )


def test_an_author_is_a_seller_only_where_the_place_or_the_title_says_so() -> None:
    assert author_role("[WTS] Claude Max seat", (), ()) is HandleRole.SELLER
    assert author_role("出一个车位", (), ()) is HandleRole.SELLER
    assert author_role("Claude seat, 20 USD", ("Trade",), ("trade",)) is HandleRole.SELLER
    assert author_role("Is [WTS] a scam?", ("general",), ("trade",)) is HandleRole.PUBLISHER
    assert author_role("", (), ()) is HandleRole.PUBLISHER


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
