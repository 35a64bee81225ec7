"""The straight line keeps its promises: refusals change no score, a sudden nothing is doubted, keys become findings."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from alerts.policy import load_policy
from alerts.routing import build_routing
from detectors.assess import Detector
from domain.listing import Handle, HandleRole, Listing
from domain.reading import Reading, ReadingState
from domain.snapshot import Page
from line.page import Instruments, PageOutcome, process_page
from line.place_history import SeenPages
from rates.book import RateBook
from storage.issuer_seal import INFO, SUITE, IssuerKeyError, load_issuer_key
from storage.store import Store, open_store
from tests.crawlers.families.golden import page_of

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://shop.example.test/list?page=1"
KEY = "sk-" + "ant-api03-" + hashlib.sha256(b"somebody's key").hexdigest()
REFUSALS = (ReadingState.BLOCKED, ReadingState.RATE_LIMITED, ReadingState.LOGIN_REQUIRED)


class Line:
    """The line over a store, with readings that a test hands in, a day apart."""

    def __init__(self, instruments: Instruments) -> None:
        self.instruments = instruments
        self.day = 0

    async def page(
        self, reading: Reading, *, body: str = "", url: str = URL, seen: SeenPages | None = None
    ) -> PageOutcome:
        async def read(family: str, page: Page) -> Reading:
            return reading

        self.day += 1
        page = page_of(body or f"page of day {self.day} {url}", url, fetched_at=START + timedelta(days=self.day))
        return await process_page(page, "any", replace(self.instruments, read=read), seen)

    async def gone(self, *ids: str) -> PageOutcome:
        return await self.page(Reading(ReadingState.GONE, "taken down", gone_ids=ids))


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    shutil.copyfile(sqlite_template, tmp_path / "undercut.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'undercut.sqlite'}", tmp_path)
    yield store
    store.close()


@pytest.fixture
def line(store: Store, rates: RateBook, detector: Detector) -> Line:
    async def unread(family: str, page: Page) -> Reading:
        raise AssertionError

    return Line(Instruments(store, unread, rates, detector, load_policy(), build_routing({})))


def listing(text: str = "Claude Max 20x account, 60 USD a month, instant delivery", **parts: object) -> Listing:
    said: dict[str, object] = {
        "source": "golden/case",
        "external_id": "7",
        "url": "https://shop.example.test/7",
        "platform": "shop",
        "title": "Claude Max 20x",
        "observed_at": START,
        "handles": (Handle("shop", "cellar-shop", HandleRole.SELLER),),
        **parts,
    }
    return Listing(text=text, **said)  # type: ignore[arg-type]


FRESH = Reading(ReadingState.FRESH, listings=(listing(),))
NOTHING = Reading(ReadingState.EMPTY, "nothing is on offer")


def remembered(store: Store) -> list[object]:
    return [
        (alert.alert_id, alert.version, alert.finding.probability, alert.finding.lane, alert.status)
        for alert in store.alerts.list(limit=100).alerts
    ]


@pytest.mark.parametrize("state", REFUSALS)
async def test_a_refusal_changes_no_score_and_removes_nothing(line: Line, store: Store, state: ReadingState) -> None:
    await line.page(FRESH)
    before = remembered(store)
    assert before
    for _ in range(5):
        outcome = await line.page(Reading(state, "no"))
        assert (outcome.stop, outcome.recorded.gone, outcome.recorded.listings) == (True, (), 0)
    assert remembered(store) == before
    again = await line.page(FRESH)
    assert (again.recorded.new_listings, again.recorded.new_versions, again.recorded.unchanged_alerts) == (0, 0, 1)
    assert remembered(store) == before
    assert (await line.gone("7")).recorded.gone == ()  # the refusals before were no first sign


async def test_removal_needs_two_explicit_signs_and_a_sighting_between_them_begins_anew(line: Line) -> None:
    await line.page(FRESH)
    assert (await line.gone("7")).recorded.gone == ()
    await line.page(FRESH)
    assert (await line.gone("7")).recorded.gone == ()
    assert (await line.gone("7")).recorded.gone == ("7",)


async def test_nothing_where_there_was_something_is_doubted_three_times_and_then_believed(line: Line) -> None:
    for _ in range(3):
        assert (await line.page(FRESH)).reading.state is ReadingState.FRESH
    doubted = [await line.page(NOTHING) for _ in range(3)]
    assert {outcome.reading.state for outcome in doubted} == {ReadingState.NOT_UNDERSTOOD}
    assert "where the last crawls had 1, 1, 1" in doubted[0].reading.reason
    assert {outcome.recorded.gone for outcome in doubted} == {()}
    assert (await line.page(NOTHING)).reading.state is ReadingState.EMPTY


async def test_another_address_of_the_source_has_a_past_of_its_own(line: Line) -> None:
    for _ in range(3):
        await line.page(FRESH)
    assert (await line.page(NOTHING, url="https://shop.example.test/other")).reading.state is ReadingState.EMPTY


async def test_one_page_for_every_page_number_is_noticed(line: Line) -> None:
    seen = SeenPages()
    first = await line.page(FRESH, body="same", seen=seen)
    second = await line.page(FRESH, body="same", url=URL.replace("page=1", "page=2"), seen=seen)
    another_search = await line.page(FRESH, body="same", url="https://shop.example.test/list?q=x", seen=seen)
    assert (first.reading.state, second.reading.state) == (ReadingState.FRESH, ReadingState.NOT_UNDERSTOOD)
    assert another_search.reading.state is ReadingState.FRESH
    empty_lists = [
        await line.page(NOTHING, body="[]", url=f"https://empty.example.test/?page={number}", seen=seen)
        for number in (1, 2)
    ]
    assert {outcome.reading.state for outcome in empty_lists} == {ReadingState.EMPTY}


async def test_a_leaked_key_is_a_finding_of_its_own_by_digest_and_place(line: Line, store: Store) -> None:
    left_about = listing(
        f"ANTHROPIC_API_KEY={KEY}\nPORT=8080", external_id="config.env", title="config.env", handles=()
    )
    await line.page(Reading(ReadingState.FRESH, listings=(left_about,)))
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    (alert,) = store.alerts.list(limit=10).alerts
    assert alert.external_id == f"leaked-key/{digest[:16]}@config.env"
    assert (alert.finding.lane, alert.severity, alert.url) == ("credential_abuse", "critical", left_about.url)
    (kept,) = store.leaked_keys.list()
    found = kept.found
    assert (found.key_sha256, found.issuer, found.kind, found.place) == (digest, "anthropic", "anthropic_key", "text")
    assert (found.external_id, found.url) == ("config.env", left_about.url)
    assert (found.sealed, found.sealed_to) == (None, "")
    assert KEY not in repr(asdict(found)) + repr(asdict(alert))


async def test_a_key_is_sealed_to_what_its_issuer_lodged_and_to_nobody_else(line: Line, store: Store) -> None:
    private = X25519PrivateKey.generate()
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    reading = Reading(ReadingState.FRESH, listings=(listing(f"free today: {KEY}"),))
    await line.page(reading)
    assert store.leaked_keys.list()[0].found.sealed is None
    line.instruments = replace(line.instruments, issuer_keys={"anthropic": load_issuer_key("anthropic", pem)})
    await line.page(reading)
    (kept,) = store.leaked_keys.list(issuer="anthropic")
    assert kept.found.sealed is not None
    assert KEY.encode() not in kept.found.sealed
    assert SUITE.decrypt(kept.found.sealed, private, INFO) == KEY.encode()
    assert store.leaked_keys.list(issuer="openai") == []
    with pytest.raises(IssuerKeyError, match="lodged by openai is not PEM"):
        load_issuer_key("openai", b"nonsense")


async def test_no_secret_stands_in_what_the_memory_keeps_as_text(line: Line, store: Store, tmp_path: Path) -> None:
    shown = listing(f"key {KEY}", url=f"https://shop.example.test/?k={KEY}", links=(f"https://x.example.test/{KEY}",))
    await line.page(
        Reading(ReadingState.FRESH, f"saw {KEY}", listings=(shown,)), url=f"https://shop.example.test/{KEY}"
    )
    store.close()
    assert not [file.name for file in _files(tmp_path) if KEY.encode() in file.read_bytes()]


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]
