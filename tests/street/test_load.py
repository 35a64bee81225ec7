"""Synthetic listings: the same everywhere, in several languages, at any size."""

import json
import re

from street.load import listing_texts
from street.site import Options
from street.sites.load import page_addresses


def test_the_same_seed_gives_the_same_texts_and_another_gives_others() -> None:
    assert list(listing_texts(50, seed=1)) == list(listing_texts(50, seed=1))
    assert list(listing_texts(50, seed=1)) != list(listing_texts(50, seed=2))
    assert list(listing_texts(10, seed=1, start=40)) == list(listing_texts(50, seed=1))[40:]


def test_texts_are_of_the_size_and_mixture_of_real_ones() -> None:
    texts = list(listing_texts(2_000))
    assert 120 < sum(map(len, texts)) / len(texts) < 320
    assert not any(re.search(r"\{[a-z]+\}", text) for text in texts)
    chinese = sum(bool(re.search(r"[\u4e00-\u9fff]", text)) for text in texts) / len(texts)
    russian = sum(bool(re.search(r"[а-я]", text)) for text in texts) / len(texts)
    assert 0.4 < chinese < 0.6
    assert 0.1 < russian < 0.2
    assert len(set(texts)) > 1_900


def test_every_page_of_the_list_has_twenty_listings_and_no_post_comes_twice(ask) -> None:
    addresses = json.loads(ask("load", "/pages.json").text)
    assert len(addresses) == 6
    seen: list[str] = []
    for address in addresses:
        page = ask("load", "/" + address.split("/", 3)[3]).text
        numbers = re.findall(r'data-post="(load_[0-9]{4}/[0-9]+)"', page)
        assert len(numbers) == 20
        seen += numbers
    assert len(set(seen)) == 120


def test_paging_by_the_links_ends_at_the_first_post(ask) -> None:
    path, pages = "/s/load_0002", 0
    while path:
        page = ask("load", path).text
        pages += 1
        older = re.search(r'<link rel="prev" href="([^"]+)"', page)
        path = older.group(1) if older else ""
    assert pages == 3
    assert ask("load", "/s/load_0003").status == 404


def test_the_list_of_pages_is_as_long_as_was_asked_for() -> None:
    assert len(page_addresses(Options(load_pages=100, load_channels=3), "http://h")) == 300
