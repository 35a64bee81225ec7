"""What the clock does to alerts: those that slept long enough wake, those left alone are told to somebody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alerts.routing import Route, Routing, escalating, hears_of
from storage.alerts import AlertFilter
from storage.reviews import Reviews
from storage.store import Store

LOOKS_BACK: Final = timedelta(days=7)
"""An alert that was left alone for longer than this beyond a channel's patience is told to it no more."""

AT_A_TIME: Final = 200


@dataclass(frozen=True, slots=True)
class Tended:
    """How many alerts woke, and how many notices of alerts left alone are new."""

    woken: int
    escalated: int


def tend(store: Store, routing: Routing, now: datetime) -> Tended:
    """Wake what slept long enough and escalate what was left alone; doing it again changes nothing."""
    woken = Reviews(store.database).wake(now)
    escalated = sum(_escalate(store, name, route, now - patience, now) for name, patience, route in escalating(routing))
    return Tended(woken, escalated)


def _escalate(store: Store, channel: str, route: Route, until: datetime, now: datetime) -> int:
    wanted = AlertFilter(severities=frozenset(route.severities or ()), lanes=frozenset(route.lanes or ()))
    new, after = 0, ""
    while True:
        found = store.alerts.left_alone(channel, until - LOOKS_BACK, until, wanted, after=after, limit=AT_A_TIME)
        new += sum(store.outbox.add(alert, [channel], now) for alert in found if hears_of(route, alert, now))
        if len(found) < AT_A_TIME:
            return new
        after = found[-1].alert_id
