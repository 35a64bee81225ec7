"""The key that signs heads and packets: made on first use, and sealed on the disk with the master key."""

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import SigningKeyError
from storage.files import write_whole
from storage.master_key import MasterKey

FILE: Final = "signing.key"
_PURPOSE: Final = b"undercut signing key"
_NONCE = 12


def load_signing_key(folder: Path, master: MasterKey) -> Ed25519PrivateKey:
    """The key in a data folder; made there where none is. Raises SigningKeyError for a file that does not open."""
    path = folder / FILE
    if not path.exists():
        fresh, nonce = Ed25519PrivateKey.generate().private_bytes_raw(), os.urandom(_NONCE)
        sealed = nonce + AESGCM(master.secret).encrypt(nonce, fresh, _PURPOSE)
        write_whole(path, sealed, mode=0o600, replace=False)
    try:
        sealed = path.read_bytes()
        raw = AESGCM(master.secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], _PURPOSE)
    except (OSError, InvalidTag, ValueError) as error:
        raise SigningKeyError(
            f"{path} does not open with this installation's master key; restore it from a backup, or move it away "
            "and tell those who check your signatures that a new key signs"
        ) from error
    return Ed25519PrivateKey.from_private_bytes(raw)
