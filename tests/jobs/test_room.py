"""A nearly full disk stops the work while it can still be written down, and says so once."""

import shutil
import threading
from pathlib import Path

import pytest

from jobs.room import NoRoomError, RoomWatch, require_room


def test_enough_room_is_no_matter(tmp_path: Path) -> None:
    require_room(tmp_path, least_bytes=1)


def test_too_little_room_is_named_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(NoRoomError, match=r"only \d+ MB are free under .*Free space or move the data folder"):
        require_room(tmp_path, least_bytes=shutil.disk_usage(tmp_path).total + 1)


def test_a_watch_refuses_to_start_without_room(tmp_path: Path) -> None:
    watch = RoomWatch(tmp_path, lambda: None, least_bytes=shutil.disk_usage(tmp_path).total + 1)
    with pytest.raises(NoRoomError):
        watch.start()
    watch.close()


def test_a_disk_that_fills_up_stops_the_work_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = iter([10_000_000, 10_000_000, 5])
    monkeypatch.setattr("jobs.room.LOOK_EVERY_SECONDS", 0.0)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=next(free)))
    stopped = threading.Event()
    watch = RoomWatch(tmp_path, stopped.set, least_bytes=1_000)
    watch.start()
    assert stopped.wait(10)
    watch.close()
    assert watch.shortage is not None
