"""Alerts out of a page's findings: opened once for each listing, a new version only where something new is said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select

from domain.alert import Alert, AlertStatus, Severity
from storage.batches import insert_rows, update_rows
from storage.custody.chain import Sealed
from storage.identity import alert_id, idempotency_key, notice_id
from storage.placing import Placement
from storage.ranking import ranking_columns
from storage.records import AlertChange
from storage.tables import alert_versions, alerts, outbox, review_work

DEEPER_BY: Final = Decimal("0.1")
"""A discount is told again when the lowest share told so far has fallen by this part of itself."""

WAKES_AT: Final = Decimal("0.5")
"""A snoozed alert is told at once when its lowest share has fallen to this part of the lowest that was told."""

MOST_PLATFORM: Final = 200
"""So many characters of a platform's name stand with an alert: it is a part of an index, whose rows have a limit."""

SEVERITY_RANK = {severity.value: rank for rank, severity in enumerate(Severity)}
_UPDATED = (
    "url", "title", "platform", "version", "finding_id", "content_hash", "severity", "queue", "rule", "policy_version",
    "status", "lane", "lane_rank", "exposure_high_usd", "exposure_order", "probability", "probability_order",
    "headline_share", "share_order", "language", "product", "told_share", "updated_at", "last_seen_at", "repeats",
)  # fmt: skip

_EXISTING = select(alerts).where(alerts.c.listing_id.in_(bindparam("known", expanding=True)))
_TOLD = (
    select(alert_versions.c.alert_id, alert_versions.c.content_hash)
    .where(alert_versions.c.alert_id.in_(bindparam("alerts", expanding=True)))
    .where(alert_versions.c.content_hash.in_(bindparam("hashes", expanding=True)))
)
_ASLEEP = select(review_work.c.alert_id, review_work.c.snoozed_until).where(
    review_work.c.alert_id.in_(bindparam("asleep", expanding=True))
)


@dataclass(slots=True)
class Raised:
    """What became of the alerts of a page."""

    opened: tuple[Alert, ...] = ()
    changed: tuple[Alert, ...] = ()
    unchanged: int = 0
    notices: int = 0


@dataclass(slots=True)
class AlertRows:
    """Rows to be written, table by table."""

    new_alerts: list[dict[str, Any]] = field(default_factory=list)
    updated_alerts: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)


def raise_alerts(
    connection: Connection, placements: Sequence[Placement], now: datetime, sealed: Sealed, *, repeated: bool
) -> Raised:
    """Open alerts, add versions where something new is said, and put a notice for each channel into the outbox.

    `repeated` says that the very same page was recorded before, so that nothing is counted twice.
    """
    existing = existing_alerts(connection, placements)
    told = _told_before(connection, placements, existing)
    asleep = asleep_until(connection, existing)
    rows = AlertRows()
    opened, changed, unchanged = [], [], 0
    for placement in placements:
        alert = existing.get(placement.listing_id)
        if alert is None:
            if placement.assessed.outcome.alert:
                opened.append(open_alert(rows, placement, now))
        elif not placement.late:
            change = _what_is_new(placement, alert, told)
            if change is not None:
                until = None if is_worse(placement, alert) else asleep.get(alert.alert_id)
                changed.append(add_version(rows, placement, alert, change, now, until))
            else:
                unchanged += 1
                see_again(rows, placement, alert, repeated=repeated)
    write_alerts(connection, rows, sealed)
    return Raised(tuple(opened), tuple(changed), unchanged, len(rows.notices))


def existing_alerts(connection: Connection, placements: Sequence[Placement]) -> dict[int, Row[Any]]:
    """The alerts there are about these listings, by the listing's number."""
    known = [one.listing_id for one in placements if one.known is not None]
    if not known:
        return {}
    rows = connection.execute(_EXISTING, {"known": known})
    return {row.listing_id: row for row in rows}


