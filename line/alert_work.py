"""Working on alerts from the command line: who acts, deciding, snoozing, and telling notices again."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from domain.decision import Outcome
from domain.errors import UndercutError
from line.access import Permission, permissions_of
from line.decide import Verdict, decide, snooze
from line.review_reasons import choice_of
from storage.console_memory import ConsoleMemory
from storage.outbox import KeptNotice, NoticeState
from storage.store import Store

MOST_PARKED: Final = 10_000
_SPAN = re.compile(r"([1-9][0-9]{0,4})([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class AlertWorkError(UndercutError):
    """What was asked for cannot be done; the message says what can."""


def who_acts(memory: ConsoleMemory, name: str) -> tuple[str, bool]:
    """The account of a person who may decide, and whether they lead; raises AlertWorkError.

    Where nobody has an account yet, whoever works at this machine is taken at their word and leads nobody.
    """
    everybody = memory.accounts.all()
    if not everybody:
        return name, False
    account = memory.accounts.named(name)
    granted = permissions_of(account.roles) if account is not None and account.active else frozenset()
    if account is None or Permission.DECIDE not in granted:
        raise AlertWorkError(f"{name[:60]!r} is nobody who may decide here; name an analyst with --by")
    return account.name, Permission.LEAD in granted


def decide_by_name(
    memory: ConsoleMemory, alert_id: str, outcome: str, reason: str, note: str, by: str, now: datetime
) -> str:
    """Give a verdict; a sentence that says where the alert stands with it. Raises AlertWorkError or DecisionError."""
    try:
        chosen = Outcome(outcome)
    except ValueError:
        raise AlertWorkError(f"{outcome[:40]!r} is no outcome; there are {', '.join(Outcome)}") from None
    reasons = [one.code for one in choice_of(chosen).reasons]
    if reason not in reasons:
        raise AlertWorkError(f"{reason[:40]!r} is no reason for {chosen}; there are {', '.join(reasons)}")
    person, leads = who_acts(memory, by)
    after = decide(memory, alert_id, Verdict(chosen, reason, note), person, now, lead=leads)
    return f"{alert_id}: {chosen} ({reason}) by {person}; {after.standing.stage.value}, {after.alert.status.value}"


def snooze_by_name(memory: ConsoleMemory, alert_id: str, span: str, note: str, by: str, now: datetime) -> str:
    """Let an alert sleep for a span such as `4h`; says until when. Raises AlertWorkError or DecisionError."""
    until = now + span_of(span)
    person, _ = who_acts(memory, by)
    snooze(memory, alert_id, until, note, person, now)
    return f"{alert_id} sleeps until {until:%Y-%m-%d %H:%M} UTC"


def span_of(text: str) -> timedelta:
    """`30m`, `4h`, `2d`, `1w`; raises AlertWorkError."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise AlertWorkError(f"{text[:20]!r} is no span of time; write 30m, 4h, 2d or 1w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def notices(store: Store, states: Iterable[str], limit: int) -> tuple[KeptNotice, ...]:
    """Notices in these states, the newest first; raises AlertWorkError for a word that is none."""
    try:
        chosen = [NoticeState(state) for state in states]
    except ValueError as error:
        raise AlertWorkError(f"{error}; there are {', '.join(NoticeState)}") from error
    return store.outbox.list(*chosen, limit=limit)


def resend_parked(store: Store, channel: str | None) -> int:
    """Tell everything again that was given up (of one channel, where one is named); gives how many notices."""
    parked = store.outbox.list(NoticeState.PARKED, limit=MOST_PARKED)
    wanted = [notice.notice_id for notice in parked if channel is None or notice.channel == channel]
    for notice_id in wanted:
        store.outbox.resend(notice_id)
    return len(wanted)


def resend_alert(store: Store, alert_id: str, channel: str | None) -> int:
    """Tell the newest version of an alert again to who was told of it; gives how many notices."""
    told = store.outbox.of_alert(alert_id)
    newest = max((notice.alert_version for notice in told), default=0)
    wanted = [one for one in told if one.alert_version == newest and channel in (None, one.channel)]
    for notice in wanted:
        store.outbox.resend(notice.notice_id)
    return len(wanted)
