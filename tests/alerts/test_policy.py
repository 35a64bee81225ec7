"""The policy decides by its first rule that holds, and refuses what cannot be meant."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.policy import NO_RULE, decide, load_policy, parse_policy
from alerts.policy_file import PolicyError
from domain.alert import Severity
from domain.finding import Authorisation, Finding, Lane, Verdict
from tests.alerts.conftest import make_finding, make_listing, make_offer

LISTING = make_listing()
SHIPPED = load_policy()
SMALL = """
rules:
  - name: cheap-relay
    why: Half of the official price or less.
    when:
      lane: pooled_relay
      share_below: 0.5
    then: {alert: true, severity: high, queue: relays}
"""


@pytest.mark.parametrize(
    ("finding", "rule", "severity"),
    [
        (make_finding(lane=Lane.CREDENTIAL_ABUSE, offers=()), "stolen-credentials", Severity.CRITICAL),
        (
            make_finding(lane=Lane.CREDENTIAL_ABUSE, authorisation=Authorisation.NOT_NEEDED),
            "stolen-credentials",
            Severity.CRITICAL,
        ),
        (make_finding(lane=Lane.FRAUD_SUPPLY), "fraudulent-supply", Severity.HIGH),
        (make_finding(), "pooled-relay", Severity.HIGH),
        (make_finding(offers=(make_offer(None),)), "pooled-relay-dearer", Severity.LOW),
        (make_finding(offers=(make_offer("0.5"),)), "pooled-relay-dearer", Severity.LOW),
        (make_finding(lane=Lane.COMMERCIAL_RESALE), "commercial-resale", Severity.MEDIUM),
        (
            make_finding(lane=Lane.COMMERCIAL_RESALE, offers=(make_offer(None),)),
            "commercial-resale-dearer",
            Severity.LOW,
        ),
        (
            make_finding(
                lane=Lane.COMMERCIAL_RESALE,
                authorisation=Authorisation.DENIED_BY_PROVIDER,
                offers=(make_offer("0.95"),),
            ),
            "denied-reseller",
            Severity.HIGH,
        ),
    ],
)
def test_the_shipped_policy_alerts(finding: Finding, rule: str, severity: Severity) -> None:
    outcome = decide(SHIPPED, finding, LISTING)
    assert (outcome.alert, outcome.rule, outcome.severity) == (True, rule, severity)
    assert outcome.queue


@pytest.mark.parametrize(
    "finding",
    [
        make_finding(lane=Lane.GREY),
        make_finding(lane=Lane.NONE, verdict=Verdict.NOT_RESALE),
        make_finding(authorisation=Authorisation.LISTED, lane=Lane.CREDENTIAL_ABUSE),
        make_finding(authorisation=Authorisation.NOT_NEEDED),
        make_finding(verdict=Verdict.UNSURE, lane=Lane.CREDENTIAL_ABUSE),
    ],
)
def test_the_shipped_policy_stays_silent(finding: Finding) -> None:
    assert not decide(SHIPPED, finding, LISTING).alert


@given(
    st.decimals("0.0001", "1", places=4),
    st.sampled_from(list(Lane)),
    st.sampled_from(list(Authorisation)),
)
def test_a_low_price_alone_never_alerts(share: Decimal, lane: Lane, authorisation: Authorisation) -> None:
    finding = make_finding(
        offers=(make_offer(str(share)),), lane=lane, authorisation=authorisation, verdict=Verdict.NOT_RESALE
    )
    assert not decide(SHIPPED, finding, LISTING).alert


def test_the_first_rule_that_holds_decides() -> None:
    earlier = """
  - name: known-partner
    why: The house has a contract with this seller.
    when: {seller: "example_seller"}
    then: {alert: false}
"""
    with_exception = parse_policy(SMALL.replace("rules:\n", f"rules:{earlier}"), "policy.yml")
    assert decide(parse_policy(SMALL, "policy.yml"), make_finding(), LISTING).alert
    outcome = decide(with_exception, make_finding(), LISTING)
    assert (outcome.rule, outcome.alert) == ("known-partner", False)


def test_a_finding_that_no_rule_wants_is_no_alert() -> None:
    outcome = decide(parse_policy(SMALL, "policy.yml"), make_finding(lane=Lane.GREY), LISTING)
    assert (outcome.rule, outcome.alert) == (NO_RULE, False)


def test_an_exception_stops_a_rule_only_as_a_whole() -> None:
    text = SMALL.replace("    then:", "    unless: {platform: telegram, language: ru}\n    then:")
    policy = parse_policy(text, "policy.yml")
    assert decide(policy, make_finding(language="zh"), LISTING).alert
    assert not decide(policy, make_finding(language="ru"), LISTING).alert


def test_the_version_is_of_what_the_rules_say_not_of_how_they_are_written() -> None:
    policy = parse_policy(SMALL, "policy.yml")
    rewritten = parse_policy("# a comment\n" + SMALL.replace("lane: pooled_relay", "lane: [pooled_relay]"), "other.yml")
    changed = parse_policy(SMALL.replace("0.5", "0.4"), "policy.yml")
    assert policy.version == rewritten.version != changed.version
    assert decide(policy, make_finding(), LISTING).policy_version == policy.version


@pytest.mark.parametrize(
    ("change", "to", "message"),
    [
        (
            "share_below: 0.5",
            "share_bellow: 0.5",
            r"rule 1 'cheap-relay', when.share_bellow: .*did you mean 'share_below'",
        ),
        ("share_below: 0.5", "share_below: 50", r"rule 1 'cheap-relay', when.share_below: .*less than or equal to 5"),
        ("lane: pooled_relay", "lane: pooled", r"when.lane.0: .*'credential_abuse'"),
        ("severity: high, ", "", r"then: alert: true needs a severity and a queue"),
        ("alert: true", "alert: false", r"takes neither severity nor queue"),
        ("    why: Half of the official price or less.\n", "", r"'cheap-relay', why: is missing; add it"),
        ("name: cheap-relay", "name: no-rule", r"choose another"),
        ("      lane: pooled_relay\n      share_below: 0.5", "      {}", r"would take every finding"),
        ("lane: pooled_relay", "lane: pooled_relay\n      lane: grey", r"line 7, column 7: 'lane' stands twice"),
        ("lane: pooled_relay", "lane: &x pooled_relay\n      verdict: *x", r"aliases are not used here"),
        ("rules:", "rulez:", r"did you mean 'rules'"),
        ("lane: pooled_relay", "lane: pooled_relay\n      no: 1", r"False is no name"),
        ("lane: pooled_relay", "lane: [", r"policy.yml: line"),
    ],
)
def test_a_wrong_policy_is_refused_with_file_rule_and_mend(change: str, to: str, message: str) -> None:
    assert change in SMALL
    with pytest.raises(PolicyError, match=message) as caught:
        parse_policy(SMALL.replace(change, to), "policy.yml")
    assert str(caught.value).startswith("policy.yml: ")


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(SMALL.replace("share_below", "shares").replace("pooled_relay", "relay"), "policy.yml")
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["", "- a list", "rules: []", "rules: {}", "[" * 1500, "x" * 400_000, "a: \x00"])
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_policy(text, "policy.yml")


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(PolicyError, match="two rules are named cheap-relay"):
        parse_policy(SMALL + SMALL.removeprefix("\nrules:\n"), "policy.yml")


def test_a_policy_is_read_from_a_file_or_its_absence_named(tmp_path: Path) -> None:
    path = tmp_path / "policy.yml"
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(path)
    path.write_text(SMALL, "utf-8")
    assert load_policy(path).version == parse_policy(SMALL, "x").version
