"""True answers of true places, where the folder of captures is present; each is named by its SHA-256 alone."""

import gzip
import hashlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from benchmarks.places import FAMILIES_OF
from crawlers.families._html import host_of
from crawlers.registry import families, recognise
from crawlers.soft_blocks import Expected, find_refusal
from domain.comparison import Refusal
from domain.listing import StatedOffer
from domain.money import Money
from domain.offer import Unit
from domain.reading import Reading, ReadingState
from domain.snapshot import Page
from tests.crawlers.families.golden import page_of

RATIO_LIST = "9e640ecbd5eac5597a4511ac04218f50a83a574005faa2443e8cd84fba2a7032"
TIERED_LIST = "0da59e617f93c4723a7c1d3831c237f8a7ea4427df757e07607526b2b3759396"
CLOSED_GROUP_LIST = "3fb4f787f6fd7eaf7eb93f87fe6dab545307920a53f5c7f3cc09ebd30da6598d"
GROUP_HUNDRED_LIST = "cbb625278e306f436625e5e416682e9a682780d9e22617b0733049e823390793"
MEMBERS_STATUS = "5b242d3e9adeaa1de0e1e184f6a90319cde97d0a1e122f148ecee937de7a5999"
OTHER_SOFTWARE = "672cc4656f49ede95bb82aaac311841f31cda1f79582e3e85bfee8c51918c764"

CNY = "CNY"


