"""The sentences of a report: observations, not accusations; what is not known is said to be not known."""

from collections.abc import Sequence

from domain.case import Case, CaseKind
from domain.finding import Authorisation
from reports.dossier import ListingRow, OfferRow, Wording
from reports.numbers import percent_text

_KIND = {
    CaseKind.RESALE: "that offer{s} access to {provider} products",
    CaseKind.LEAKED_KEYS: "that show{s} keys of {provider} services in public",
    CaseKind.SCAM: "that ask{s} for payment for access to {provider} products and that a person filed as "
    "a suspected scam",
}
_AUTHORISATION = {
    Authorisation.UNKNOWN: "Whether the sellers have permission is not known to us. This report does not say that they "
    "have none; {provider} can tell.",
    Authorisation.DENIED_BY_PROVIDER: "{provider} has stated, as recorded in the case, that it gave no permission for "
    "this sale.",
    Authorisation.LISTED: "The seller is on {provider}'s list of authorised channels.",
    Authorisation.NOT_NEEDED: "As far as is known no permission is needed for what is sold.",
}
_LIMITS = (
    "Nothing was bought, no seller was contacted and no key was tried; what a buyer would receive is not known.",
    "Prices are those that the pages stated when they were seen; a page can change or be copied by others.",
    "A name on a page shows which account published it, not which person stands behind it.",
    "Where a price could not be compared with an official one, the reason is given instead of a number.",
)


def write_wording(
    case: Case, listings: Sequence[ListingRow], offers: Sequence[OfferRow], reporter_email: str, correction: str | None
) -> Wording:
    """Every sentence that the formats for people share."""
    return Wording(
        summary=_correction(case, correction) if correction else _summary(case, listings, offers),
        authorisation=_authorisation(case),
        confidence=_confidence(listings),
        limits=_LIMITS,
        request=_request(case, correction),
        reply=_reply(case, reporter_email),
    )


def _summary(case: Case, listings: Sequence[ListingRow], offers: Sequence[OfferRow]) -> tuple[str, ...]:
    first = min((row.first_seen_at for row in listings), default="")
    last = max((row.last_seen_at for row in listings), default="")
    hosts = len({row.host for row in listings if row.host})
    kind = _KIND[case.kind].format(provider=case.provider_name, s="s" if len(listings) == 1 else "")
    when = f"Between {first} and {last}" if first != last else f"At {first}"
    sentences = [f"{when} we observed {_count(len(listings), 'public listing')} on {_count(hosts, 'site')} {kind}."]
    priced = [offer for offer in offers if offer.share_best is not None]
    if priced:
        lowest = min(priced, key=lambda offer: float(offer.share_best or "inf"))
        sentences.append(
            f"{_states(listings)} {_count(len(offers), 'offer')}; {len(priced)} could be compared with an "
            f"official price of that day. The lowest is {percent_text(lowest.share_best or '0')} % of the official "
            f"price ({lowest.product}, offer {lowest.number})."
        )
    elif offers:
        sentences.append(
            f"{_states(listings)} {_count(len(offers), 'offer')}; none could be compared with an official price."
        )
    if case.leaked_keys:
        count = _count(len({key.sha256 for key in case.leaked_keys}), "distinct key")
        sentences.append(f"{count[0].upper()}{count[1:]} stood in public; digests are given, never a key.")
    return tuple(sentences)


def _states(listings: Sequence[ListingRow]) -> str:
    return "It states" if len(listings) == 1 else "They state"


def _correction(case: Case, correction: str | None) -> tuple[str, ...]:
    return (
        f"We take back what we reported to you in case {case.case_id}.",
        f"Reason: {correction}",
        "Please undo what was done because of the earlier report, and tell us if that is not possible.",
    )


def _authorisation(case: Case) -> str:
    """One sentence for each answer; where listings differ, each sentence names the listings it holds for."""
    keys: dict[Authorisation, list[str]] = {}
    for number, entry in enumerate(case.listings, 1):
        keys.setdefault(entry.authorisation, []).append(f"L{number}")
    if not keys:
        return _AUTHORISATION[Authorisation.UNKNOWN].format(provider=case.provider_name)
    sentences = {value: _AUTHORISATION[value].format(provider=case.provider_name) for value in sorted(keys)}
    if len(keys) == 1:
        return "".join(sentences.values())
    return " ".join(f"For {_some(keys[value])}: {sentence}" for value, sentence in sentences.items())


def _some(keys: Sequence[str], most: int = 6) -> str:
    shown = ", ".join(keys[:most])
    return shown if len(keys) <= most else f"{shown} and {len(keys) - most} more"


def _confidence(listings: Sequence[ListingRow]) -> str:
    if not listings:
        return "No listing was assessed by the program."
    lowest = min(row.probability for row in listings)
    highest = max(row.probability for row in listings)
    ends = dict.fromkeys((_probability(lowest), _probability(highest)))
    decided = [row for row in listings if row.decision]
    reviewed = (
        f"{len(decided)} of {len(listings)} {'was' if len(listings) == 1 else 'were'} reviewed by a person, whose "
        "decision stands with each."
        if decided
        else "None has been decided by a person yet."
    )
    return (
        f"The program's calibrated probability that these are offers of resold access is {' to '.join(ends)}. "
        f"{reviewed} The probability says nothing about permission or intent."
    )


def _probability(value: float) -> str:
    """Two places, and never certainty."""
    if value > 0.99:
        return "over 0.99"
    return f"{value:.2f}" if value >= 0.01 else "under 0.01"


def _request(case: Case, correction: str | None) -> str:
    if correction:
        return "Please confirm that this correction was received."
    if case.kind is CaseKind.LEAKED_KEYS:
        asked = "Please check whether the keys with these digests are live, and revoke those that are."
    else:
        asked = "Please check whether what was observed is allowed, and act as your own rules say."
    return f"{asked} Tell us the outcome under the report number, also if you find that we are wrong."


def _reply(case: Case, email: str) -> str:
    invitation = (
        f"Whoever is concerned may answer at {email}. Answers are kept with the case and passed on to "
        "every recipient of this report."
    )
    return f"{invitation} Answer received: {case.reply}" if case.reply else f"{invitation} None has been received yet."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
