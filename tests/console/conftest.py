"""A console over a store of its own, with people in every role; nothing of ours is mocked."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from alerts.policy import load_policy
from console.app import create_app
from console.routing import COOKIE
from console.services import Services
from detectors.assess import Detector, load_detector
from domain.alert import PolicyOutcome, Severity
from domain.clock import utc_now
from domain.finding import History
from domain.listing import Handle, HandleRole, Listing
from domain.reading import Reading, ReadingState
from domain.snapshot import Snapshot
from jobs.console import listen
from line.access import Role, invite, join
from line.report_desk import ReportHouse
from rates.book import RateBook, load_rate_book
from reports.dossier import Reporter
from storage.console_memory import ConsoleMemory
from storage.records import AssessedListing, PageRecord
from storage.store import Store, open_store
from tests.console.served import CHROMIUM, Served

START = datetime(2026, 7, 15, 12, 0, tzinfo=UTC)
HOST = "127.0.0.1:8642"
PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def rates() -> RateBook:
    return load_rate_book()


@pytest.fixture(scope="session")
def detector(rates: RateBook) -> Detector:
    return load_detector(rates=rates)


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass(repr=False)  # the detector's own would be megabytes in every traceback
class House:
    """A store with alerts, and the console over it."""

    memory: ConsoleMemory
    services: Services
    clock: Clock
    detector: Detector
    rates: RateBook
    tokens: dict[str, str] = field(default_factory=dict)

    def alert(
        self, number: int = 1, *, severity: Severity = Severity.HIGH, screenshot: bytes | None = None, **parts: object
    ) -> str:
        """Raise one alert the way the line does; its id."""
        listing = replace(
            Listing(
                source="relay/example",
                external_id=f"item-{number}",
                url=f"https://shop.example.test/{number}",
                platform="relay",
                title=f"Claude Max 20x account {number}",
                text="Claude Max 20x ready account, $40 a month, warranty 30 days, contact @seller_example",
                observed_at=self.clock(),
                handles=(Handle("relay", "seller_example", HandleRole.SELLER),),
            ),
            **parts,
        )
        finding = self.detector.assess(listing, self.rates, History())
        outcome = PolicyOutcome("subscription-resale", True, severity, "resale", "policy-1")
        snapshot = Snapshot(
            source=listing.source,
            url_asked=listing.url[:200],
            url_answered=listing.url[:200],
            status=200,
            headers={},
            fetched_at=self.clock(),
            transport="plain",
            sha256=listing.content_hash,
            body_bytes=1,
            screenshot_sha256=None if screenshot is None else self.memory.store.evidence.keep(screenshot),
        )
        record = PageRecord(snapshot, Reading(ReadingState.FRESH), (AssessedListing(listing, finding, outcome),))
        recorded = self.memory.store.record(record)
        return recorded.alerts[0].alert_id

    def person(self, *roles: Role, name: str | None = None) -> "Browser":
        """Somebody with these roles, logged in."""
        name = name or "-".join(roles)
        accounts = self.memory.accounts
        token = invite(accounts, frozenset(roles), "test", self.clock())
        session = join(accounts, token, name, PASSWORD, self.clock())
        return self.browser(session.token, name)

    def browser(self, token: str = "", name: str = "") -> "Browser":
        client = TestClient(
            create_app(self.services), base_url=f"http://{HOST}", follow_redirects=False, raise_server_exceptions=True
        )
        if token:
            client.cookies.set(COOKIE, token)
        return Browser(self, client, token, name)


@dataclass(repr=False)
class Browser:
    """Somebody's browser: it sends what browsers send, and the form's token."""

    house: House
    client: TestClient
    token: str
    name: str

    @property
    def csrf(self) -> str:
        session = self.house.memory.accounts.session(
            self.token, self.house.clock(), idle=timedelta(hours=9), longest=timedelta(hours=99)
        )
        return session.csrf if session else ""

    def get(self, path: str, **headers: str):
        return self.client.get(path, headers=headers)

    def post(self, path: str, headers: dict[str, str] | None = None, **form: object):
        sent = {name: _sendable(value) for name, value in {"csrf": self.csrf, **form}.items()}
        return self.client.post(path, data=sent, headers={"sec-fetch-site": "same-origin", **(headers or {})})


def _sendable(value: object) -> object:
    """As a browser sends it: what has no UTF-8 becomes a question mark."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return [_sendable(one) for one in value] if isinstance(value, list | tuple) else value


@pytest.fixture
def house(tmp_path: Path, sqlite_template: Path, detector: Detector, rates: RateBook) -> Iterator[House]:
    """A console over an empty store."""
    clock = Clock()
    shutil.copyfile(sqlite_template, tmp_path / "undercut.sqlite")
    store: Store = open_store(f"sqlite:///{tmp_path / 'undercut.sqlite'}", tmp_path, clock=clock)
    yield make_house(store, clock, detector, rates)
    store.close()


def make_house(store: Store, clock: Clock, detector: Detector, rates: RateBook) -> House:
    memory = ConsoleMemory(store)
    services = Services(
        memory=memory,
        rates=rates,
        detector=detector,
        policy=load_policy(None),
        sources={},
        why_not=lambda source: None,
        hosts=frozenset({HOST}),
        report_house=ReportHouse(
            Reporter("Example Watch", "reports@watch.example", "watch.example"),
            bytes(range(32)),
            bytes(range(32)),
            rates,
        ),
        clock=clock,
    )
    return House(memory, services, clock, detector, rates)


@pytest.fixture
def served(tmp_path: Path, sqlite_template: Path, detector: Detector, rates: RateBook) -> Iterator[Served]:
    """A console over an empty store that real browsers can ask."""
    shutil.copyfile(sqlite_template, tmp_path / "undercut.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'undercut.sqlite'}", tmp_path)
    house = make_house(store, Clock(utc_now()), detector, rates)
    listener = listen("127.0.0.1", 0)
    address = f"127.0.0.1:{listener.getsockname()[1]}"
    house.services = replace(house.services, hosts=frozenset({address}))
    server = uvicorn.Server(uvicorn.Config(create_app(house.services), log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield Served(house, f"http://{address}")
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()
    store.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """The system's Chromium; skips where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def analyst(house: House) -> Browser:
    return house.person(Role.ANALYST, name="Ana")


@pytest.fixture
def second(house: House) -> Browser:
    return house.person(Role.ANALYST, name="Ben")


@pytest.fixture
def lead(house: House) -> Browser:
    return house.person(Role.LEAD, name="Lea")


@pytest.fixture
def open_person(house: House) -> Callable[..., Browser]:
    return house.person