@cache
def _captures(folder: Path) -> dict[str, Path]:
    return {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def relays(shared_folder: Path) -> dict[str, Path]:
    return _captures(shared_folder / "captures" / "storefronts" / "real")


def _read(file: Path, family: str) -> Reading:
    return families()[family].read(page_of(file.read_bytes(), file.as_uri()))


def _offers(file: Path, model: str, group: str, tier: str | None = None) -> dict[Unit, StatedOffer]:
    found = {
        offer.unit: offer
        for listing in _read(file, "new_api").listings
        for offer in listing.stated_offers
        if offer.stated_product == model and offer.conditions["group"] == group and offer.conditions.get("tier") == tier
    }
    assert found, f"no offer of {model} in {group}"
    return found


def _yuan(amount: str) -> Money:
    return Money(Decimal(amount), CNY)


def test_ratios_by_group(relays: dict[str, Path]) -> None:
    """Model ratio 2.5, completion 5, cache 0.1; the group takes 0.8; a dollar of credit costs 1 CNY."""
    offers = _offers(relays[RATIO_LIST], "claude-opus-4-6", "cc-sale")
    assert offers[Unit.PER_MTOK_IN].price == _yuan("4.00")
    assert offers[Unit.PER_MTOK_OUT].price == _yuan("20.00")
    assert offers[Unit.PER_MTOK_CACHE_READ].price == _yuan("0.40")
    assert _offers(relays[RATIO_LIST], "claude-opus-4-6", "aws-q")[Unit.PER_MTOK_OUT].price == _yuan("7.50")


def test_tiers_override_the_ratio_of_the_row(relays: dict[str, Path]) -> None:
    """The row's own ratio 37.5 would give fifteen times the price."""
    short = _offers(relays[TIERED_LIST], "gpt-5.5", "codex-plus", "<=272000")
    assert short[Unit.PER_MTOK_IN].price == _yuan("0.50")
    assert short[Unit.PER_MTOK_OUT].price == _yuan("3.00")
    assert short[Unit.PER_MTOK_CACHE_READ].price == _yuan("0.05")
    long = _offers(relays[TIERED_LIST], "gpt-5.5", "codex-plus", ">272000")
    assert long[Unit.PER_MTOK_IN].price == _yuan("1.00")
    assert long[Unit.PER_MTOK_OUT].price == _yuan("4.50")
    call = _offers(relays[TIERED_LIST], "gpt-image-2", "image")
    assert call[Unit.PER_CALL].price == _yuan("0.20")
    assert max(offer.price.amount for offer in (*short.values(), *long.values()) if offer.price) == Decimal("4.50")


def test_a_group_that_is_closed_by_a_sentinel(relays: dict[str, Path]) -> None:
    closed = [
        offer
        for listing in _read(relays[CLOSED_GROUP_LIST], "new_api").listings
        for offer in listing.stated_offers
        if any("99999999" in assumption for assumption in offer.assumptions)
    ]
    assert len(closed) == 12
    assert {offer.refusal for offer in closed} == {Refusal.NO_PRICE}
    assert {offer.price for offer in closed} == {None}


def test_a_group_of_a_hundred_with_cheap_credit(relays: dict[str, Path]) -> None:
    """Ratio 2.5, group 100, credit at 0.05 CNY a dollar: 25 CNY a million, neither a sentinel nor a bargain."""
    offers = [
        offer
        for listing in _read(relays[GROUP_HUNDRED_LIST], "new_api").listings
        for offer in listing.stated_offers
        if offer.stated_product == "claude-opus-4-8"
    ]
    assert {offer.multiplier for offer in offers} == {Decimal(100)}
    assert {offer.unit: offer.price for offer in offers}[Unit.PER_MTOK_IN] == _yuan("25.0")
    assert {offer.unit: offer.price for offer in offers}[Unit.PER_MTOK_OUT] == _yuan("125.0")


def test_a_site_that_shows_its_list_to_members(relays: dict[str, Path]) -> None:
    assert _read(relays[MEMBERS_STATUS], "new_api").state is ReadingState.LOGIN_REQUIRED


def test_every_relay_is_read_or_honestly_not(relays: dict[str, Path]) -> None:
    states: dict[str, str] = {}
    for digest, file in relays.items():
        page = page_of(file.read_bytes(), file.as_uri())
        recognised = recognise(page)
        if digest == OTHER_SOFTWARE:
            assert recognised == ()
            assert _read(file, "new_api").state is ReadingState.NOT_UNDERSTOOD
            continue
        assert recognised, digest
        reading = families()[recognised[0].family].read(page)
        states[digest] = reading.state
        for offer in (offer for listing in reading.listings for offer in listing.stated_offers):
            assert (offer.price is None) == (offer.refusal is not None)
            assert offer.price is None or offer.price.currency == CNY
            assert offer.price is None or 0 < offer.price.amount < 1000
    assert sorted(states.values()) == ["fresh"] * 12 + ["login_required"]


def _pages(folder: Path) -> Iterator[Page]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix in (".html", ".json", ".txt", ".jsonld"):
            yield page_of(file.read_bytes(), file.as_uri())


def test_telegram(shared_folder: Path) -> None:
    """Every saved page of the preview is read; single blocks are pages of one post."""
    states = [
        families()["telegram_preview"].read(page).state for page in _pages(shared_folder / "captures" / "telegram")
    ]
    assert states.count(ReadingState.FRESH) == 22
    assert states.count(ReadingState.GONE) == 1
    assert states.count(ReadingState.BLOCKED) == 1
    assert states.count(ReadingState.NOT_UNDERSTOOD) == 1  # the piece of a header without a page around it
    assert states.count(ReadingState.EMPTY) == 11  # stickers, voices, places, service messages, nothing found
    (updates,) = _pages(shared_folder / "captures" / "telegram_botapi")
    assert len(families()["telegram_bot_api"].read(updates).listings) == 3


def test_github(shared_folder: Path) -> None:
    readings = [families()["github"].read(page) for page in _pages(shared_folder / "captures" / "github")]
    fresh = [reading for reading in readings if reading.state is ReadingState.FRESH]
    assert len(readings) == 34
    assert len(fresh) >= 13
    assert sum(len(reading.listings) for reading in fresh) > 150
    assert sum(reading.state is ReadingState.RATE_LIMITED for reading in readings) == 5
    assert sum(reading.state is ReadingState.LOGIN_REQUIRED for reading in readings) == 2
    # Nobody is accused who only owns a repository.
    for listing in (listing for reading in fresh for listing in reading.listings):
        if listing.external_id.startswith(("repository/", "readme/", "code/")):
            assert {handle.role.value for handle in listing.handles} == {"host"}


def test_every_saved_refusal_has_its_state(shared_folder: Path) -> None:
    """Read by the family of its place; two places have none, and are told by the general rules."""
    folder = shared_folder / "captures" / "failures"
    rows = [line.split("\t") for line in (folder / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    assert len(rows) == 8
    by_family = 0
    for file, url, status, state in rows:
        page = page_of((folder / file).read_bytes(), url, status=int(status))
        family = FAMILIES_OF.get(host_of(url))
        by_family += family is not None
        reading = families()[family].read(page) if family else find_refusal(page, Expected("json"))
        assert reading is not None, file
        assert reading.state == state, file
        assert reading.listings == ()
    assert by_family == 6


def test_no_capture_makes_any_family_raise(shared_folder: Path) -> None:
    for page in _every_page(shared_folder / "captures"):
        recognise(page)
        for family in families().values():
            family.read(page)


def _every_page(folder: Path) -> Iterator[Page]:
    """Every file whatever it is called, packed ones unpacked."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            body = file.read_bytes()
            yield page_of(gzip.decompress(body) if file.suffix == ".gz" else body, file.as_uri())
