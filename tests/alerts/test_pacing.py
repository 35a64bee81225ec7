"""A channel says no more than people bear, keeps room for the gravest, and holds or folds the rest, never drops it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.digest import DigestReason
from alerts.pacing import HOUR, SETTLE, Fold, Gate, Hold, MemoryMessageLog, Pace, Rhythm, Said, Send
from alerts.windows import Window
from domain.alert import Notice, Severity
from tests.alerts.conftest import NOON, HandClock, make_alert, make_notice

NIGHT = Window.model_validate({"from": "22:00", "to": "07:00"})
STORM = Fold(DigestReason.STORM)


def notice(severity: Severity = Severity.HIGH, number: int = 1) -> Notice:
    return make_notice(alert=make_alert(f"al-{number}", severity=severity))


def gate(pace: Pace) -> Gate:
    return Gate("duty", pace, MemoryMessageLog())


def test_without_limits_everything_is_said_at_once() -> None:
    assert gate(Pace()).ask(notice(Severity.LOW), NOON) == Send()


def test_quiet_hours_hold_all_but_the_urgent() -> None:
    quiet = gate(Pace(quiet=(NIGHT,)))
    night = NOON.replace(hour=23)
    morning = (night + timedelta(days=1)).replace(hour=7)
    assert quiet.ask(notice(), night) == Hold(morning, "quiet hours")
    assert quiet.ask(notice(Severity.CRITICAL), night) == Send()
    assert quiet.ask(notice(), morning) == Send()


def test_a_digest_holds_until_its_slot_and_then_folds() -> None:
    hourly = gate(Pace(digest=Rhythm(DigestReason.HOURLY)))
    assert hourly.ask(notice(), NOON + timedelta(minutes=5)) == Hold(NOON + HOUR, "hourly digest")
    assert hourly.ask(notice(), NOON + HOUR) == Fold(DigestReason.HOURLY)
    assert hourly.ask(notice(Severity.CRITICAL), NOON) == Send()
    daily = gate(Pace(digest=Rhythm(DigestReason.DAILY)))
    tomorrow = NOON.replace(day=25, hour=8)
    assert daily.ask(notice(), NOON) == Hold(tomorrow, "daily digest")
    assert daily.ask(notice(), tomorrow) == Fold(DigestReason.DAILY)


def test_a_spent_budget_holds_for_a_summary_soon_and_then_hourly() -> None:
    pace = Pace(budget_per_hour=6, reserved_for_grave=2)
    duty, clock = gate(pace), HandClock()
    for number in range(3):
        assert duty.ask(notice(number=number), clock.now) == Send()
        duty.note(notice(number=number), clock.now)
    assert duty.ask(notice(), clock.now) == Hold(NOON + SETTLE, "the channel's hourly budget is spent")
    clock.forward(minutes=1)
    assert duty.ask(notice(), clock.now) == Hold(NOON + SETTLE, "the channel's hourly budget is spent")
    clock.forward(minutes=4)
    assert duty.ask(notice(), clock.now) == STORM
    duty.note_digest(clock.now)
    told_at = clock.now
    clock.forward(minutes=1)
    assert duty.ask(notice(), clock.now) == Hold(told_at + HOUR, "the channel's hourly budget is spent")


def test_the_gravest_have_room_in_a_storm_until_that_is_spent_too() -> None:
    duty = gate(Pace(budget_per_hour=6, reserved_for_grave=2))
    for number in range(3):
        duty.note(notice(number=number), NOON)
    assert isinstance(duty.ask(notice(), NOON), Hold)
    for number in range(2):
        assert duty.ask(notice(Severity.CRITICAL, number), NOON) == Send()
        duty.note(notice(Severity.CRITICAL, number), NOON)
    assert isinstance(duty.ask(notice(Severity.CRITICAL), NOON), Hold)


def test_the_budget_comes_back_after_an_hour() -> None:
    duty = gate(Pace(budget_per_hour=4, reserved_for_grave=0))
    for _ in range(3):
        duty.note(notice(), NOON)
    duty.note_digest(NOON + SETTLE)
    assert duty.ask(notice(), NOON + timedelta(hours=1, minutes=6)) == Send()


@given(
    st.integers(4, 30),
    st.lists(st.tuples(st.floats(0, 600), st.sampled_from(list(Severity))), max_size=120),
    st.data(),
)
def test_no_sixty_minutes_hold_more_messages_than_the_budget(
    budget: int, arrivals: list[tuple[float, Severity]], data: st.DataObject
) -> None:
    reserved = data.draw(st.integers(0, budget - 2))
    log, clock = MemoryMessageLog(), HandClock()
    duty = Gate("duty", Pace(budget_per_hour=budget, reserved_for_grave=reserved), log)
    said = []
    for number, (seconds, severity) in enumerate(arrivals):
        clock.forward(seconds=seconds)
        told = notice(severity, number)
        verdict = duty.ask(told, clock.now)
        if verdict == Send():
            duty.note(told, clock.now)
            said.append(clock.now)
        elif verdict == STORM:
            duty.note_digest(clock.now)
            said.append(clock.now)
        else:
            assert isinstance(verdict, Hold)
            assert verdict.until > clock.now
    for moment in said:
        assert sum(1 for other in said if moment - HOUR < other <= moment) <= budget


class CountedLog(MemoryMessageLog):
    """A log that counts how often it is read."""

    reads = 0

    def since(self, channel: str, moment: datetime) -> Sequence[tuple[datetime, str]]:
        self.reads += 1
        return super().since(channel, moment)


def test_holding_a_storm_does_not_read_the_log_for_every_notice() -> None:
    log = CountedLog()
    duty = Gate("duty", Pace(budget_per_hour=4, reserved_for_grave=1), log)
    for _ in range(2):
        duty.note(notice(), NOON)
    for number in range(1000):
        assert isinstance(duty.ask(notice(number=number), NOON), Hold)
    assert log.reads == 1


def test_what_another_process_said_counts_before_something_is_said() -> None:
    log = MemoryMessageLog()
    pace = Pace(budget_per_hour=4, reserved_for_grave=1)
    ours, theirs = Gate("duty", pace, log), Gate("duty", pace, log)
    assert ours.ask(notice(), NOON) == Send()
    for _ in range(2):
        theirs.note(notice(), NOON)
    assert isinstance(ours.ask(notice(), NOON), Hold)


def test_the_log_forgets_what_no_budget_asks_for() -> None:
    log = MemoryMessageLog()
    log.note("duty", Said.SINGLE, NOON)
    log.note("duty", Said.SINGLE, NOON + timedelta(hours=3))
    assert log.since("duty", NOON - HOUR) == [(NOON + timedelta(hours=3), Said.SINGLE)]
    assert log.since("lead", NOON) == []
