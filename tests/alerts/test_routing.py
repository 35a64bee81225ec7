"""Each channel hears what it is for, at the hours it is for, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from alerts.pacing import Pace
from alerts.routing import RoutingError, build_routing, channels_for, escalating, hears_of
from domain.alert import PolicyOutcome, Severity
from tests.alerts.conftest import NOON, make_alert, make_finding, make_listing

OUTCOME = PolicyOutcome("pooled-relay", alert=True, severity=Severity.HIGH, queue="relays", policy_version="1")


def heard(route: dict[str, Any], outcome: PolicyOutcome = OUTCOME, **when: Any) -> bool:
    routing = build_routing({"duty": route})
    return channels_for(routing, outcome, make_finding(), make_listing(), **when) == ("duty",)


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ({}, True),
        ({"severities": ["critical", "high"]}, True),
        ({"severities": "critical"}, False),
        ({"queues": "rel*"}, True),
        ({"queues": ["fraud"]}, False),
        ({"lanes": ["pooled_relay"]}, True),
        ({"products": ["claude-*"]}, True),
        ({"products": ["gpt-*"]}, False),
        ({"providers": "anthropic"}, True),
        ({"platforms": ["github"]}, False),
        ({"languages": ["zh", "ru"]}, True),
        ({"sources": "telegram/*"}, True),
        ({"severities": ["high"], "languages": ["ru"]}, False),
        ({"hours": {"from": "08:00", "to": "18:00"}}, True),
        ({"hours": [{"from": "18:00", "to": "08:00"}]}, False),
        ({"escalate_after_minutes": 30}, False),
    ],
)
def test_a_channel_hears_what_it_is_for(route: dict[str, Any], expected: bool) -> None:
    assert heard(route) is expected


def test_no_alert_is_told_to_nobody() -> None:
    silent = PolicyOutcome("no-rule", alert=False, severity=Severity.LOW, queue="", policy_version="1")
    assert not heard({}, silent)


def test_the_moment_is_that_of_the_observation_unless_given() -> None:
    day = {"hours": {"from": "08:00", "to": "18:00"}}
    assert heard(day)
    assert not heard(day, now=NOON.replace(hour=20))


def test_channels_come_in_the_order_of_the_configuration() -> None:
    routing = build_routing({"b": {}, "a": {}, "c": {"severities": ["low"]}})
    assert channels_for(routing, OUTCOME, make_finding(), make_listing()) == ("b", "a")


def test_exactly_one_of_a_rota_is_on_call_at_any_time() -> None:
    rota = {"first_day": "2026-11-02", "days": 7, "of": 3, "handover": "09:00", "timezone": "Europe/Paris"}
    routing = build_routing({f"person-{turn}": {"on_call": {**rota, "turn": turn}} for turn in (1, 2, 3)})
    turns = []
    for hours in range(-24 * 30, 24 * 60, 7):
        told = channels_for(routing, OUTCOME, make_finding(), make_listing(), NOON + timedelta(hours=hours))
        assert len(told) == 1
        turns.append(told[0])
    assert len(set(turns)) == 3
    before, after = NOON.replace(day=23, hour=7, minute=59), NOON.replace(day=23, hour=8)
    assert channels_for(routing, OUTCOME, make_finding(), make_listing(), before) == ("person-3",)
    assert channels_for(routing, OUTCOME, make_finding(), make_listing(), after) == ("person-1",)


def test_a_channel_that_waits_for_others_is_named_with_its_patience_and_hears_what_its_route_says() -> None:
    routing = build_routing({"duty": {}, "lead": {"escalate_after_minutes": 30, "severities": ["critical", "high"]}})
    ((name, patience, route),) = escalating(routing)
    assert (name, patience) == ("lead", timedelta(minutes=30))
    assert hears_of(route, make_alert(), NOON)
    assert not hears_of(route, make_alert(severity=Severity.LOW), NOON)


def test_a_channel_paces_itself_as_its_kind_does_unless_told_otherwise() -> None:
    routing = build_routing(
        {
            "chat": {},
            "busy": {"budget_per_hour": 60, "reserved_for_grave": 5},
            "all": {"budget_per_hour": 0},
            "hook": {},
        },
        {"chat": 20, "busy": 20, "all": 20, "hook": None},
    )
    paces = routing.paces()
    assert (paces["chat"].budget_per_hour, paces["chat"].reserved_for_grave) == (20, 10)
    assert (paces["busy"].budget_per_hour, paces["busy"].reserved_for_grave) == (60, 5)
    assert paces["all"].budget_per_hour is None
    assert paces["hook"] == Pace()


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ({"severity": "high"}, "channel duty, routes.severity: Extra inputs"),
        ({"severities": ["huge"]}, r"routes.severities.0: .*'critical'"),
        ({"digest": "storm"}, "hourly or daily"),
        ({"budget_per_hour": 2}, "4 or more"),
        ({"budget_per_hour": 10, "reserved_for_grave": 9}, "leave two messages"),
        ({"digest": "daily", "digest_timezone": "Mars"}, "no time zone"),
        ({"on_call": {"first_day": "2026-11-02", "of": 2, "turn": 3}}, "turn 3 of 2 does not exist"),
        ({"quiet": {"from": "22:00"}}, "routes.quiet.0.to: Field required"),
    ],
)
def test_a_wrong_route_is_refused_with_channel_and_place(route: dict[str, Any], message: str) -> None:
    with pytest.raises(RoutingError, match=message):
        build_routing({"duty": route})
