"""Room on the disk: work stops while there is still enough of it to write down where it stopped."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from domain.errors import UndercutError

LEAST_FREE_BYTES = 48 * 2**20
"""What the databases, their logs and the crawls that are being ended may still need."""

LOOK_EVERY_SECONDS = 1.0
_MEGABYTE = 2**20


class NoRoomError(UndercutError):
    """The disk under the data folder is nearly full."""


def require_room(folder: Path, least_bytes: int = LEAST_FREE_BYTES) -> None:
    """Raise NoRoomError when the disk under this folder has less than `least_bytes` free."""
    free = shutil.disk_usage(folder).free
    if free < least_bytes:
        raise NoRoomError(
            f"only {free // _MEGABYTE} MB are free under {folder}; at least {least_bytes // _MEGABYTE} MB are needed. "
            "Free space or move the data folder, and start again: what was stored is whole, what was stopped goes on"
        )


class RoomWatch:
    """Looks at the disk every moment, and calls `stop` once when it is nearly full; `shortage` then says so."""

    def __init__(self, folder: Path, stop: Callable[[], None], least_bytes: int = LEAST_FREE_BYTES) -> None:
        self.shortage: NoRoomError | None = None
        self._folder = folder
        self._stop = stop
        self._least_bytes = least_bytes
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="room", daemon=True)

    def start(self) -> None:
        """Begin to look; raises NoRoomError when there is too little from the start."""
        require_room(self._folder, self._least_bytes)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_EVERY_SECONDS):
            try:
                require_room(self._folder, self._least_bytes)
            except NoRoomError as error:
                self.shortage = error
                self._stop()
                return
