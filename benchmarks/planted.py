"""Looking for what was planted: in every byte of a store's folder, and in what leaves it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson

from line.alerts import alert_object
from line.find import hit_object
from storage.search.query import Search
from storage.store import Store


def exports_of(store: Store) -> bytes:
    """What leaves the store: alerts and listings as JSON, and what the custody log says."""
    told = [alert_object(alert) for alert in store.alerts.list(limit=10_000).alerts]
    told += [hit_object(hit) for hit in store.search.search(Search(), limit=1000).hits]
    notes = [dict(note.details) for action in ("erased", "purged") for note in store.custody.notes(action)]
    return orjson.dumps([told, notes])


def count_found(planted: Sequence[str], folder: Path, exports: Iterable[bytes]) -> int:
    """How many of the planted words stand anywhere: in a file of the folder, in a file's name, or in an export."""
    bodies = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    bodies += [str(path).encode() for path in folder.rglob("*")]
    bodies += exports
    return sum(any(word.encode() in body for body in bodies) for word in planted)
