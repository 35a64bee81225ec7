"""The evidence store: every body that was ever looked at, sealed, in a file named by its SHA-256, before it is read.

`<folder>/ab/abcd....sealed`: the same content is one object. The 256 folders are made when the store is opened, so that
keeping a body syncs one file and one folder and nothing else. A local folder is the first home of evidence; another one
(an S3-compatible store, say) would be a class with the same methods.
"""

import contextlib
import hashlib
import hmac
import os
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.errors import EvidenceDamagedError, EvidenceMissingError, EvidenceUnwritableError, MasterKeyError
from storage.files import make_folder, sync_folder, write_whole
from storage.master_key import VARIABLE, MasterKey, load_master_key, make_master_key
from storage.sealing import seal, unseal
from storage.signing_key import load_signing_key

_SUFFIX = ".sealed"
_PARTS = "parts"
_ABANDONED_AFTER_SECONDS = 3600.0
_HEXADECIMAL = frozenset("0123456789abcdef")


class EvidenceStore:
    """Sealed, content-addressed files under one folder. Threads and processes may share it."""

    def __init__(self, folder: Path, master: MasterKey) -> None:
        self.folder = folder
        self._master = master

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs heads and packets, sealed with the same master key and lying beside the evidence."""
        return load_signing_key(self.folder.parent, self._master)

    def derived_key(self, purpose: str) -> bytes:
        """32 bytes that are the same for one purpose as long as the master key is, and tell nothing of it."""
        return hmac.digest(self._master.secret, f"undercut {purpose}".encode(), "sha256")

    def keep(self, body: bytes) -> str:
        """Keep a body and give its SHA-256; when this returns, the bytes survive a power cut.

        Raises EvidenceUnwritableError where the disk takes no more; nothing half stands in its place then.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        path = self._path(sha256)
        if path.exists():
            return sha256
        try:
            write_whole(path, seal(body, sha256, self._master), mode=0o400, parts=self.folder / _PARTS)
        except OSError as error:
            raise EvidenceUnwritableError(
                f"cannot keep evidence object {sha256} in {self.folder}: {error.strerror}; "
                "free space, or check the folder's owner"
            ) from error
        return sha256

    def open(self, sha256: str) -> bytes:
        """The body, checked against its name.

        Raises EvidenceMissingError, EvidenceDamagedError (changed on the disk) or MasterKeyError (sealed with another
        key), each naming the object.
        """
        body = unseal(self.sealed(sha256), sha256, self._master)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise EvidenceDamagedError(f"evidence object {sha256} holds other content; restore it from a backup")
        return body

    def sealed(self, sha256: str) -> bytes:
        """An object as it lies, unopened; raises EvidenceMissingError or EvidenceDamagedError."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise EvidenceMissingError(
                f"no evidence object {sha256} in {self.folder}; it was forgotten or lost"
            ) from error
        except OSError as error:
            raise EvidenceDamagedError(f"evidence object {sha256} cannot be read: {error.strerror}") from error

    def has(self, sha256: str) -> bool:
        """Is an object of that name kept?"""
        return self._path(sha256).exists()

    def forget(self, sha256: str) -> bool:
        """Take an object away for good; False where there was none."""
        path = self._path(sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
        return True

    def names(self) -> Iterator[str]:
        """The SHA-256 of every object, in no order."""
        for path in self.folder.glob(f"??/*{_SUFFIX}"):
            yield path.name.removesuffix(_SUFFIX)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not _HEXADECIMAL.issuperset(sha256):
            raise EvidenceMissingError(
                f"not the name of an evidence object: {sha256[:80]!r}; it is a SHA-256 in lower case"
            )
        return self.folder / sha256[:2] / f"{sha256}{_SUFFIX}"


def open_evidence(folder: Path, key_file: Path) -> EvidenceStore:
    """The evidence store in a folder; its master key is made on the very first use and never again.

    Raises MasterKeyError where sealed objects are there but their key is not: a new key could open none of them.
    """
    has_key = bool(os.environ.get(VARIABLE)) or key_file.exists()
    if not has_key and next(EvidenceStore(folder, MasterKey(bytes(32))).names(), None) is not None:
        raise MasterKeyError(
            f"{folder} holds sealed evidence, but its master key {key_file} is not there; restore it from a backup"
        )
    try:
        master = load_master_key(key_file) if has_key else make_master_key(key_file)
        _make_folders(folder)
        _clear_parts(folder / _PARTS)
    except OSError as error:
        raise EvidenceUnwritableError(f"cannot prepare {folder}: {error.strerror}; name another data folder") from error
    return EvidenceStore(folder, master)


def _make_folders(folder: Path) -> None:
    make_folder(folder)
    missing = [inner for inner in (folder / f"{number:02x}" for number in range(256)) if not inner.is_dir()]
    for inner in missing:
        inner.mkdir(mode=0o700, exist_ok=True)
    if missing:
        sync_folder(folder)


def _clear_parts(parts: Path) -> None:
    """What a killed process left of objects it never finished; nothing was acknowledged for these."""
    parts.mkdir(mode=0o700, exist_ok=True)
    for part in parts.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if part.stat().st_mtime < time.time() - _ABANDONED_AFTER_SECONDS:
                part.unlink()
