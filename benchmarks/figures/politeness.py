"""Ten thousand simulated fetches by many crawls of few hosts: gaps under a floor, closed paths asked, days overdrawn.

Time is simulated; the arithmetic, the table of floors and the reading of robots.txt are the crawler's own. Breaches are
counted from the times of starts and ends alone.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from benchmarks.figure import Figure, Measurement
from crawlers.memory import RobotsRecord
from crawlers.politeness import (
    GENERAL_FLOOR,
    PUBLISHED_FLOORS,
    HostState,
    after_answer,
    after_success,
    ask_turn,
    pace_for,
)
from crawlers.robots import decide
from domain.source import Manners

FETCHES = 10_000
START = datetime(2026, 3, 1, tzinfo=UTC)
CRAWL_DELAY_SECONDS = 25.0
ROBOTS = {
    "open": (404, b""),
    "closed_part": (200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /closed/\nCrawl-delay: 25\n"),
    "all_closed": (200, b"User-agent: Undercut\nDisallow: /\n"),
    "unreachable": (503, b"busy"),
}
STATUSES = (200,) * 16 + (304, 404, 429, 503)


@dataclass(slots=True)
class _Host:
    """One host with what the crawls share of it, and the log that is judged."""

    name: str
    robots: str
    state: HostState = field(default_factory=HostState)
    last_end: datetime | None = None
    paused_until: datetime | None = None
    days: Counter[str] = field(default_factory=Counter)


def measure(quick: bool, seed: int) -> Measurement:
    """Breaches in 10,000 fetches (as many when quick: they take a second)."""
    draw = random.Random(seed)
    hosts = [_Host(name, "open") for name in PUBLISHED_FLOORS]
    hosts += [_Host(f"{robots}-{number}.example.test", robots) for robots in ROBOTS for number in range(3)]
    clocks = [START] * len(hosts)
    counted: Counter[str] = Counter(gaps=0, pauses=0, days=0, closed_paths=0)
    fetched = not_asked = 0
    while fetched < FETCHES:
        place = draw.randrange(len(hosts))
        asked, clocks[place] = _fetch(hosts[place], clocks[place], draw, counted)
        fetched += asked
        not_asked += not asked
    reference = {"fetches": float(fetched), "not_asked": float(not_asked), **{k: float(v) for k, v in counted.items()}}
    return Measurement(float(counted.total()), reference)


def _fetch(host: _Host, now: datetime, draw: random.Random, counted: Counter[str]) -> tuple[bool, datetime]:
    """One fetch, where robots.txt allows it; whether it was made, and when the host is looked at next."""
    path = draw.choice(("/list", "/closed/list", "/item/1"))
    status, body = ROBOTS[host.robots]
    decision = decide(RobotsRecord(status, body, now), f"https://{host.name}{path}")
    if not decision.allowed:
        return False, now
    counted["closed_paths"] += host.robots in ("all_closed", "unreachable") or (
        host.robots == "closed_part" and path.startswith("/closed/")
    )
    # A source may ask for anything; the floor holds all the same.
    manners = Manners(draw.choice((0.0, 1.0, 10.0, 60.0)), draw.choice((50, 500, 100_000)))
    pace = pace_for(host.name, manners, crawl_delay_seconds=decision.crawl_delay_seconds)
    while True:
        host.state, turn = ask_turn(host.state, pace, now, draw.random())
        if turn.granted:
            break
        now = turn.next_at
    _judge(host, now, counted)
    end = now + timedelta(seconds=draw.uniform(0.05, 20.0))
    answer = draw.choice(STATUSES)
    asked = draw.choice((None, 5.0, 4_000.0)) if answer in (429, 503) else None
    host.state = after_answer(host.state, pace, end, draw.random(), status=answer, asked_seconds=asked)
    if answer == 200:
        host.state = after_success(host.state)
    host.last_end = end
    host.paused_until = end + timedelta(seconds=max(60.0, asked or 0.0)) if answer in (429, 503) else None
    return True, end + timedelta(seconds=draw.uniform(0.0, 30.0))


def _judge(host: _Host, start: datetime, counted: Counter[str]) -> None:
    floor = PUBLISHED_FLOORS.get(host.name, GENERAL_FLOOR)
    least = max(floor.delay_seconds, CRAWL_DELAY_SECONDS if host.robots == "closed_part" else 0.0)
    if host.last_end is not None and (start - host.last_end).total_seconds() < least - 1e-6:
        counted["gaps"] += 1
    if host.paused_until is not None and start < host.paused_until:
        counted["pauses"] += 1
    day = f"{start:%Y-%m-%d}"
    host.days[day] += 1
    if host.days[day] > floor.most_pages_per_day:
        counted["days"] += 1


FIGURE = Figure(
    "politeness", "gaps under the floor, pauses cut, closed paths asked and days overdrawn in 10,000 fetches",
    goal=0.0, unit="breaches", measure=measure, at_least=False,
)  # fmt: skip
