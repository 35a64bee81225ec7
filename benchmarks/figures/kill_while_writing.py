"""kill -9 while pages are recorded: what was acknowledged and is not there, and what does not verify."""

import multiprocessing
import os
import random
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, Measurement
from benchmarks.recorded_store import LISTINGS_A_PAGE, SOURCE, Judge, load_judge, open_in, record_page
from street.load import listing_texts

FULL, QUICK = 200, 12
MOST_PAGES = 8


def measure(quick: bool, seed: int) -> Measurement:
    """One store, killed again and again; at the end every acknowledged page must be there, and the store verify."""
    kills = QUICK if quick else FULL
    chance = random.Random(seed)
    judge = load_judge()
    texts = list(listing_texts(LISTINGS_A_PAGE * MOST_PAGES, seed=seed))
    acknowledged: list[tuple[int, str]] = []
    with TemporaryDirectory(prefix="undercut-bench-") as name:
        folder = Path(name)
        open_in(folder).close()
        for kill in range(kills):
            acknowledged += _until_killed(folder, judge, texts, kill * 1000, chance)
        store = open_in(folder)
        try:
            lost = sum(_is_lost(store_page, store.histories.of, store.evidence.has) for store_page in acknowledged)
            problems = len(store.verify().problems)
        finally:
            store.close()
    told = {"kills": float(kills), "acknowledged": float(len(acknowledged)), "problems": float(problems)}
    return Measurement(float(lost + problems), told)


def _is_lost(page: tuple[int, str], known: object, has: object) -> bool:
    number, digest = page
    names = [f"{number}-{place}" for place in range(LISTINGS_A_PAGE)]
    return len(known(SOURCE, names)) < len(names) or not has(digest)  # type: ignore[operator]


def _until_killed(
    folder: Path, judge: Judge, texts: list[str], first: int, chance: random.Random
) -> list[tuple[int, str]]:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_write_for_ever, args=(folder, judge, texts, first, sender), daemon=True)
    child.start()
    sender.close()
    told = [receiver.recv() for _ in range(chance.randrange(1, 4))]
    receiver.poll(chance.random() * 0.02)
    if child.pid is not None:
        os.kill(child.pid, signal.SIGKILL)
    child.join()
    return told + list(_left(receiver))


def _write_for_ever(folder: Path, judge: Judge, texts: list[str], first: int, acknowledge: Connection) -> None:
    store = open_in(folder)
    number = first
    while True:
        place = number % MOST_PAGES * LISTINGS_A_PAGE
        record_page(store, judge, number, texts[place : place + LISTINGS_A_PAGE])
        acknowledge.send((number, store.snapshots.of_source(SOURCE, limit=1)[0].snapshot.sha256))
        number += 1


def _left(receiver: Connection) -> Iterator[tuple[int, str]]:
    while True:
        try:
            yield receiver.recv()
        except EOFError:
            return


FIGURE = Figure(
    "kill_while_writing", "pages acknowledged and lost, and problems found, after kill -9 while writing", goal=0.0,
    unit="lost", measure=measure, at_least=False,
)  # fmt: skip
