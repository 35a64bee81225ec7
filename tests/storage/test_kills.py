"""kill -9 at any moment: what was acknowledged is there, and nothing is there by half."""

import hashlib
import multiprocessing
import os
import random
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.store import Store, open_store
from storage.tables import alert_versions, evidence_objects, listing_versions, outbox, sightings
from tests.storage.conftest import SOURCE, Builder

KILLS = 20
FORK = multiprocessing.get_context("fork")


def write_for_ever(url: str, folder: Path, first: int, acknowledge: Connection) -> None:
    build = Builder()
    store = open_store(url, folder, clock=build.clock)
    number = first
    while True:
        build.clock.advance(seconds=1)
        body = f"page {number}".encode() * 50
        sha256 = store.evidence.keep(body)
        build.clock.advance(days=number)
        names = [f"{number}.{listing}" for listing in range(5)]
        page = build.page(*(build.assessed(name) for name in names), sha256=sha256, body_bytes=len(body))
        store.record(page)
        acknowledge.send((names, sha256))
        number += 1


def written_until_killed(url: str, folder: Path, first: int, chance: random.Random) -> list[tuple[list[str], str]]:
    receiver, sender = FORK.Pipe(duplex=False)
    child = FORK.Process(target=write_for_ever, args=(url, folder, first, sender), daemon=True)
    child.start()
    sender.close()
    acknowledged = [receiver.recv() for _ in range(chance.randrange(1, 12))]
    # Somewhere inside the next page, by chance: in its evidence, its transaction, or between the two.
    receiver.poll(chance.random() * 0.01)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    return acknowledged + list(what_is_left(receiver))


def what_is_left(receiver: Connection) -> Iterator[tuple[list[str], str]]:
    while True:
        try:
            yield receiver.recv()
        except EOFError:
            return


def count(store: Store, table: sa.Table) -> int:
    with store.database.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost(database_url: str, tmp_path: Path) -> None:
    chance = random.Random(20_261_124)
    acknowledged: list[tuple[list[str], str]] = []
    for kill in range(KILLS):
        acknowledged += written_until_killed(database_url, tmp_path, kill * 1000, chance)
    store = open_store(database_url, tmp_path)
    try:
        for names, sha256 in acknowledged:
            assert len(store.histories.of(SOURCE, names)) == len(names)
            assert hashlib.sha256(store.evidence.open(sha256)).hexdigest() == sha256
        assert len(acknowledged) >= KILLS
        # Every page is there whole: five listings, each with its version, sighting, alert version and notice.
        pages = count(store, evidence_objects)
        assert pages >= len(acknowledged)
        assert {count(store, table) for table in (listing_versions, sightings, alert_versions, outbox)} == {pages * 5}
        for name in store.evidence.names():
            store.evidence.open(name)
        assert store.outbox.counts()["pending"] == pages * 5
    finally:
        store.close()
