"""Alerts as people ask for them: the queue in its order, and one alert with everything it rests on."""

from dataclasses import dataclass
from typing import Any

from domain.alert import Alert, AlertStatus, Severity
from domain.errors import UndercutError
from domain.finding import Lane
from line.assess import assessed
from storage.alerts import AlertFilter, KeptAlertVersion
from storage.decisions import KeptDecision
from storage.outbox import KeptNotice
from storage.store import Store

Object = dict[str, Any]


class AlertNameError(UndercutError):
    """No alert, or more than one, has an id that begins as asked."""


@dataclass(frozen=True, slots=True)
class AlertFile:
    """One alert with its versions, decisions and notices."""

    alert: Alert
    versions: tuple[KeptAlertVersion, ...]
    decisions: tuple[KeptDecision, ...]
    notices: tuple[KeptNotice, ...]


def list_alerts(store: Store, wanted: AlertFilter, limit: int) -> tuple[Alert, ...]:
    """The queue: by lane, then official value exposed (unknown last), then confidence; never by discount alone."""
    return store.alerts.list(wanted, limit=limit).alerts


def open_alert(store: Store, name: str) -> AlertFile:
    """An alert by its id or the first characters of it; raises AlertNameError."""
    found = store.alerts.find(name)
    if not found:
        raise AlertNameError(f"no alert's id begins with {name[:40]!r}; `undercut alerts list` shows them")
    if len(found) > 1:
        raise AlertNameError(f"{len(found)} alerts begin with {name[:40]!r}; give more of the id")
    alert = found[0]
    return AlertFile(
        alert,
        store.alerts.versions(alert.alert_id),
        store.decisions.of(alert.alert_id),
        store.outbox.of_alert(alert.alert_id),
    )


def alert_filter(
    statuses: list[str] | None = None, lanes: list[str] | None = None, severities: list[str] | None = None
) -> AlertFilter:
    """A filter from words; raises AlertNameError for a word that is none of them."""
    try:
        return AlertFilter(
            statuses=frozenset(AlertStatus(word) for word in statuses or ()),
            lanes=frozenset(Lane(word) for word in lanes or ()),
            severities=frozenset(Severity(word) for word in severities or ()),
        )
    except ValueError as error:
        raise AlertNameError(f"{error}; see `undercut alerts list --help`") from error


def alert_object(alert: Alert) -> Object:
    """An alert for programs: where it stands, and the finding in the form of `undercut assess`."""
    return {
        "alert": alert.alert_id,
        "version": alert.version,
        "status": alert.status.value,
        "severity": alert.severity.value,
        "queue": alert.queue,
        "rule": alert.rule,
        "source": alert.source,
        "external_id": alert.external_id,
        "platform": alert.platform,
        "url": alert.url,
        "title": alert.title,
        "opened_at": alert.opened_at.isoformat(),
        "updated_at": alert.updated_at.isoformat(),
        "lowest_share": str(alert.finding.lowest_share) if alert.finding.lowest_share is not None else None,
        "exposure": _exposure(alert),
        "finding": assessed(alert.external_id, alert.finding),
    }


def _exposure(alert: Alert) -> Object | None:
    exposure = alert.finding.exposure
    if exposure is None:
        return None
    return {"low": str(exposure.low.amount), "high": str(exposure.high.amount), "currency": exposure.high.currency}
