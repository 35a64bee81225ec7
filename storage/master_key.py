"""The master key that seals evidence: made once, readable by its owner only, never logged."""

import base64
import binascii
import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from storage.errors import MasterKeyError
from storage.files import write_whole

KEY_BYTES = 32
VARIABLE = "UNDERCUT_MASTER_KEY"


@dataclass(frozen=True, slots=True)
class MasterKey:
    """32 secret bytes. `key_id` names the key without telling it: it stands in every object that the key seals."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise MasterKeyError(
                f"a master key has {KEY_BYTES} bytes, this one {len(self.secret)}; restore the right one"
            )

    @property
    def key_id(self) -> bytes:
        """Eight bytes that tell this key from another."""
        return hashlib.sha256(b"undercut master key" + self.secret).digest()[:8]


def load_master_key(path: Path) -> MasterKey:
    """The key from the environment (base64 in UNDERCUT_MASTER_KEY) or from a file that only its owner may read."""
    stated = os.environ.get(VARIABLE)
    if stated:
        return _decode(stated.encode(), f"the environment variable {VARIABLE}")
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        raise MasterKeyError(
            f"cannot read the master key {path}: {error.strerror}; restore it from a backup"
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise MasterKeyError(f"the master key {path} may be read by others; chmod 600 it")
    return _decode(content, str(path))


def make_master_key(path: Path) -> MasterKey:
    """A new key in a new file; another process that makes it at the same moment makes no second one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, base64.b64encode(os.urandom(KEY_BYTES)) + b"\n", mode=0o600, replace=False)
    return load_master_key(path)


def _decode(content: bytes, place: str) -> MasterKey:
    try:
        return MasterKey(base64.b64decode(content.strip(), validate=True))
    except binascii.Error as error:
        raise MasterKeyError(f"{place} holds no master key (base64 of {KEY_BYTES} bytes); restore it") from error
