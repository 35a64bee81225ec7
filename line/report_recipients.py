"""The operator's own recipients: put over the shipped ones, checked, or made out of security.txt, RDAP and WHOIS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import yaml

from domain.errors import UndercutError
from rates.book import RateBook
from reports.directory import Recipient, RecipientKind, read_recipient
from reports.intake.registration import read_rdap, read_whois
from reports.intake.security_txt import read_security_txt
from reports.links import host_of
from reports.render import formats
from storage.overlay import OverlayKind
from storage.store import Store

STALE_AFTER = timedelta(days=180)


class RecipientError(UndercutError):
    """A recipient cannot be added as asked; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class DirectoryProblem:
    """Something about a recipient that a person should look at."""

    recipient: str
    what: str


def check_directory(known: Mapping[str, Recipient], rates: RateBook, today: date) -> tuple[DirectoryProblem, ...]:
    """Whom nobody can reach, what was read too long ago, and formats or terms that do not fit."""
    return tuple(
        DirectoryProblem(one.id, what) for _, one in sorted(known.items()) for what in _problems(one, rates, today)
    )


def _problems(one: Recipient, rates: RateBook, today: date) -> Iterator[str]:
    unknown = [name for name in one.formats if name not in formats()]
    if unknown:
        yield f"names formats that there are not: {', '.join(unknown)}"
    if not one.ways and one.kind not in {RecipientKind.COMMUNITY, RecipientKind.REGISTRAR}:
        yield "has no known way in"
    for way in one.ways:
        if today - way.checked > STALE_AFTER:
            yield f"was last read on {way.checked}: {way.email or way.form or way.account}"
    if one.submission.value == "mail" and not any(way.email for way in one.ways):
        yield "takes mail, and no address is known"
    if one.kind is RecipientKind.PROVIDER and one.id not in {provider.id for provider in rates.providers()}:
        yield "is a provider that the price book does not know"


def add_recipient(store: Store, content: str, place: str, author: str) -> Recipient:
    """Put a recipient's YAML over the shipped ones; raises DirectoryError for one that is not as it should be."""
    recipient = read_recipient(content, place)
    unknown = [name for name in recipient.formats if name not in formats()]
    if unknown:
        raise RecipientError(f"{place} names formats that there are not: {', '.join(unknown)}")
    store.overlay.put(OverlayKind.RECIPIENT, recipient.id, content, author=author)
    return recipient


def recipient_of_security_txt(known: Recipient, text: str, source: str, now: datetime) -> str:
    """The recipient's YAML with the contacts of its security.txt in front; raises RecipientError for an expired one."""
    read = read_security_txt(text)
    if not read.holds(now):
        raise RecipientError(f"that security.txt expired at {read.expires_at:%Y-%m-%d}; ask for the one of today")
    _require_https(source)
    ways = [
        _way(contact, "security incidents, leaked keys", "read from security.txt", source, now.date())
        for contact in read.contacts
    ]
    value = known.model_dump(mode="json")
    value["ways"] = [*ways, *(way for way in value["ways"] if not _same(way, ways))]
    return _yaml(value)


def registrar_of(body: bytes, domain: str, source: str, now: datetime) -> str:
    """The YAML of a domain's registrar out of an RDAP (JSON) or WHOIS answer: its abuse contact, never the holder."""
    text = body.decode("utf-8", "replace")
    found = read_rdap(body) if text.lstrip().startswith("{") else read_whois(text)
    if found.abuse_email is None:
        raise RecipientError(f"the answer for {domain[:80]} gives no abuse contact of the registrar")
    _require_https(source)
    value = {
        "id": f"registrar-of-{domain.lower().replace('.', '-')}"[:60],
        "name": found.registrar or "Registrar",
        "kind": "registrar",
        "domains": [],
        "submission": "mail",
        "who_may_file": "anyone",
        "languages": ["en"],
        "formats": ["xarf", "pdf", "text"],
        "needs_handles": True,
        "limits": f"the registrar's abuse contact in the answer for {domain.lower()[:80]}",
        "ways": [_way(f"mailto:{found.abuse_email}", "abuse of a domain", "from RDAP or WHOIS", source, now.date())],
    }
    return _yaml(value)


def _way(contact: str, accepts: str, note: str, source: str, checked: date) -> dict[str, Any]:
    address = contact.removeprefix("mailto:")
    kind = "form" if address.startswith("https://") else "email"
    return {kind: address, "accepts": [accepts], "note": note, "source": source, "checked": checked.isoformat()}


def _same(way: Mapping[str, Any], ways: list[dict[str, Any]]) -> bool:
    return any(way.get("email") == new.get("email") and way.get("form") == new.get("form") for new in ways)


def _require_https(source: str) -> None:
    if not source.startswith("https://") or host_of(source) is None:
        raise RecipientError("say with --source where it stands, as an https address")


def _yaml(value: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(value), sort_keys=False, allow_unicode=True)
