"""Names that follow from what a thing is, so that doing a step again finds what the first time made."""

import hashlib
from datetime import datetime

from domain.snapshot import Snapshot

_KEY_BYTES = 16
_ALERT_ID_CHARACTERS = 20


def key_of(*parts: str) -> str:
    """A digest of some texts, hexadecimal: short enough for any index, however long the texts are."""
    digest = hashlib.blake2b(digest_size=_KEY_BYTES)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.hexdigest()


def listing_key(source: str, external_id: str) -> str:
    """The key of a listing: its source, and its id there."""
    return key_of("listing", source, external_id)


def alert_id(source: str, external_id: str) -> str:
    """The id of the one alert that a listing can have: the start of its key, short enough for a button or a command."""
    return listing_key(source, external_id)[:_ALERT_ID_CHARACTERS]


def snapshot_key(snapshot: Snapshot) -> str:
    """The key of one answer: who asked for what, when, and what came."""
    moment = snapshot.fetched_at.isoformat()
    return key_of("snapshot", snapshot.source, snapshot.url_asked, moment, snapshot.sha256)


def notice_id(alert: str, version: int, channel: str) -> str:
    """The id of the notice about one version of an alert to one channel."""
    return key_of("notice", alert, str(version), channel)


def idempotency_key(notice: str, resends: int, created_at: datetime) -> str:
    """What a receiver tells repeats by: one for each time that a person wants the notice told."""
    return key_of("idempotency", notice, str(resends), created_at.isoformat())
