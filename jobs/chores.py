"""The jobs that no source asks for: when each runs, and what it does."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import orjson

from domain.clock import utc_now
from domain.errors import UndercutError
from jobs.agenda import Entry
from jobs.config import CONFIG_VARIABLE, load_config
from jobs.deliveries import DELIVER, PARTITION
from jobs.engine import Engine, Job, JsonObject, Lane
from jobs.housekeeping import CHORES, HOUSEKEEP
from jobs.installation import LOGS_FOLDER, Installation, open_installation
from jobs.slots import Rhythm
from jobs.supervise import Tell, run_supervised

VERIFY: Final = "verify"
REJUDGE: Final = "rejudge"
TIDY: Final = "tidy"
HEAVY: Final = (VERIFY, REJUDGE)
"""Chores that take a process of their own, so that their memory goes back with it."""

DAY: Final = timedelta(days=1)
HEAVY_DEADLINE: Final = timedelta(hours=6)
KEPT_JOBS: Final = timedelta(days=14)
REJUDGED: Final = timedelta(days=30)
"""How far back the nightly judging looks; everything is judged again by hand: `undercut rejudge --apply`."""

_AFTER_MIDNIGHT: Final = timedelta(hours=3)


class ChoreFailedError(UndercutError):
    """A chore came to no good end; the message says which and why."""


def chore_entries() -> Iterator[Entry]:
    """Every chore on the schedule. The names are what people pause and resume."""
    for name, chore in CHORES.items():
        rhythm = Rhythm(f"{HOUSEKEEP}:{name}", chore.every, chore.after)
        yield Entry(rhythm, Job(HOUSEKEEP, "", f"{HOUSEKEEP}:{name}", {"chore": name}, Lane.CHORE))
    # Each worker delivers what its own crawls bring; this is for what became due while nobody looked. Digests too.
    yield _entry(DELIVER, timedelta(minutes=1), timedelta(seconds=20), partition=PARTITION)
    yield _entry(TIDY, timedelta(hours=1), timedelta(minutes=17))
    yield _entry(REJUDGE, DAY, _AFTER_MIDNIGHT + timedelta(minutes=30))
    # The first day of 2020 was a Wednesday; four days on is a Sunday.
    yield _entry(VERIFY, 7 * DAY, 4 * DAY + _AFTER_MIDNIGHT + timedelta(hours=1))


def _entry(name: str, every: timedelta, after: timedelta, *, partition: str | None = None) -> Entry:
    return Entry(Rhythm(name, every, after), Job(name, "", partition or name, {}, Lane.CHORE))


def tidy(engine: Engine) -> JsonObject:
    """Forget jobs that ended long ago."""
    return {"purged": engine.purge(utc_now() - KEPT_JOBS)}


def do_heavy(name: str, installation: Installation, stopping: Callable[[], bool]) -> JsonObject:
    """Do a chore in a process of its own; raises ChoreFailedError where it came to no good end."""
    told: dict[str, object] = {}
    config_file = os.environ.get(CONFIG_VARIABLE, "")
    log = installation.config.data_folder / LOGS_FOLDER / f"{name}.log"
    end = run_supervised(
        heavy_in_child,
        (config_file, name),
        deadline_seconds=HEAVY_DEADLINE.total_seconds(),
        on_message=lambda message: told.update(orjson.loads(message)),
        log=log,
        cancelled=stopping,
    )
    if stopping():
        return told
    if end.cut_short or end.status != 0 or told.get("error"):
        raise ChoreFailedError(f"{name}: {told.get('error') or f'ended with status {end.status}; see {log}'}")
    return told


def heavy_in_child(tell: Tell, config_file: str, name: str) -> int:
    """The child's work: tells its result, or what was wrong, as one JSON object."""
    try:
        with open_installation(load_config(Path(config_file) if config_file else None)) as installation:
            tell(orjson.dumps(_HEAVY[name](installation)))
    except UndercutError as error:
        tell(orjson.dumps({"error": str(error)}))
        return 1
    return 0


def _verify(installation: Installation) -> Mapping[str, object]:
    from line.verify import verify_memory

    found = verify_memory(installation.store)
    if found.problems:
        raise ChoreFailedError(f"{len(found.problems)} things are not as they were, first: {found.problems[0]}")
    return {"looked_at": found.looked_at}


def _rejudge(installation: Installation) -> Mapping[str, object]:
    from line.rejudge import Rules, Scope, rejudge

    rules = Rules(installation.detector, installation.rates, installation.policy, installation.routing)
    families = {name: source.family for name, source in installation.sources.items()}
    scope = Scope(datetime.now(UTC) - REJUDGED, families, None, 0)
    counts = rejudge(installation.store, rules, scope, apply=True, on_difference=lambda one: None)
    return dict(counts)


_HEAVY: Final = {VERIFY: _verify, REJUDGE: _rejudge}
