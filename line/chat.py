"""What linked people do from a chat: the same as at the console, by the same rules, each button once."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from alerts.buttons import Action, Button
from alerts.explanation import explain
from alerts.message import LANE_WORDS, Detail, Line
from alerts.policy import Policy
from alerts.text import neutral
from domain.decision import Outcome
from domain.errors import UndercutError
from line.access import Permission, permissions_of
from line.decide import ConflictError, Verdict, claim, decide, release, review_of, snooze
from line.review_reasons import choice_of, needs_note
from storage.accounts import Account
from storage.chats import Press
from storage.console_memory import ConsoleMemory

Chosen = TypeVar("Chosen")

TELEGRAM: Final = "telegram"
CODE_HOLDS: Final = timedelta(minutes=15)
MOST_REASONS: Final = 6
SNOOZES: Final = (
    ("1 hour", timedelta(hours=1)),
    ("4 hours", timedelta(hours=4)),
    ("1 day", timedelta(days=1)),
    ("1 week", timedelta(weeks=1)),
)
OUTCOMES: Final = {Action.DISMISS: Outcome.NOT_A_VIOLATION, Action.CONFIRM: Outcome.CONFIRMED}


class ChatError(UndercutError):
    """What was asked for in a chat cannot be done; the message is for who asked."""


class NoteNeededError(ChatError):
    """The verdict needs a sentence beside it before it can be given."""


@dataclass(frozen=True, slots=True)
class ChatPerson:
    """Somebody in a chat who is linked to an account that may decide."""

    user_id: str
    account: Account

    @property
    def name(self) -> str:
        """The account's name."""
        return self.account.name

    @property
    def leads(self) -> bool:
        """May they decide where two differ?"""
        return Permission.LEAD in permissions_of(self.account.roles)


def offer_code(memory: ConsoleMemory, name: str, by: str, now: datetime) -> str:
    """A code with which the person of that account links their chat, once, within a quarter of an hour."""
    account = _account(memory, name)
    if not account.active or Permission.DECIDE not in permissions_of(account.roles):
        raise ChatError(f"{account.name} may not decide here; give them the role of an analyst first")
    code = secrets.token_urlsafe(24)
    memory.chats.offer(code, account, by, now + CODE_HOLDS)
    return code


def unlink(memory: ConsoleMemory, name: str, by: str, now: datetime) -> int:
    """Take away every link of an account; gives how many."""
    return memory.chats.unlink(_account(memory, name), by, now)


def person_in_chat(memory: ConsoleMemory, user_id: str) -> ChatPerson | None:
    """The linked person, None for anybody else, a closed account, or one that may no longer decide."""
    account = memory.chats.account(TELEGRAM, user_id)
    if account is None or Permission.DECIDE not in permissions_of(account.roles):
        return None
    return ChatPerson(user_id, account)


def choices_of(menu: Action) -> tuple[Action, tuple[str, ...]]:
    """What a menu offers: the action of its buttons, and their words in order."""
    if menu is Action.SNOOZE_MENU:
        return Action.SNOOZE, tuple(words for words, _ in SNOOZES)
    action = Action.DISMISS if menu is Action.DISMISS_MENU else Action.CONFIRM
    return action, tuple(reason.label for reason in choice_of(OUTCOMES[action]).reasons)


def press(
    memory: ConsoleMemory, person: ChatPerson, button: Button, data: str, now: datetime, *, note: str = ""
) -> str:
    """Do what a button says, once; gives a sentence for who pressed it.

    Raises NoteNeededError before anything is done, ChatError for a button that was used before, and DecisionError for
    what may not be done now.
    """
    review = review_of(memory, button.alert_id)
    if review.alert.version != button.version:
        raise ConflictError(f"the alert says something new: version {review.alert.version}; look at that one")
    outcome = OUTCOMES.get(button.action)
    if outcome is not None and needs_note(review.alert.severity, outcome) and not note.strip():
        raise NoteNeededError(f"a {review.alert.severity} alert is decided with a sentence that says why")
    used = Press(
        hashlib.sha256(data.encode()).hexdigest(),
        TELEGRAM,
        person.user_id,
        person.account,
        button.alert_id,
        button.action.name.lower(),
    )
    if not memory.chats.use(used, now):
        raise ChatError("this button was used already; see the console for where the alert stands")
    return _DO[button.action](memory, person, button, note, now)


def _claim(memory: ConsoleMemory, person: ChatPerson, button: Button, note: str, now: datetime) -> str:
    claim(memory, button.alert_id, person.name, now)
    return "You hold this alert now."


def _release(memory: ConsoleMemory, person: ChatPerson, button: Button, note: str, now: datetime) -> str:
    release(memory, button.alert_id, person.name, now)
    return "Nobody holds this alert any more."


def _snooze(memory: ConsoleMemory, person: ChatPerson, button: Button, note: str, now: datetime) -> str:
    words, span = _chosen(SNOOZES, button.choice)
    snooze(memory, button.alert_id, now + span, "", person.name, now)
    return f"It sleeps for {words}."


def _verdict(memory: ConsoleMemory, person: ChatPerson, button: Button, note: str, now: datetime) -> str:
    outcome = OUTCOMES[button.action]
    reason = _chosen(choice_of(outcome).reasons, button.choice)
    verdict = Verdict(outcome, reason.code, note, alert_version=button.version)
    after = decide(memory, button.alert_id, verdict, person.name, now, lead=person.leads)
    return f"{choice_of(outcome).label}: {reason.label}. It is {after.standing.stage.value.replace('_', ' ')} now."


_DO: Final[dict[Action, Callable[[ConsoleMemory, ChatPerson, Button, str, datetime], str]]] = {
    Action.CLAIM: _claim,
    Action.RELEASE: _release,
    Action.SNOOZE: _snooze,
    Action.DISMISS: _verdict,
    Action.CONFIRM: _verdict,
}


def why(memory: ConsoleMemory, policy: Policy, alert_id: str, detail: Detail) -> tuple[Line, ...]:
    """Why an alert was raised. `minimal` says it in our own words alone; `full` adds the reasons found in the text."""
    alert = memory.store.alerts.get(alert_id)
    listing = memory.store.histories.versions(alert.source, alert.external_id)[-1].listing
    explanation = explain(policy, alert.finding, listing)
    lines = [
        Line("Alert", f"{alert.alert_id}, version {alert.version}"),
        Line("Kind", f"{LANE_WORDS[alert.finding.lane]}, {alert.severity}"),
        Line("Rule", alert.rule),
        *(Line("Because", rule.why) for rule in explanation.rules if rule.decided),
    ]
    found = sorted((one for one in alert.finding.signals if one.weight > 0), key=lambda one: -one.weight)
    for signal in found[:MOST_REASONS]:
        lines.append(Line("Signal", signal.name if detail is Detail.MINIMAL else neutral(signal.reason, 160)))
    return tuple(lines)


def _account(memory: ConsoleMemory, name: str) -> Account:
    account = memory.accounts.named(name)
    if account is None:
        raise ChatError(f"nobody has an account named {name[:60]!r}")
    return account


def _chosen(choices: tuple[Chosen, ...], place: int) -> Chosen:
    if place >= len(choices):
        raise ChatError("this button is of another version of Undercut; use the console")
    return choices[place]
