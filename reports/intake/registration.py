"""Who a domain or an address is registered with, and whom they name for abuse: RDAP (RFC 9083) and WHOIS answers.

Only the registrar's or network's role contacts are taken; holders of domains are people and are passed over.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from domain.errors import UndercutError
from domain.hostile_text import clean_text, one_line

_MOST_BYTES = 2_000_000
_MOST_DEPTH = 6
_MAIL = re.compile(r"[^\s@<>\"',;:]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_WHOIS_LINE = re.compile(r"^\s{0,20}([A-Za-z][A-Za-z /-]{1,60}?)\s{0,10}:[ \t]{0,40}([^\n]{1,300})$", re.MULTILINE)
_WHOIS_NAMES = {
    "registrar": "registrar", "registrar abuse contact email": "abuse_email", "orgabuseemail": "abuse_email",
    "abuse-mailbox": "abuse_email", "registrar abuse contact phone": "abuse_phone", "creation date": "created",
    "created": "created", "registry expiry date": "expires", "orgname": "registrar", "org-name": "registrar",
    "domain name": "name", "cidr": "name", "inetnum": "name", "registrar iana id": "registrar_id",
}  # fmt: skip


class RegistrationError(UndercutError):
    """The answer is not what a registry would say."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registry says of a domain or network; None where it does not say."""

    name: str | None
    registrar: str | None
    registrar_id: str | None
    abuse_email: str | None
    abuse_phone: str | None
    created: str | None
    expires: str | None


def read_rdap(body: bytes) -> Registration:
    """From an RDAP answer; raises RegistrationError for anything else."""
    if len(body) > _MOST_BYTES:
        raise RegistrationError(f"the RDAP answer is larger than {_MOST_BYTES} bytes")
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RegistrationError(f"the RDAP answer is no JSON: {error}") from error
    if not isinstance(answer, dict) or "objectClassName" not in answer:
        raise RegistrationError("the RDAP answer has no objectClassName; it is an error page or something else")
    entities = tuple(_entities(answer, 0))
    registrar = next((entity for entity in entities if "registrar" in _roles(entity)), {})
    abuse = next((entity for entity in entities if "abuse" in _roles(entity)), {})
    events = {str(event.get("eventAction")): str(event.get("eventDate"))[:40] for event in _dicts(answer.get("events"))}
    identifiers = [one_line(str(item.get("identifier", "")), 20) for item in _dicts(registrar.get("publicIds"))]
    email = _card_value(abuse, "email")
    found = _MAIL.fullmatch(email) if email else None
    return Registration(
        name=_line(answer.get("ldhName") or answer.get("handle")),
        registrar=_card_value(registrar, "fn"),
        registrar_id=next(iter(identifiers), None),
        abuse_email=found.group() if found else None,
        abuse_phone=_card_value(abuse, "tel"),
        created=_line(events.get("registration")),
        expires=_line(events.get("expiration")),
    )


def read_whois(text: str) -> Registration:
    """From a WHOIS answer: the first value of each field that is known; raises RegistrationError where none is."""
    found: dict[str, str] = {}
    cleaned = clean_text(text[:_MOST_BYTES].replace("\r\n", "\n"))
    for match in _WHOIS_LINE.finditer(cleaned):
        name = _WHOIS_NAMES.get(match.group(1).strip().lower())
        if name is not None:
            found.setdefault(name, one_line(match.group(2), 120))
    if not found:
        raise RegistrationError("the WHOIS answer has none of the fields that are known")
    email = _MAIL.search(found.get("abuse_email", ""))
    phone = found.get("abuse_phone")
    return Registration(
        name=found.get("name"), registrar=found.get("registrar"), registrar_id=found.get("registrar_id"),
        abuse_email=email.group() if email else None, abuse_phone=phone, created=found.get("created"),
        expires=found.get("expires"),
    )  # fmt: skip


def _entities(holder: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    for entity in _dicts(holder.get("entities")):
        yield entity
        if depth < _MOST_DEPTH:
            yield from _entities(entity, depth + 1)


def _dicts(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value[:200] if isinstance(item, dict))


def _roles(entity: Mapping[str, Any]) -> list[str]:
    roles = entity.get("roles")
    return [str(role) for role in roles] if isinstance(roles, list) else []


def _card_value(entity: Mapping[str, Any], name: str) -> str | None:
    """A value of a jCard (RFC 7095): `["vcard", [["fn", {}, "text", "Example"], ...]]`."""
    card = entity.get("vcardArray")
    if not isinstance(card, list) or len(card) != 2 or not isinstance(card[1], list):
        return None
    for row in card[1][:100]:
        if isinstance(row, list) and len(row) >= 4 and row[0] == name and isinstance(row[3], str):
            return _line(row[3].removeprefix("tel:"))
    return None


def _line(value: object) -> str | None:
    return one_line(value, 120) or None if isinstance(value, str) else None
