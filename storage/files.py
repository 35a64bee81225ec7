"""Files that are there whole or not at all, whatever is cut off when."""

import contextlib
import os
import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes, *, mode: int, replace: bool = True, parts: Path | None = None) -> bool:
    """Write to a temporary name, sync, give the file its name, sync the folder; False where it was there already.

    Without `replace`, a file that is there stays as it is. `parts` is the folder for the temporary name (on the same
    disk; the file's own without it). Raises OSError, and leaves nothing of itself behind unless it is killed.
    """
    temporary = (parts or path.parent) / f"{secrets.token_hex(12)}.part"
    try:
        _write_synced(temporary, content, mode)
        if replace:
            temporary.replace(path)
        else:
            os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
    sync_folder(path.parent)
    return True


def _write_synced(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each synced into the one that holds it."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    sync_folder(folder.parent)
