from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.finding import Lane, Signal, Verdict
from domain.listing import Handle, HandleRole
from domain.reading import Reading, ReadingState
from storage.search.query import Search
from storage.store import Store
from tests.storage.conftest import START, Builder

TEXTS = {
    "zh": "最稳的中转站，API额度低价充值",
    "vi": "Tài khoản Claude giá rẻ, bảo hành",
    "ru": "Ключи Клод дёшево, оплата криптой",
    "en": "Claude Max seats, half price",
    "handle": "ask @cheap_seller or visit market.example.test",
}


@pytest.fixture
def filled(store: Store, build: Builder) -> Store:
    for name, text in TEXTS.items():
        store.record(build.page(build.assessed(name, text)))
        build.clock.advance(hours=1)
    store.search.catch_up()
    return store


def names(store: Store, text: str = "", **parts: object) -> list[str]:
    wanted = Search(text, **{name: _part(value) for name, value in parts.items()})  # type: ignore[arg-type]
    return [hit.listing.external_id for hit in store.search.search(wanted).hits]


def _part(value: object) -> object:
    return frozenset(value) if isinstance(value, set) else value


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("中转", ["zh"]),
        ("额度", ["zh"]),
        ("中转站 额度", ["zh"]),
        ("API额度", ["zh"]),
        ("转中", []),
        ("号", []),
        ("值", ["zh"]),
        ("gia re", ["vi"]),
        ('"gia re"', ["vi"]),
        ('"re gia"', []),
        ("дешево", ["ru"]),
        ("CLAUDE", ["en", "vi"]),
        ("clau*", ["en", "vi"]),
        ("clau", []),
        ("@cheap_seller", ["handle"]),
        ("market.example.test", ["handle"]),
        ("!!! ???", []),
        ("cheap", ["handle", "en", "ru", "vi", "zh"]),
        ("' OR 1=1 -- \" ) * ¶", []),
        ("", ["handle", "en", "ru", "vi", "zh"]),
    ],
)
def test_words_of_any_script_are_found(filled: Store, query: str, found: list[str]) -> None:
    assert names(filled, query) == found


def test_the_title_comes_first_then_the_newest(store: Store, build: Builder) -> None:
    for name, title in (("old title", "opus here"), ("new text", "other"), ("newer text", "other")):
        listing = build.listing(name, "opus in the text", title=title)
        store.record(build.page(build.assessed(listing=listing)))
        build.clock.advance(hours=1)
    store.search.catch_up()
    assert names(store, "opus") == ["old title", "newer text", "new text"]


def test_a_phrase_does_not_reach_from_the_title_into_the_text(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed(listing=build.listing("1", "max", title="claude"))))
    store.search.catch_up()
    assert names(store, '"claude max"') == []
    assert names(store, "claude max") == ["1"]


def test_filters(store: Store, build: Builder) -> None:
    grey = build.assessed("grey", lane=Lane.GREY, verdict=Verdict.UNSURE, share="0.9")
    cheap = build.assessed("cheap", share="0.07", signals=(Signal("price.deep", 1.0, "low"),))
    store.record(build.page(grey, cheap))
    build.clock.advance(days=1)
    other = build.assessed(listing=build.listing("other", platform="github", source="github/search"), share=None)
    store.record(build.page(other, source="github/search"))
    store.search.catch_up()
    assert names(store, "opus", platforms={"github"}) == ["other"]
    assert names(store, platforms={"github", "relay"}, lanes={Lane.GREY}) == ["grey"]
    assert names(store, sources={"github/search"}) == ["other"]
    assert names(store, products={"claude-opus-4-8"}, verdicts={Verdict.UNSURE}) == ["grey"]
    assert names(store, signals={"price.deep"}) == ["cheap"]
    assert names(store, signals={"price.deep"}, lanes={Lane.GREY}) == []
    assert names(store, share_at_most=Decimal("0.07")) == ["cheap"]
    assert names(store, share_at_most=Decimal("0.069")) == []
    assert names(store, share_at_most=Decimal("0.95")) == ["cheap", "grey"]
    assert names(store, share_at_most=Decimal(7)) == ["cheap", "grey"]
    assert names(store, since=START + timedelta(hours=1)) == ["other"]
    assert names(store, until=START + timedelta(hours=1)) == ["cheap", "grey"]
    assert names(store, languages={"zh"}) == []


