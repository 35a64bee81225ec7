"""A digest counts honestly, names the gravest, and is known as a repeat when it is sent again."""

from datetime import timedelta
from decimal import Decimal

from alerts.digest import SHOWN, DigestReason, build_digest
from alerts.message import Detail, House, compose_digest
from domain.alert import Notice, Severity
from domain.finding import Exposure, Lane
from domain.money import Money
from tests.alerts.conftest import NOON, make_alert, make_finding, make_notice


def storm(count: int) -> list[Notice]:
    notices = [make_notice(number, created_at=NOON + timedelta(seconds=number)) for number in range(count)]
    grave = make_alert("grave", severity=Severity.CRITICAL, finding=make_finding(lane=Lane.CREDENTIAL_ABUSE))
    return [*notices, make_notice(alert=grave)]


def test_a_digest_counts_all_and_names_the_gravest_first() -> None:
    digest = build_digest("duty", DigestReason.STORM, storm(100), NOON)
    assert (digest.notices, digest.alerts) == (101, 101)
    assert digest.severities == ((Severity.CRITICAL, 1), (Severity.HIGH, 100))
    assert digest.lanes == (("pooled_relay", 100), ("credential_abuse", 1))
    assert digest.gravest[0].alert_id == "grave"
    assert len(digest.gravest) == SHOWN
    assert (digest.first_at, digest.last_at) == (NOON, NOON + timedelta(seconds=99))


def test_versions_of_one_alert_count_as_one_alert_and_show_the_newest() -> None:
    versions = [make_notice(alert=make_alert(version=version)) for version in (1, 3, 2)]
    digest = build_digest("duty", DigestReason.HOURLY, versions, NOON)
    assert (digest.notices, digest.alerts) == (3, 1)
    assert [alert.version for alert in digest.gravest] == [3]


def test_unknown_exposure_ranks_after_any_known_one() -> None:
    known = make_finding(exposure=Exposure(Money(Decimal(0), "USD"), Money(Decimal(0), "USD")), probability=0.5)
    notices = [
        make_notice(alert=make_alert("unknown", finding=make_finding(exposure=None))),
        make_notice(alert=make_alert("known", finding=known)),
    ]
    digest = build_digest("duty", DigestReason.DAILY, notices, NOON)
    assert [alert.alert_id for alert in digest.gravest] == ["known", "unknown"]


def test_the_same_notices_make_the_same_key_in_any_order() -> None:
    notices = storm(5)
    key = build_digest("duty", DigestReason.STORM, notices, NOON).idempotency_key
    assert build_digest("duty", DigestReason.STORM, notices[::-1], NOON + timedelta(hours=1)).idempotency_key == key
    assert build_digest("lead", DigestReason.STORM, notices, NOON).idempotency_key != key
    assert build_digest("duty", DigestReason.STORM, notices[1:], NOON).idempotency_key != key


def test_a_minimal_digest_names_no_place_and_no_share() -> None:
    digest = build_digest("duty", DigestReason.STORM, storm(30), NOON)
    minimal = repr(compose_digest(digest, House(Detail.MINIMAL, "https://console.example.test")))
    assert "example_channel" not in minimal
    assert "%" not in minimal
    full = compose_digest(digest, House(Detail.FULL))
    assert full.subject == "31 alerts more than this channel takes in an hour"
    assert any(line.label == "Places" and line.value == "telegram/example_channel 31" for line in full.lines)
