"""From an alert to a report in somebody's hands and back, over a real store; only the mail server is a list."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

import orjson
import pytest

from detectors.assess import Detector
from domain.alert import PolicyOutcome, Severity
from domain.case import Role
from domain.decision import Outcome
from domain.finding import History
from domain.listing import Handle, HandleRole
from domain.report import Actor, ReportState, TransitionError
from line.decide import Verdict, decide, reverse
from line.report_desk import NOT_CONFIGURED, Opened, ReportDesk, ReportDeskError, ReportHouse
from line.report_outcomes import import_outcomes
from line.report_recheck import recheck_reports
from rates.book import RateBook
from reports.dossier import Reporter
from reports.verify import verify_packet
from storage.console_memory import ConsoleMemory
from storage.database import open_database
from storage.evidence import open_evidence
from storage.records import AssessedListing
from storage.store import Store
from tests.storage.conftest import Builder

ANNA, BEN = Actor("anna", Role.ANALYST), Actor("ben", Role.REVIEWER)
BUYER = "happy_buyer_91"
TEXT = f"Opus, half price, contact @lantern_shop. @{BUYER} bought twice. Key sk-ant-api03-"
SECRET = "aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD"


@dataclass
class Desk:
    build: Builder
    store: Store
    memory: ConsoleMemory
    desk: ReportDesk
    letters: list[EmailMessage]
    detector: Detector

    def alert(self, external_id: str = "1", *, confirmed: bool = True) -> str:
        listing = self.build.listing(
            external_id, TEXT + "[masked]",
            handles=(Handle("relay", "lantern_shop", HandleRole.SELLER), Handle("relay", BUYER, HandleRole.MENTIONED)),
        )  # fmt: skip
        page = self.build.page(self.build.assessed(external_id, listing=listing))
        [opened] = self.store.record(page).opened
        alert = opened.alert_id
        if confirmed:
            decide(self.memory, alert, Verdict(Outcome.CONFIRMED, "resold_access", "seen"), "carla", self.build.clock())
        return alert

    def see_again(self, external_id: str = "1", **page: object) -> None:
        listing = self.build.listing(external_id, TEXT + "[masked]")
        self.store.record(self.build.page(self.build.assessed(external_id, listing=listing), **page))

    def prepared(self, to: str = "anthropic", format_name: str = "text", **wish: str) -> Opened:
        return self.desk.prepare(self.alert(), to, format_name, wish, ANNA, self.build.clock())

    def approved(self, to: str = "anthropic", format_name: str = "text") -> str:
        opened = self.prepared(to, format_name)
        name = opened.kept.report.report_id
        self.desk.submit(name, ANNA, self.build.clock())
        self.desk.approve(name, opened.content_sha256, BEN, self.build.clock())
        return name


@pytest.fixture
def at(sqlite_template: Path, tmp_path: Path, rates: RateBook, detector: Detector) -> Iterator[Desk]:
    build = Builder()
    shutil.copy(sqlite_template, tmp_path / "undercut.sqlite")
    database = open_database(f"sqlite:///{tmp_path / 'undercut.sqlite'}", migrate=False)
    store = Store(database, open_evidence(tmp_path / "evidence", tmp_path / "master.key"), build.clock)
    letters: list[EmailMessage] = []

    def post(letter: EmailMessage) -> str:
        letters.append(letter)
        return "taken"

    house = ReportHouse(
        Reporter("Example Watch", "reports@watch.example", "watch.example"),
        store.evidence.derived_key("pseudonyms"), bytes(range(32)), rates, "reports@watch.example", post,
    )  # fmt: skip
    memory = ConsoleMemory(store)
    yield Desk(build, store, memory, ReportDesk(memory, house), letters, detector)
    store.close()


def test_what_is_approved_is_bit_for_bit_what_is_mailed_and_every_step_is_in_the_custody_log(at: Desk) -> None:
    opened = at.prepared()
    name = opened.kept.report.report_id
    assert [file.name for file in opened.files] == ["mail.txt", "report.txt", "links-01.txt"]
    with pytest.raises(TransitionError):
        at.desk.mail(name, ANNA, at.build.clock())
    at.desk.submit(name, ANNA, at.build.clock())
    with pytest.raises(TransitionError, match="another person"):
        at.desk.approve(name, opened.content_sha256, Actor("anna", Role.LEAD), at.build.clock())
    with pytest.raises(TransitionError, match="not what was reviewed"):
        at.desk.approve(name, "0" * 64, BEN, at.build.clock())
    at.desk.approve(name, opened.content_sha256, BEN, at.build.clock())
    assert at.letters == []
    after, answer = at.desk.mail(name, BEN, at.build.clock())
    assert answer == "taken"
    assert after.kept.report.state is ReportState.HANDED_OVER
    [letter] = at.letters
    covering = opened.files[0].body.decode()
    assert letter["To"] == "usersafety@anthropic.com"
    body = letter.get_body(("plain",))
    assert body is not None
    assert body.get_content() == covering.partition("\n\n")[2]
    sent = {part.get_filename(): part.get_payload(decode=True) for part in letter.iter_attachments()}
    assert sent == {file.name: file.body for file in opened.files[1:]}
    states = ["draft", "second_review", "approved", "handed_over"]
    assert all(len(at.store.custody.notes(f"report {state}")) == 1 for state in states)
    assert at.store.custody.verify().problems == ()


def test_no_buyer_secret_or_sellers_handle_goes_to_a_provider_and_the_packet_verifies(at: Desk) -> None:
    for format_name in ("text", "html", "stix", "misp", "csv", "jsonl", "xarf", "packet"):
        opened = at.desk.prepare(at.alert(format_name), "anthropic", format_name, {}, ANNA, at.build.clock())
        everything = b"".join(file.body for file in opened.files)
        assert BUYER.encode() not in everything
        assert b"carla" not in everything
        assert b"anna" not in everything.replace(b"channa", b"")
        if format_name != "packet":
            assert b"lantern_shop" not in everything
        else:
            packet = next(file for file in opened.files if file.name == "packet.zip")
            assert verify_packet(packet.body) == []


def test_a_recipient_that_forbids_programs_gets_nothing_by_mail(at: Desk) -> None:
    name = at.approved("github")
    with pytest.raises(TransitionError, match="a person must file it"):
        at.desk.mail(name, BEN, at.build.clock())
    assert at.letters == []
    assert at.desk.handed_over(name, BEN, at.build.clock()).kept.report.state is ReportState.HANDED_OVER


def test_nothing_goes_to_review_without_a_confirmed_alert_or_a_named_reporter(at: Desk) -> None:
    undecided = at.desk.prepare(at.alert("9", confirmed=False), "anthropic", "text", {}, ANNA, at.build.clock())
    with pytest.raises(ReportDeskError, match="not confirmed"):
        at.desk.submit(undecided.kept.report.report_id, ANNA, at.build.clock())
    nobody = ReportDesk(at.memory, replace(at.desk.house, reporter=NOT_CONFIGURED))
    draft = nobody.prepare(at.alert("10"), "anthropic", "text", {}, ANNA, at.build.clock())
    with pytest.raises(ReportDeskError, match="nobody is named as reporter"):
        nobody.submit(draft.kept.report.report_id, ANNA, at.build.clock())


def test_reversing_the_decision_prepares_a_correction_for_everybody_who_was_told(at: Desk) -> None:
    told = at.approved("anthropic", "text")
    at.desk.mail(told, BEN, at.build.clock())
    alert = at.desk.find(told).places[0].alert_id
    other = at.desk.prepare(alert, "github", "text", {}, ANNA, at.build.clock())
    at.desk.submit(other.kept.report.report_id, ANNA, at.build.clock())
    xarf = at.desk.prepare(alert, "aws", "xarf", {}, ANNA, at.build.clock())
    at.desk.submit(xarf.kept.report.report_id, ANNA, at.build.clock())
    at.desk.approve(xarf.kept.report.report_id, xarf.content_sha256, BEN, at.build.clock())
    at.desk.handed_over(xarf.kept.report.report_id, BEN, at.build.clock())
    at.build.clock.advance(days=2)
    reverse(at.memory, alert, "a partner of the provider", "lena", at.build.clock(), lead=True)
    corrections = {one.report.recipient: one for one in at.store.reports.all() if one.report.corrects}
    assert set(corrections) == {"anthropic", "aws"}
    assert at.desk.find(other.kept.report.report_id).report.state is ReportState.DRAFT
    opened = at.desk.open(corrections["anthropic"].report.report_id)
    words = next(file for file in opened.files if file.name == "report.txt").body.decode()
    assert "CORRECTION" in words
    assert "a partner of the provider" in words
    assert told in words
    assert corrections["aws"].report.format == "text"
    name = opened.kept.report.report_id
    at.desk.submit(name, ANNA, at.build.clock())
    at.desk.approve(name, opened.content_sha256, BEN, at.build.clock())
    at.desk.mail(name, BEN, at.build.clock())
    assert at.letters[-1]["Subject"].startswith("Correction ")


def test_a_place_that_comes_back_after_it_was_removed_is_noted(at: Desk) -> None:
    name = at.approved()
    at.desk.mail(name, BEN, at.build.clock())
    at.build.clock.advance(days=1, minutes=1)
    [look] = recheck_reports(at.memory, at.build.clock())
    assert look.found == "not_looked"
    assert "relay/example" in look.sources
    at.desk.heard(name, "acknowledged", "CASE-1", ANNA, at.build.clock())
    at.desk.heard(name, "removed", "accounts closed 1", ANNA, at.build.clock())
    at.build.clock.advance(days=3)
    at.see_again()
    [look] = recheck_reports(at.memory, at.build.clock())
    assert (look.found, look.state) == ("there", ReportState.RETURNED)
    assert recheck_reports(at.memory, at.build.clock()) == ()
    alert = at.desk.find(name).places[0].alert_id
    assert any("it is back" in event.note for event in at.memory.reviews.events(alert))


def test_an_answer_of_those_concerned_goes_to_everybody_who_was_told(at: Desk) -> None:
    name = at.approved()
    at.desk.mail(name, BEN, at.build.clock())
    at.build.clock.advance(days=1)
    subject = at.desk.find(name).subject
    [draft] = at.desk.reply(subject, "We are a partner, see the list.", ANNA, at.build.clock())
    words = next(file for file in at.desk.open(draft).files if file.name == "report.txt").body.decode()
    assert "Answer received: We are a partner" in words


def test_outcomes_are_imported_and_what_does_not_fit_is_said(at: Desk) -> None:
    name = at.approved()
    row = {"report_id": name, "at": at.build.clock().isoformat(), "accounts_matched": 3, "accounts_closed": 2}
    early = import_outcomes(at.desk, orjson.dumps(row), ANNA)
    assert early[0].state is None
    at.desk.mail(name, BEN, at.build.clock())
    [done] = import_outcomes(at.desk, orjson.dumps(row), ANNA)
    assert done.state == "removed"
    assert "accounts closed 2" in done.said


def test_an_erased_listing_takes_the_reports_words_along(at: Desk) -> None:
    opened = at.prepared()
    at.store.erasure.erase_listing("relay/example", "1", actor="op", reason="request 4")
    assert at.store.reports.files(opened.kept.report.report_id) == ()
    assert at.store.reports.get(opened.kept.report.report_id).places == ()
    assert at.store.verify().problems == ()


def test_a_price_in_another_currency_is_shown_with_the_exchange_rate_of_the_day_it_was_compared_on(at: Desk) -> None:
    text = "Claude Opus 5.5 官转直连上线 输入 ¥9.9 / 百万 token"
    posted = datetime(2026, 10, 29, 8, tzinfo=UTC)
    at.build.clock.now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    listing = at.build.listing("7", text, platform="telegram", title="", one_time=True, posted_at=posted)
    finding = at.detector.assess(listing, at.desk.house.rates, History())
    compared = [one for one in finding.offers if one.comparison.share is not None]
    assert compared
    assessed = AssessedListing(listing, finding, PolicyOutcome("r", True, Severity.HIGH, "q", "p"), ())
    [opened] = at.store.record(at.build.page(assessed)).opened
    draft = at.desk.prepare(opened.alert_id, "anthropic", "jsonl", {}, ANNA, at.build.clock())
    lines = next(file for file in draft.files if file.name == "offers.jsonl").body.decode().splitlines()
    row = orjson.loads(lines[finding.offers.index(compared[0])])
    said = re.search(r"1 USD = ([0-9.]+) CNY, official rate of (20[0-9-]+)", row["assumptions"])
    assert said is not None
    assert said[2] == "2026-10"
    official = compared[0].comparison.official
    assert official is not None
    again = Decimal("9.9") / Decimal(said[1]) / official.price.amount
    assert abs(again - Decimal(row["share_best"])) < Decimal("0.0002")
