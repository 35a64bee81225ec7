"""What reviewers may decide and why: each outcome with its key, and reason codes with examples either way."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.alert import Severity
from domain.decision import Outcome


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason code: what it means, two examples of it, and two of what it is not."""

    code: str
    label: str
    meaning: str
    fits: tuple[str, str]
    does_not_fit: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome as the decision bar shows it: its key, and its reasons, the usual one first."""

    outcome: Outcome
    key: str
    label: str
    hint: str
    reasons: tuple[Reason, ...]


CHOICES: Final = (
    Choice(
        Outcome.CONFIRMED,
        "1",
        "Confirm",
        "Access is offered that its seller may not sell",
        (
            Reason(
                "resold_access",
                "Resold access",
                "An account, seat, plan or metered access of a provider is sold by someone who is not the provider.",
                ("a month of a plan on a ready account", "one's own credit on a relay, under list price"),
                ("a comparison of official prices", "a tool that asks for the reader's own key"),
            ),
            Reason(
                "pooled_relay",
                "Pooled relay",
                "Many accounts or keys stand behind one interface whose use is sold.",
                ("a price list with groups and multipliers", "“mixed official and reverse channels”"),
                ("a gateway that is an authorised channel", "self-hosted open weights"),
            ),
            Reason(
                "stolen_or_leaked",
                "Stolen or leaked credentials",
                "Keys, tokens or accounts that belong to somebody else are offered or shown.",
                ("a file of keys in a public repository", "accounts sold with their owner's e-mail"),
                ("a key that is an example in documentation", "a report that asks for a leak to be fixed"),
            ),
            Reason(
                "fraudulent_supply",
                "Fraudulent supply",
                "The access was got by trial abuse, stolen cards, education or promotion abuse, or false identity.",
                ("trial accounts by the hundred", "“student plan, any name”"),
                ("a student's question about the discount", "news about a promotion"),
            ),
        ),
    ),
    Choice(
        Outcome.NOT_A_VIOLATION,
        "2",
        "Not a violation",
        "Nothing is sold here that may not be",
        (
            Reason(
                "not_an_offer",
                "No offer",
                "The text discusses, asks, warns, teaches or reports; it sells nothing.",
                ("a question where to buy", "a warning about a seller"),
                ("a tutorial that ends in an order link", "“ask me in private for the price”"),
            ),
            Reason(
                "own_product",
                "Own product",
                "What is sold is the seller's own software or service, with access as a part of it.",
                ("an editor with an assistant built in", "consulting about prompts"),
                ("a “service” that hands over an account", "an interface that passes requests through"),
            ),
            Reason(
                "open_weights",
                "Open weights",
                "The model may be hosted by anybody.",
                ("hosting of an open model by the hour", "a mirror of published weights"),
                ("a closed model under an open one's name", "a list that mixes both"),
            ),
            Reason(
                "misread",
                "Misread",
                "The program misread the product, the price or the unit.",
                ("a game's item of the same name", "a price for a thousand, read as for one"),
                ("a price that is right but old", "an offer without any price"),
            ),
        ),
    ),
    Choice(
        Outcome.AUTHORISED,
        "3",
        "Authorised",
        "The seller may sell this",
        (
            Reason(
                "listed_partner",
                "Listed partner",
                "The provider names the seller as a partner, cloud or gateway.",
                ("a cloud in the provider's list", "a gateway with a published agreement"),
                ("“official partner” in the seller's own words", "a domain that only looks like the partner's"),
            ),
            Reason(
                "confirmed_by_provider",
                "Confirmed by the provider",
                "The provider answered that this seller may; the note says who and when.",
                ("an answer of the partner desk", "an entry in a partner portal"),
                ("no answer yet", "an answer about another seller"),
            ),
        ),
    ),
    Choice(
        Outcome.DUPLICATE,
        "4",
        "Duplicate",
        "The same offer is reviewed elsewhere",
        (
            Reason(
                "same_listing",
                "Same listing",
                "The same listing was seen at another place; the note names the alert that stays.",
                ("a post forwarded to a second channel", "a repository and its mirror"),
                ("the same seller with another offer", "the same words by another seller"),
            ),
        ),
    ),
    Choice(
        Outcome.NEEDS_MORE,
        "5",
        "Needs more",
        "Cannot be decided with what is here",
        (
            Reason(
                "evidence_missing",
                "Evidence missing",
                "A picture, a page behind a link or an answer is needed; the note says which.",
                ("the price stands only in a picture", "the shop answers with a challenge"),
                ("the reviewer has not read all of it", "the text is in another language"),
            ),
            Reason(
                "language",
                "Language",
                "Somebody who reads the language has to look.",
                ("slang that the glosses do not explain", "an unclear negation"),
                ("a language with a paraphrase at hand", "a mixed text whose offer is plain"),
            ),
        ),
    ),
    Choice(
        Outcome.ESCALATED,
        "6",
        "Escalate",
        "Somebody with more say has to see this",
        (
            Reason(
                "danger_to_people",
                "Danger to people",
                "Somebody may be harmed, or personal data of third persons is in the open.",
                ("a victim's data in a listing", "threats"),
                ("a rude seller", "a seller's own contact"),
            ),
            Reason(
                "legal",
                "Legal question",
                "Counsel has to say whether and how this may be acted on.",
                ("an order of a court is quoted", "a journalist's test purchase"),
                ("an unclear price", "an unknown currency"),
            ),
        ),
    ),
)

SKIP_REASONS: Final = (
    ("conflict_of_interest", "I have a stake in this"),
    ("language", "I do not read this language"),
    ("distressing", "I would rather not see this today"),
    ("come_back", "I will come back to it"),
)

CLOSING: Final = frozenset({Outcome.CONFIRMED, Outcome.NOT_A_VIOLATION, Outcome.AUTHORISED, Outcome.DUPLICATE})
"""Outcomes after which nothing is left to do; the others leave an alert open."""

NOTE_FROM: Final = Severity.CRITICAL
SECOND_REVIEW_FROM: Final = Severity.CRITICAL
NOTED_OUTCOMES: Final = frozenset({Outcome.NEEDS_MORE, Outcome.ESCALATED, Outcome.DUPLICATE, Outcome.AUTHORISED})
"""Outcomes that say nothing without a sentence beside them."""

UNDO_FOR: Final = timedelta(minutes=10)
HELD_FOR: Final = timedelta(minutes=30)
MOST_NOTE: Final = 4000

_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}
_BY_OUTCOME = {choice.outcome: choice for choice in CHOICES}


def choice_of(outcome: Outcome) -> Choice:
    """The outcome as the decision bar shows it."""
    return _BY_OUTCOME[outcome]


def reason_label(code: str) -> str:
    """A reason code in words; the code itself where it is none of today's."""
    for choice in CHOICES:
        for reason in choice.reasons:
            if reason.code == code:
                return reason.label
    return code


def needs_note(severity: Severity, outcome: Outcome) -> bool:
    """Must a sentence stand beside this decision?"""
    return outcome in NOTED_OUTCOMES or _GRAVITY[severity] <= _GRAVITY[NOTE_FROM]


def needs_second(severity: Severity, outcome: Outcome) -> bool:
    """Does the severity alone force a second verdict?"""
    return outcome in CLOSING and _GRAVITY[severity] <= _GRAVITY[SECOND_REVIEW_FROM]
