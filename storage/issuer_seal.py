"""Sealing a found key to the public key that its issuer lodged, so that Undercut itself can never read it again.

HPKE (RFC 9180) in base mode: DHKEM(X25519), HKDF-SHA256, AES-256-GCM. The issuer opens it with any implementation,
with the private key that never left its house and with `INFO` as the application's info.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from storage.errors import StorageError

INFO: Final = b"undercut leaked key 1"
SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ID_CHARACTERS = 16


class IssuerKeyError(StorageError):
    """What was lodged is no X25519 public key; the message names whose."""


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """An issuer's lodged public key; `key_id` is the start of the SHA-256 of its 32 bytes."""

    issuer: str
    key_id: str
    public: X25519PublicKey


def load_issuer_key(issuer: str, pem: bytes) -> IssuerKey:
    """The lodged key from its PEM; raises IssuerKeyError."""
    try:
        public = load_pem_public_key(pem)
    except ValueError as error:
        raise IssuerKeyError(f"the public key lodged by {issuer} is not PEM: {error}") from error
    if not isinstance(public, X25519PublicKey):
        raise IssuerKeyError(
            f"the public key lodged by {issuer} is not of X25519; ask for `openssl genpkey -algorithm x25519`"
        )
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return IssuerKey(issuer, hashlib.sha256(raw).hexdigest()[:_ID_CHARACTERS], public)


def seal_to_issuer(secret: str, key: IssuerKey) -> bytes:
    """The secret, encrypted so that only the issuer can read it."""
    return SUITE.encrypt(secret.encode("utf-8", "surrogatepass"), key.public, INFO)