def _told_before(
    connection: Connection, placements: Sequence[Placement], existing: dict[int, Row[Any]]
) -> set[tuple[str, str]]:
    # A listing that goes back and forth between two texts would otherwise be told for ever.
    doubtful = [
        (alert.alert_id, one.content_hash)
        for one in placements
        if (alert := existing.get(one.listing_id)) is not None and alert.content_hash != one.content_hash
    ]
    if not doubtful:
        return set()
    wanted = {"alerts": [alert for alert, _ in doubtful], "hashes": [content_hash for _, content_hash in doubtful]}
    return {(alert, content_hash) for alert, content_hash in connection.execute(_TOLD, wanted)}


def asleep_until(connection: Connection, existing: dict[int, Row[Any]]) -> dict[str, datetime]:
    """When each of these alerts wakes that a person has put to sleep."""
    asleep = [alert.alert_id for alert in existing.values() if alert.status == AlertStatus.SNOOZED]
    if not asleep:
        return {}
    return {row.alert_id: row.snoozed_until for row in connection.execute(_ASLEEP, {"asleep": asleep})}


def is_deeper(share: Decimal | None, told: Decimal | None) -> bool:
    """Has the lowest share fallen by a tenth of itself below the lowest that people were told?"""
    return share is not None and told is not None and share <= told * (1 - DEEPER_BY)


def is_graver(placement: Placement, alert: Row[Any]) -> bool:
    """Does the policy call it graver than when it was last told?"""
    return SEVERITY_RANK[placement.assessed.outcome.severity.value] < SEVERITY_RANK[alert.severity]


def is_worse(placement: Placement, alert: Row[Any]) -> bool:
    """Has it become so much worse that it may not sleep on: graver, in a graver lane, or at half the share told?"""
    share = placement.lowest_share
    if is_graver(placement, alert):
        return True
    if placement.assessed.finding.lane.rank < alert.lane_rank:
        return True
    return share is not None and (alert.told_share is None or share <= alert.told_share * WAKES_AT)


def _what_is_new(placement: Placement, alert: Row[Any], told: set[tuple[str, str]]) -> AlertChange | None:
    if not placement.assessed.outcome.alert:
        return None
    if placement.content_hash != alert.content_hash and (alert.alert_id, placement.content_hash) not in told:
        return AlertChange.EDITED
    if is_deeper(placement.lowest_share, alert.told_share):
        return AlertChange.DEEPER_DISCOUNT
    if is_graver(placement, alert):
        return AlertChange.GRAVER
    return None


def open_alert(rows: AlertRows, placement: Placement, now: datetime) -> Alert:
    """Open an alert in its first version, with a notice for each channel."""
    listing = placement.assessed.listing
    identity = alert_id(listing.source, listing.external_id)
    said = _what_is_said(placement)
    rows.new_alerts.append(
        {
            **said,
            **_ranking(placement),
            "alert_id": identity,
            "listing_id": placement.listing_id,
            "source": listing.source,
            "external_id": listing.external_id,
            "platform": listing.platform[:MOST_PLATFORM],
            "version": 1,
            "status": AlertStatus.OPEN.value,
            "told_share": placement.lowest_share,
            "opened_at": now,
            "updated_at": now,
            "last_seen_at": listing.observed_at,
            "repeats": 0,
        }
    )
    _tell(rows, placement, identity, 1, AlertChange.OPENED, now)
    return _alert(placement, identity, 1, AlertStatus.OPEN, now, now)


def add_version(
    rows: AlertRows,
    placement: Placement,
    alert: Row[Any],
    change: AlertChange,
    now: datetime,
    sleeps_until: datetime | None = None,
    *,
    status: AlertStatus | None = None,
    told: bool = True,
) -> Alert:
    """A further version; while a person lets the alert sleep, its notices wait until it wakes.

    `status` says where it stands from now on, instead of what follows from something new; without `told` no notice is
    made.
    """
    version = alert.version + 1
    if status is None:
        status = AlertStatus(alert.status)
        # Closed is a word about what was seen; what is new has not been seen by anyone. What is worse wakes by itself.
        if status is AlertStatus.CLOSED or (status is AlertStatus.SNOOZED and sleeps_until is None):
            status = AlertStatus.OPEN
    rows.updated_alerts.append(
        {
            **_remembered(alert),
            **_what_is_said(placement),
            **_ranking(placement),
            "row": alert.alert_id,
            "version": version,
            "status": status.value,
            "told_share": _lower(alert.told_share, placement.lowest_share),
            "updated_at": now,
            "last_seen_at": placement.assessed.listing.observed_at,
        }
    )
    _tell(rows, placement, alert.alert_id, version, change, now, sleeps_until, told=told)
    return _alert(placement, alert.alert_id, version, status, alert.opened_at, now)


