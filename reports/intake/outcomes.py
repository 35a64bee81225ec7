"""What recipients answered: accounts matched and closed, keys revoked, listings removed, refusals with their reason.

Read from CSV or JSON lines; one row for each answer to one report.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from domain.clock import NaiveTimeError, require_utc
from domain.errors import UndercutError
from domain.hostile_text import one_line
from domain.report import Actor, Report, ReportState, acknowledge, record_refused, record_removed

_COUNTS = ("accounts_matched", "accounts_closed", "keys_revoked", "listings_removed")
_MOST_BYTES = 20_000_000


class OutcomeError(UndercutError):
    """A row of outcomes cannot be used; the message names the row and the member."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer. `refusal` is the recipient's reason, empty where it did not refuse."""

    report_id: str
    at: datetime
    reference: str
    accounts_matched: int
    accounts_closed: int
    keys_revoked: int
    listings_removed: int
    refusal: str

    @property
    def acted(self) -> bool:
        """Did the recipient close, revoke or remove anything?"""
        return bool(self.accounts_closed or self.keys_revoked or self.listings_removed)


def read_outcomes(body: bytes) -> tuple[Outcome, ...]:
    """Every answer in the file; raises OutcomeError naming the first row that cannot be used."""
    if len(body) > _MOST_BYTES:
        raise OutcomeError(f"the file of outcomes is larger than {_MOST_BYTES} bytes; split it")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OutcomeError(f"the file of outcomes is not UTF-8: {error}") from error
    rows = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text)
    return tuple(_outcome(number, row) for number, row in rows)


def apply_outcome(report: Report, outcome: Outcome, actor: Actor) -> Report:
    """The report after that answer; raises TransitionError where it cannot be (not handed over yet, say)."""
    if outcome.refusal:
        return record_refused(report, actor, outcome.refusal, outcome.at)
    told = (
        acknowledge(report, actor, outcome.reference, outcome.at) if report.state is ReportState.HANDED_OVER else report
    )
    if not outcome.acted:
        return told
    counts = ", ".join(f"{name.replace('_', ' ')} {getattr(outcome, name)}" for name in _COUNTS)
    return record_removed(told, actor, counts, outcome.at)


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise OutcomeError(f"row {number} is no JSON: {error}") from error
        if not isinstance(row, dict):
            raise OutcomeError(f"row {number} is no object")
        yield number, row


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        yield from enumerate(csv.DictReader(io.StringIO(text, newline=""), strict=True), 1)
    except csv.Error as error:
        raise OutcomeError(f"the file of outcomes is no CSV: {error}") from error


def _outcome(number: int, row: Mapping[str, Any]) -> Outcome:
    unknown = set(row) - {"report_id", "at", "reference", "refusal", *_COUNTS}
    if unknown:
        raise OutcomeError(f"row {number} has members that are not known: {', '.join(sorted(map(str, unknown)))[:200]}")
    report_id = one_line(str(row.get("report_id") or ""), 80)
    if not report_id:
        raise OutcomeError(f"row {number} has no report_id")
    try:
        at = require_utc(datetime.fromisoformat(str(row.get("at"))), what=f"row {number}: at")
    except (ValueError, NaiveTimeError) as error:
        raise OutcomeError(f"row {number}: at is no time with a zone: {str(row.get('at'))[:40]!r}") from error
    return Outcome(
        report_id=report_id,
        at=at,
        reference=one_line(str(row.get("reference") or ""), 120),
        refusal=one_line(str(row.get("refusal") or ""), 400),
        **{name: _count(number, name, row.get(name)) for name in _COUNTS},
    )


def _count(number: int, name: str, value: object) -> int:
    text = str(value if value not in (None, "") else 0)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise OutcomeError(f"row {number}: {name} is no count: {text[:30]!r}")
    return int(text)
