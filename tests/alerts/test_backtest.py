"""A backtest says exactly over which stored findings two policies differ, and how."""

from collections.abc import Iterator
from decimal import Decimal

from alerts.backtest import EXAMPLES, BacktestReport, Change, backtest, run_backtest
from alerts.policy import Policy, parse_policy
from domain.finding import Exposure, Finding, Lane
from domain.listing import Listing
from domain.money import Money
from tests.alerts.conftest import make_finding, make_listing, make_offer


def policy(share: str = "0.5", severity: str = "high", queue: str = "relays") -> Policy:
    return parse_policy(
        "rules:\n  - name: relay\n    why: Relays below a share.\n"
        f"    when: {{lane: pooled_relay, share_below: {share}}}\n"
        f"    then: {{alert: true, severity: {severity}, queue: {queue}}}\n",
        "p.yml",
    )


STORED = [(make_finding(offers=(make_offer(share),)), make_listing()) for share in ("0.1", "0.3", "0.6")]


def changes(before: Policy, after: Policy) -> list[Change]:
    return [difference.change for difference in backtest(before, after, STORED, BacktestReport())]


def test_the_same_policy_differs_over_nothing() -> None:
    report = run_backtest(policy(), policy(), STORED)
    assert (report.findings, report.alerts_before, report.alerts_after) == (3, 2, 2)
    assert not report.changes


def test_each_kind_of_difference_is_named() -> None:
    assert changes(policy(), policy("0.7")) == [Change.NEWLY_ALERTS]
    assert changes(policy(), policy("0.2")) == [Change.STOPS]
    assert changes(policy(), policy(severity="critical")) == [Change.GRAVER, Change.GRAVER]
    assert changes(policy(), policy(severity="low", queue="other")) == [Change.MILDER, Change.MILDER]
    assert changes(policy(), policy(queue="other")) == [Change.OTHER_QUEUE, Change.OTHER_QUEUE]


def test_the_rules_that_led_to_a_difference_are_counted() -> None:
    report = run_backtest(policy("0.2"), policy(), STORED)
    assert report.rules == {("no-rule", "relay"): 1}
    assert report.changes == {Change.NEWLY_ALERTS: 1}


def test_findings_are_taken_one_by_one_and_the_gravest_kept_as_examples() -> None:
    def many() -> Iterator[tuple[Finding, Listing]]:
        for number in range(500):
            exposed = Money(Decimal(number), "USD")
            lane = Lane.POOLED_RELAY if number % 2 else Lane.GREY
            yield make_finding(exposure=Exposure(exposed, exposed), lane=lane), make_listing()

    report = run_backtest(policy("0.05"), policy(), many())
    assert (report.findings, report.changes[Change.NEWLY_ALERTS]) == (500, 250)
    examples = report.examples[Change.NEWLY_ALERTS]
    assert len(examples) == EXAMPLES
    assert examples[0].finding.exposure == Exposure(Money(Decimal(499), "USD"), Money(Decimal(499), "USD"))