def see_again(rows: AlertRows, placement: Placement, alert: Row[Any], *, repeated: bool) -> None:
    """Let the newest finding rank an alert that says nothing new."""
    # The newest finding ranks the alert though nobody is told; what people were told (severity, rule) stays.
    rows.updated_alerts.append(
        {
            **_remembered(alert),
            **_ranking(placement),
            "row": alert.alert_id,
            "finding_id": placement.finding_id,
            "url": placement.assessed.listing.url,
            "title": placement.assessed.listing.title,
            "last_seen_at": placement.assessed.listing.observed_at,
            "repeats": alert.repeats + (not repeated),
        }
    )


def _remembered(alert: Row[Any]) -> dict[str, Any]:
    return {name: getattr(alert, name) for name in _UPDATED}


def _ranking(placement: Placement) -> dict[str, Any]:
    return ranking_columns(placement.assessed.finding, placement.lowest_share, placement.product)


def _what_is_said(placement: Placement) -> dict[str, Any]:
    listing, outcome = placement.assessed.listing, placement.assessed.outcome
    return {
        "url": listing.url,
        "title": listing.title,
        "finding_id": placement.finding_id,
        "content_hash": placement.content_hash,
        "severity": outcome.severity.value,
        "queue": outcome.queue,
        "rule": outcome.rule,
        "policy_version": outcome.policy_version,
    }


def _lower(told: Decimal | None, share: Decimal | None) -> Decimal | None:
    return min((one for one in (told, share) if one is not None), default=None)


def _tell(
    rows: AlertRows,
    placement: Placement,
    alert: str,
    version: int,
    change: AlertChange,
    now: datetime,
    not_before: datetime | None = None,
    *,
    told: bool = True,
) -> None:
    rows.versions.append(
        {
            **_what_is_said(placement),
            "alert_id": alert,
            "version": version,
            "version_id": placement.version_id,
            "change": change.value,
            "headline_share": placement.lowest_share,
            "raised_at": now,
        }
    )
    severity = placement.assessed.outcome.severity
    for channel in dict.fromkeys(placement.assessed.channels if told else ()):
        rows.notices.append(notice_row(alert, version, channel, severity, now, max(now, not_before or now)))


def notice_row(
    alert: str, version: int, channel: str, severity: Severity, created_at: datetime, due_at: datetime
) -> dict[str, Any]:
    """A new notice's row in the outbox."""
    notice = notice_id(alert, version, channel)
    return {
        "notice_id": notice,
        "idempotency_key": idempotency_key(notice, 0, created_at),
        "alert_id": alert,
        "alert_version": version,
        "channel": channel,
        "state": "pending",
        "urgency": SEVERITY_RANK[severity.value],
        "attempts": 0,
        "resends": 0,
        "created_at": created_at,
        "due_at": due_at,
        "first_attempt_at": None,
        "settled_at": None,
        "detail": "",
    }


def _alert(
    placement: Placement, identity: str, version: int, status: AlertStatus, opened_at: datetime, updated_at: datetime
) -> Alert:
    listing, outcome = placement.assessed.listing, placement.assessed.outcome
    return Alert(
        alert_id=identity,
        source=listing.source,
        external_id=listing.external_id,
        url=listing.url,
        title=listing.title,
        platform=listing.platform,
        finding=placement.assessed.finding,
        severity=outcome.severity,
        queue=outcome.queue,
        rule=outcome.rule,
        status=status,
        version=version,
        opened_at=opened_at,
        updated_at=updated_at,
    )


def write_alerts(connection: Connection, rows: AlertRows, sealed: Sealed) -> None:
    """Write what was collected."""
    insert_rows(connection, alerts, rows.new_alerts)
    update_rows(connection, alerts, "alert_id", _UPDATED, rows.updated_alerts)
    sealed.insert(connection, "alert", rows.versions)
    insert_rows(connection, outbox, rows.notices)
