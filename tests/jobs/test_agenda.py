"""What is due comes once a slot, however the clock jumps, and a pause lets slots pass."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from jobs.agenda import Agenda, Entry, job_of
from jobs.engine import Job
from jobs.slots import Rhythm
from storage.schedule import Mark

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENTRY = Entry(Rhythm("crawl:shop", HOUR), Job("crawl", "", "shop.example.test"))


@dataclass
class Life:
    """An agenda lived through in steps of a minute, with a wall clock that may be wrong by `off`."""

    agenda: Agenda = field(default_factory=Agenda)
    minutes: int = 0
    off: timedelta = timedelta()
    ran_at: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def live(self, minutes: int, paused: frozenset[str] = frozenset()) -> None:
        for _ in range(minutes):
            now = NOON + timedelta(minutes=self.minutes) + self.off
            for due in self.agenda.look(now, self.minutes * 60.0, paused):
                self.ran_at.append(self.minutes)
                self.ids.append(due.job.job_id)
            self.minutes += 1

    def gaps(self) -> list[int]:
        return [after - before for before, after in zip(self.ran_at, self.ran_at[1:], strict=False)]


@pytest.fixture
def life() -> Life:
    life = Life()
    life.agenda.plan([ENTRY], {}, NOON, 0.0)
    return life


def test_one_run_an_hour_each_with_an_id_of_its_slot(life: Life) -> None:
    life.live(240)
    assert life.ran_at == [0, 60, 120, 180]
    first = ENTRY.rhythm.slot(NOON)
    assert life.ids == [f"crawl:shop:{first + n}" for n in range(4)]


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=-1), timedelta(hours=3), timedelta(hours=-3)])
def test_a_clock_that_jumps_and_comes_back_misses_and_doubles_nothing(life: Life, off: timedelta) -> None:
    life.live(130)
    life.off = off
    life.live(300)
    life.off = timedelta()
    life.live(48 * 60)
    assert set(life.gaps()) == {60}
    assert len(set(life.ids)) == len(life.ids)


def test_a_jump_to_another_minute_of_the_hour_leaves_no_long_gap_and_no_crowd(life: Life) -> None:
    life.live(130)
    life.off = timedelta(hours=7, minutes=23)
    life.live(300)
    life.off = timedelta()
    life.live(600)
    assert min(life.gaps()) >= 30
    assert max(life.gaps()) <= 69
    assert len(set(life.ids)) == len(life.ids)


def test_paused_slots_pass_and_the_next_runs(life: Life) -> None:
    life.live(61)
    life.live(140, frozenset({"crawl:shop"}))
    life.live(60)
    assert life.ran_at == [0, 60, 240]


def test_a_restart_goes_on_from_the_marks(life: Life) -> None:
    life.live(70)
    again = Life(minutes=70)
    again.agenda.plan([ENTRY], life.agenda.marks, NOON + timedelta(minutes=70), 0.0)
    again.live(60)
    assert again.ran_at == [120]


def test_the_era_of_a_slot_that_comes_again_is_in_its_id() -> None:
    slot = ENTRY.rhythm.slot(NOON)
    agenda = Agenda()
    agenda.plan([ENTRY], {ENTRY.name: Mark(ENTRY.name, slot + 24, 0, NOON + 24 * HOUR)}, NOON, 0.0)
    (due,) = agenda.look(NOON, 0.0)
    assert due.job.job_id == job_of(ENTRY, slot, 1).job_id == f"crawl:shop:{slot}:again-1"
