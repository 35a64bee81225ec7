"""An explanation names the rule that spoke and, for every other, what would have had to differ."""

from alerts.explanation import explain
from alerts.policy import load_policy, parse_policy
from domain.finding import Lane
from domain.listing import Handle, HandleRole
from tests.alerts.conftest import make_finding, make_listing, make_offer


def test_the_deciding_rule_and_the_differences_of_the_others_are_named() -> None:
    explanation = explain(load_policy(), make_finding(), make_listing())
    by_name = {report.rule: report for report in explanation.rules}
    assert explanation.outcome.rule == "pooled-relay"
    assert [report.rule for report in explanation.rules if report.decided] == ["pooled-relay"]
    assert by_name["pooled-relay"].would_have_to_differ == ()
    assert by_name["stolen-credentials"].would_have_to_differ == (
        "lane: needs one of credential_abuse, found pooled_relay",
    )
    assert by_name["commercial-resale"].would_have_to_differ == (
        "lane: needs one of commercial_resale, found pooled_relay",
    )


def test_a_near_miss_says_by_how_much() -> None:
    explanation = explain(load_policy(), make_finding(offers=(make_offer("0.62"),)), make_listing())
    assert explanation.outcome.rule == "pooled-relay-dearer"
    relay = next(report for report in explanation.rules if report.rule == "pooled-relay")
    assert relay.would_have_to_differ == ("share_below: needs a confirmed share below 0.5, found 0.62",)
    assert "pooled-relay-dearer decided" in explanation.lines[0]


def test_an_exception_that_stopped_a_rule_is_named() -> None:
    policy = parse_policy(
        "rules:\n  - name: relay\n    why: Relays are looked at here.\n    when: {lane: pooled_relay}\n"
        "    unless: {seller: example_seller}\n    then: {alert: true, severity: low, queue: relays}\n",
        "p.yml",
    )
    (report,) = explain(policy, make_finding(), make_listing()).rules
    assert report.would_have_to_differ == (
        "unless: the exception holds as a whole: seller (at least one of example_seller)",
    )


def test_a_later_rule_that_also_holds_is_said_to() -> None:
    policy = parse_policy(
        "rules:\n"
        "  - {name: one, why: the first of two, when: {lane: grey}, then: {alert: false}}\n"
        "  - {name: two, why: the second of two, when: {lane: grey}, then: {alert: false}}\n",
        "p.yml",
    )
    explanation = explain(policy, make_finding(lane=Lane.GREY), make_listing())
    assert any("two: holds too, but a rule before it decided" in line for line in explanation.lines)


def test_what_a_seller_is_called_is_shown_without_acting() -> None:
    policy = parse_policy(
        "rules:\n  - {name: one, why: asks for a seller, when: {seller: somebody}, then: {alert: false}}\n", "p.yml"
    )
    hostile = Handle("telegram", "\x1b[31m\u202ehttps://evil.example.test", HandleRole.SELLER)
    lines = "\n".join(explain(policy, make_finding(), make_listing(handles=(hostile,))).lines)
    assert "\x1b" not in lines
    assert "\u202e" not in lines
    assert "https://" not in lines


def test_names_of_signals_can_be_copied_into_a_policy() -> None:
    rules = "rules:\n  - name: r\n    why: Some reason that is long enough.\n    when: {signals_any: [x.y]}\n"
    policy = parse_policy(rules + "    then: {alert: false}\n", "p")
    [report] = explain(policy, make_finding(), make_listing()).rules
    assert "supply.pooled_accounts" in report.conditions[0].found