def test_a_listing_is_one_hit_in_the_version_that_matches(store: Store, build: Builder) -> None:
    for text in ("first pooled opus", "second opus", "third opus"):
        store.record(build.page(build.assessed("1", text)))
        build.clock.advance(days=1)
    store.search.catch_up()
    [hit] = store.search.search(Search("opus")).hits
    assert (hit.version, hit.versions, hit.listing.text) == (3, 3, "third opus")
    [earlier] = store.search.search(Search("pooled")).hits
    assert (earlier.version, earlier.listing.text) == (1, "first pooled opus")
    assert earlier.alert_id == store.alerts.list().alerts[0].alert_id
    assert [(span.field, earlier.listing.text[span.start : span.end]) for span in earlier.highlights] == [
        ("text", "pooled")
    ]


def test_another_judgement_replaces_the_filters_of_the_old(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1", share="0.5", lane=Lane.GREY)))
    store.search.catch_up()
    for lane in (Lane.POOLED_RELAY, Lane.CREDENTIAL_ABUSE):
        build.clock.advance(days=1)
        store.record(build.page(build.assessed("1", share="0.04", lane=lane)))
    assert store.search.behind() == 2
    assert store.search.catch_up() == 1
    assert names(store, "opus", lanes={Lane.GREY}) == []
    assert names(store, "opus", lanes={Lane.POOLED_RELAY}) == []
    assert names(store, "opus", lanes={Lane.CREDENTIAL_ABUSE}, share_at_most=Decimal("0.05")) == ["1"]
    assert store.search.behind() == 0


def test_handles_and_links_are_found(store: Store, build: Builder) -> None:
    listing = replace(
        build.listing("1", "no contact in the text"),
        handles=(Handle("telegram", "Night_Owl", HandleRole.SELLER),),
        links=("https://t.example.test/joinchat",),
    )
    store.record(build.page(build.assessed(listing=listing)))
    store.search.catch_up()
    assert names(store, "@night_owl") == ["1"]
    assert names(store, "joinchat") == ["1"]


def test_gone_is_asked_as_it_is_now(filled: Store, build: Builder) -> None:
    for _ in range(2):
        build.clock.advance(hours=1)
        filled.record(build.page(reading=Reading(ReadingState.GONE, gone_ids=("vi",))))
    assert names(filled, "claude", gone=True) == ["vi"]
    assert names(filled, "claude", gone=False) == ["en"]


def test_pages_of_hits(filled: Store) -> None:
    first = filled.search.search(Search(), limit=2)
    rest = filled.search.search(Search(), limit=10, offset=2)
    assert (first.found, first.more) == (5, False)
    found = [hit.listing.external_id for hit in first.hits + rest.hits]
    assert found == ["handle", "en", "ru", "vi", "zh"]


def test_two_processes_index_everything_once(open_store_again: Callable[[], Store], build: Builder) -> None:
    one, other = open_store_again(), open_store_again()
    for number in range(12):
        one.record(build.page(build.assessed(str(number))))
        build.clock.advance(hours=1)
    assert one.search.catch_up(most_entries=5) + other.search.catch_up() == 12
    assert len(names(other, "opus")) == 12
    assert one.search.catch_up() == 0


def test_hostile_text_is_indexed_and_found(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1", "x\x00y \ud800 'quoted' \\ :* | & ! <-> ¶ findme " + "中" * 9000)))
    store.search.catch_up()
    assert names(store, "findme") == ["1"]
    assert names(store, "quoted \x00 \ud800") == ["1"]
