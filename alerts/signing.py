"""Signatures on webhooks: HMAC-SHA256 over the time and the raw body, so that a receiver knows who said it and when."""

import hashlib
import hmac
from datetime import datetime, timedelta

SIGNATURE_HEADER = "X-Undercut-Signature"
TIMESTAMP_HEADER = "X-Undercut-Timestamp"
IDEMPOTENCY_HEADER = "Idempotency-Key"
SCHEME = "sha256="
TOLERANCE = timedelta(minutes=5)


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature of a body at a time (whole seconds since 1970): `sha256=` and 64 hexadecimal digits.

    What is signed is the timestamp's decimal digits, a full stop, and the body's bytes exactly as they are sent.
    """
    signed = str(timestamp).encode("ascii") + b"." + body
    return SCHEME + hmac.new(secret.encode("utf-8"), signed, hashlib.sha256).hexdigest()


def verify(secret: str, timestamp: str, body: bytes, signature: str, now: datetime) -> bool:
    """Does the signature fit, and is its time within five minutes of `now`? Compares in constant time."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12 and signature.isascii()):
        return False
    expected = sign(secret, int(timestamp), body)
    fresh = abs(now.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()
    return hmac.compare_digest(expected, signature) and fresh
