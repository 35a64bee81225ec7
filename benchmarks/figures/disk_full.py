"""A disk that is full at every possible point: the error is clear, nothing half stands there, and it goes on after."""

import multiprocessing
import random
import resource
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, Measurement
from benchmarks.recorded_store import LISTINGS_A_PAGE, Judge, load_judge, open_in, record_page
from storage.errors import StorageError
from street.load import listing_texts

FULL, QUICK = 50, 10
LEAST_BYTES, MOST_BYTES = 2_000, 700_000


def measure(quick: bool, seed: int) -> Measurement:
    """Points where something went wrong: an error that is none of ours, a store that does not verify or go on."""
    points = QUICK if quick else FULL
    chance = random.Random(seed)
    judge = load_judge()
    texts = list(listing_texts(LISTINGS_A_PAGE * 40, seed=seed))
    wrong, refused = 0, 0
    for _ in range(points):
        with TemporaryDirectory(prefix="undercut-bench-") as name:
            ended, count = _fill_until_full(Path(name), judge, texts, chance.randrange(LEAST_BYTES, MOST_BYTES))
            refused += ended == "refused"
            wrong += ended == "crashed" or not _goes_on(Path(name), judge, texts, count)
    return Measurement(float(wrong), {"points": float(points), "refused_clearly": float(refused)})


def _fill_until_full(folder: Path, judge: Judge, texts: list[str], limit: int) -> tuple[str, int]:
    """How it ended (`refused` by an error of ours, `crashed`, or `room` for all), and how many pages were recorded."""
    open_in(folder).close()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_write, args=(folder, judge, texts, limit, sender), daemon=True)
    child.start()
    sender.close()
    ended, count = "crashed", 0
    try:
        while True:
            ended, count = receiver.recv()
    except EOFError:
        child.join()
    return ("crashed" if ended == "recorded" else ended), count


def _write(folder: Path, judge: Judge, texts: list[str], limit: int, tell: Connection) -> None:
    # A file may not grow beyond the limit: what a full disk does to it, at a point of our choosing and without root.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    count = 0
    try:
        store = open_in(folder)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        while (count + 1) * LISTINGS_A_PAGE <= len(texts):
            record_page(store, judge, count, texts[count * LISTINGS_A_PAGE : (count + 1) * LISTINGS_A_PAGE])
            count += 1
            tell.send(("recorded", count))
    except StorageError:
        tell.send(("refused", count))
        return
    tell.send(("room", count))


def _goes_on(folder: Path, judge: Judge, texts: list[str], count: int) -> bool:
    store = open_in(folder)
    try:
        if not store.verify().whole or len(store.snapshots.of_source("bench/recorded", limit=1000)) != count:
            return False
        record_page(store, judge, 900, texts[:LISTINGS_A_PAGE])
        return store.verify().whole and not list((folder / "evidence" / "parts").iterdir())
    finally:
        store.close()


FIGURE = Figure(
    "disk_full", "points of a full disk after which the store was not clean or did not go on", goal=0.0,
    unit="points", measure=measure, at_least=False,
)  # fmt: skip
