"""Processes that record and tell alerts, killed at every named point and at random: what is lost, what comes twice."""

import multiprocessing
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.senders import ChannelSpec
from benchmarks.alert_killing import AFTER_ACCEPTANCE, Point, Task, work
from benchmarks.figure import Figure, Measurement
from jobs.config import Config
from storage.outbox import NoticeState
from storage.store import open_store
from street.receivers.running import BOT_TOKEN, CHAT_ID, Receivers, receivers_in_thread

QUICK_AT_EACH, FULL_AT_EACH = 1, 20
QUICK_RANDOM, FULL_RANDOM = 4, 340
ALERTS_A_PAGE = 3
LEASE_AND_MORE_SECONDS = 400.0
LONGEST_LIFE_SECONDS = 60.0
USUAL_LIFE_SECONDS = 0.6
ENDS = 8
CHILDREN = multiprocessing.get_context("forkserver")


@dataclass
class Tally:
    """What happened to the children so far."""

    page: int = 0
    kills: int = 0
    after_acceptance: int = 0
    ahead_seconds: float = 0.0


def measure(quick: bool, seed: int) -> Measurement:
    """Alerts lost, plus messages repeated beyond what is allowed."""
    at_each, at_random = (QUICK_AT_EACH, QUICK_RANDOM) if quick else (FULL_AT_EACH, FULL_RANDOM)
    chance = random.Random(seed)
    CHILDREN.set_forkserver_preload(["benchmarks.alert_killing", "alerts.channels.telegram", "alerts.channels.webhook"])
    tally = Tally()
    with TemporaryDirectory(prefix="undercut-bench-") as folder, receivers_in_thread() as receivers:
        open_store(Config(data_folder=Path(folder)).database, Path(folder)).close()
        channels = _channels(receivers)
        for point in [point for point in Point if point is not Point.NONE] * at_each:
            _until_killed(folder, channels, tally, point, chance)
        for _ in range(at_random):
            _kill_at_random(folder, channels, tally, chance)
        for _ in range(ENDS):
            _live(Task(folder, 0, 0, channels, Point.NONE, 1, tally.ahead_seconds), None)
            tally.ahead_seconds += LEASE_AND_MORE_SECONDS
        return _judge(folder, channels, receivers, tally)


def _channels(receivers: Receivers) -> dict[str, ChannelSpec]:
    bot = {"chat_id": CHAT_ID, "base_url": receivers.bot_api.base_url, "timeout_seconds": "30"}
    hook = {"url": receivers.webhook.address, "secret": "a-secret-of-the-benchmark"}
    return {
        "telegram": ChannelSpec("telegram", bot, {"token": BOT_TOKEN}),
        "webhook": ChannelSpec("webhook", {"timeout_seconds": "30"}, hook),
    }


def _until_killed(
    folder: str, channels: dict[str, ChannelSpec], tally: Tally, point: Point, chance: random.Random
) -> None:
    """One child that ends at the point; which of the times it passes there is drawn by chance."""
    nth = 1 if point in (Point.RECORDING, Point.RECORDED, Point.CLAIMING, Point.CLAIMED) else chance.randint(1, 4)
    killed = _live(Task(folder, tally.page, ALERTS_A_PAGE, channels, point, nth, tally.ahead_seconds), None)
    if not killed:
        raise AssertionError(f"the child never came to the point {point}")
    tally.after_acceptance += point in AFTER_ACCEPTANCE
    _next(folder, channels, tally, point is Point.RECORDING)


def _kill_at_random(folder: str, channels: dict[str, ChannelSpec], tally: Tally, chance: random.Random) -> None:
    task = Task(folder, tally.page, ALERTS_A_PAGE, channels, Point.NONE, 1, tally.ahead_seconds)
    _live(task, chance.random() * USUAL_LIFE_SECONDS)
    # Where it ended is not known, so it may have been between acceptance and record.
    tally.after_acceptance += 1
    _next(folder, channels, tally, again=True)


def _next(folder: str, channels: dict[str, ChannelSpec], tally: Tally, again: bool) -> None:
    """Record the page once more where the first time may have been lost, as a crawl that was killed is run again."""
    tally.kills += 1
    tally.ahead_seconds += LEASE_AND_MORE_SECONDS
    if again:
        _live(Task(folder, tally.page, ALERTS_A_PAGE, channels, Point.NONE, 1, tally.ahead_seconds), None)
    tally.page += 1


def _live(task: Task, kill_after: float | None) -> bool:
    """Let a child work; True where it was killed."""
    child = CHILDREN.Process(target=work, args=(task,))
    child.start()
    if kill_after is not None:
        child.join(kill_after)
        child.kill()
    child.join(LONGEST_LIFE_SECONDS)
    if child.exitcode is None:
        child.kill()
        raise TimeoutError(f"a child did not end within {LONGEST_LIFE_SECONDS:.0f} s")
    if child.exitcode > 0:
        raise AssertionError(f"a child failed with status {child.exitcode}; see above")
    return child.exitcode < 0


def _judge(folder: str, channels: dict[str, ChannelSpec], receivers: Receivers, tally: Tally) -> Measurement:
    store = open_store(Config(data_folder=Path(folder)).database, Path(folder))
    try:
        counts = store.outbox.counts()
        alerts = store.alerts.count()
    finally:
        store.close()
    expected = tally.page * ALERTS_A_PAGE
    undelivered = sum(count for state, count in counts.items() if state != NoticeState.DELIVERED)
    keys = Counter(request.headers["idempotency-key"] for request in receivers.webhook.taken)
    texts = Counter(sent.text for sent in receivers.bot_api.sent)
    lost = (expected - alerts) + undelivered + (expected - len(keys)) + (expected - len(texts))
    repeated = sum(texts.values()) - len(texts)
    too_often = max(0, repeated - tally.after_acceptance)
    return Measurement(
        float(lost + too_often),
        {
            "kills": tally.kills,
            "alerts": expected,
            "lost": lost,
            "seen_twice_by_key": len(keys) - expected,
            "repeated_without_key": repeated,
            "crashes_that_may_repeat": tally.after_acceptance,
        },
    )


FIGURE = Figure(
    name="alert_kills",
    title="500 kills, 20 at every named crash point: alerts lost, and messages repeated beyond what is allowed",
    goal=0.0,
    unit="alerts",
    measure=measure,
    at_least=False,
)
