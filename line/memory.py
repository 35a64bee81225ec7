"""The memory as a thing that is kept, moved and looked after: copy, backup, restore, size."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from storage.backup import Backup, back_up, restore
from storage.copying import Copied, copy_database
from storage.database import open_database
from storage.size import Size, measure_size
from storage.store import Store

Object = dict[str, object]


def copy_store(store: Store, url: str, on_table: Callable[[str, int], None]) -> Copied:
    """Copy the database to another URL; the evidence stays where it is. Restartable, and verified at the end."""
    target = open_database(url)
    try:
        return copy_database(store.database, target, on_table)
    finally:
        target.dispose()


def back_up_store(store: Store, folder: Path, now: datetime, version: str) -> Backup:
    """Write a consistent backup while others crawl."""
    return back_up(store.database, store.evidence, folder, now, version)


def restore_store(folder: Path, url: str, data_folder: Path) -> Backup:
    """Bring a backup back into an empty place."""
    return restore(folder, url, data_folder)


def size_of(store: Store, now: datetime) -> Size:
    """How much room the memory takes."""
    return measure_size(store.database, store.evidence, now)


def size_object(size: Size) -> Object:
    """The same for programs, with what a million listings would take."""
    return {
        **asdict(size),
        "database_bytes_a_million_listings": size.database_bytes_a_million,
        "evidence_bytes_a_million_listings": size.evidence_bytes_a_million,
    }
