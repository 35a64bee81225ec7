"""Raw captures let out of the store: for a reason, by a person, noted in the custody log before they leave."""

from datetime import datetime

from domain.errors import UndercutError
from reports.capture_wacz import RawCapture, make_raw_wacz
from storage.store import Store


class NoCaptureError(UndercutError):
    """Nothing is kept under that name."""


def export_captures(store: Store, names: list[str], *, by: str, reason: str, now: datetime) -> bytes:
    """The captures of snapshots (by number) and of alerts' listings (by id) as one WACZ, unmasked.

    Raises NoCaptureError, EvidenceMissingError where a body was forgotten, or UndercutError without a reason.
    """
    if not reason.strip():
        raise NoCaptureError("say why the raw capture leaves the house: --reason")
    numbers: list[int] = []
    for name in names:
        found = _numbers(store, name)
        if not found:
            raise NoCaptureError(f"no capture belongs to {name[:40]!r}; give a snapshot's number or an alert's id")
        numbers += [number for number in found if number not in numbers]
    captures = [_capture(store, number) for number in numbers]
    for one in captures:
        store.custody.note("released_raw", f"snapshot {one.number}", actor=by, details={"reason": reason})
    made_at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return make_raw_wacz(captures, "Raw captures", made_at, operator=by)


def _numbers(store: Store, name: str) -> list[int]:
    if name.isdecimal() and len(name) < 12:
        return [int(name)]
    found = store.alerts.find(name)
    if len(found) != 1:
        return []
    return list(store.histories.pages(found[0].source, found[0].external_id))


def _capture(store: Store, number: int) -> RawCapture:
    snapshot = store.snapshots.get(number).snapshot
    picture = snapshot.screenshot_sha256
    return RawCapture(
        number=number,
        url_asked=snapshot.url_asked,
        url_answered=snapshot.url_answered,
        status=snapshot.status,
        headers=snapshot.headers,
        body=store.evidence.open(snapshot.sha256),
        sha256=snapshot.sha256,
        captured_at=snapshot.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        capture=snapshot.capture,
        transport=snapshot.transport,
        screenshot=store.evidence.open(picture) if picture else None,
    )
