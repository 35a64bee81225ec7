"""How evidence lies on the disk: packed, sealed with a key of its own, and that key sealed with the master key.

    magic and form (8 bytes) | key id (8) | nonce (12) | wrapped key (48) | nonce (12) | sealed body (length + 16)

The body is sealed with AES-256-GCM; the digest it is named by and everything before it are authenticated with it, so
that no object passes for another one. To forget an object it is enough to lose its 48 bytes of wrapped key.
"""

import os
import zlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import EvidenceDamagedError, MasterKeyError
from storage.master_key import MasterKey

_PLAIN: Final = b"UCSEAL\x01\x00"
_PACKED: Final = b"UCSEAL\x01\x01"
_NONCE = 12
_WRAPPED = 48
_KEY_AT, _BODY_NONCE_AT, _BODY_AT = 16, 16 + _NONCE + _WRAPPED, 16 + _NONCE + _WRAPPED + _NONCE
_LEAST_PACKED_BYTES = 512
MOST_BODY_BYTES = 512 * 2**20


def seal(body: bytes, sha256: str, master: MasterKey) -> bytes:
    """The sealed form of a body that `sha256` (hexadecimal) names."""
    form, content = _pack(body)
    start = form + master.key_id
    named = bytes.fromhex(sha256)
    key = AESGCM.generate_key(bit_length=256)
    key_nonce, body_nonce = os.urandom(_NONCE), os.urandom(_NONCE)
    wrapped = AESGCM(master.secret).encrypt(key_nonce, key, start + named)
    head = start + key_nonce + wrapped + body_nonce
    return head + AESGCM(key).encrypt(body_nonce, content, head + named)


def unseal(sealed: bytes, sha256: str, master: MasterKey) -> bytes:
    """The body again; raises EvidenceDamagedError for any changed bit, MasterKeyError for a key that is not its own."""
    form, key_id = sealed[:8], sealed[8:16]
    if form not in {_PLAIN, _PACKED} or len(sealed) < _BODY_AT:
        raise EvidenceDamagedError(f"evidence object {sha256} does not begin as one does; restore it from a backup")
    if key_id != master.key_id:
        raise MasterKeyError(f"evidence object {sha256} was sealed with another master key; restore that key")
    named = bytes.fromhex(sha256)
    try:
        key = AESGCM(master.secret).decrypt(
            sealed[16 : 16 + _NONCE], sealed[_KEY_AT + _NONCE : _BODY_NONCE_AT], sealed[:16] + named
        )
        content = AESGCM(key).decrypt(sealed[_BODY_NONCE_AT:_BODY_AT], sealed[_BODY_AT:], sealed[:_BODY_AT] + named)
    except InvalidTag as error:
        raise EvidenceDamagedError(
            f"evidence object {sha256} was changed on the disk; restore it from a backup"
        ) from error
    return _unpack(content, sha256) if form == _PACKED else content


def _pack(body: bytes) -> tuple[bytes, bytes]:
    # The quickest level: pages shrink to a fifth in well under a millisecond, and less is written and synced.
    if len(body) >= _LEAST_PACKED_BYTES:
        packed = zlib.compress(body, 1)
        if len(packed) < len(body):
            return _PACKED, packed
    return _PLAIN, body


def _unpack(content: bytes, sha256: str) -> bytes:
    unpacker = zlib.decompressobj()
    body = unpacker.decompress(content, MOST_BODY_BYTES)
    if not unpacker.eof:
        raise EvidenceDamagedError(f"evidence object {sha256} unpacks to more than {MOST_BODY_BYTES} bytes")
    return body
