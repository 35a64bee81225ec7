"""security.txt (RFC 9116): whom to write to, until when that holds. The text is hostile like any other."""

import re
from dataclasses import dataclass
from datetime import datetime

from domain.clock import require_utc
from domain.errors import UndercutError
from domain.hostile_text import clean_text
from reports.links import safe_link

_MOST_CHARACTERS = 32_000
_MAIL = re.compile(r"mailto:([^\s@<>?]{1,64}@[A-Za-z0-9.-]{1,190})")
_SIGNED = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----[^\n]*\n(?:[A-Za-z-]{1,40}: [^\n]{0,200}\n){0,10}\n")


class SecurityTxtError(UndercutError):
    """The text is no security.txt that may be used; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class SecurityTxt:
    """What a security.txt says. `contacts` keep the order of preference; `signed` says that a signature was there,
    not that it was checked."""

    contacts: tuple[str, ...]
    expires_at: datetime
    policy: str | None
    languages: tuple[str, ...]
    canonical: tuple[str, ...]
    signed: bool

    def holds(self, now: datetime) -> bool:
        """Has it not expired?"""
        return now < self.expires_at


def read_security_txt(text: str) -> SecurityTxt:
    """Raises SecurityTxtError without a usable contact, or without exactly one date of expiry."""
    bounded = clean_text(text[:_MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n"))
    opened = _SIGNED.search(bounded)
    body = bounded[opened.end() :].partition("-----BEGIN PGP SIGNATURE-----")[0] if opened else bounded
    fields: dict[str, list[str]] = {}
    for line in body.splitlines():
        name, colon, value = line.removeprefix("- ").partition(":")
        if colon and not line.startswith("#"):
            fields.setdefault(name.strip().lower(), []).append(value.strip())
    contacts = tuple(filter(None, (_contact(value) for value in fields.get("contact", ()))))
    if not contacts:
        raise SecurityTxtError("security.txt gives no contact that is a mail address or an https address")
    return SecurityTxt(
        contacts=contacts,
        expires_at=_expiry(fields.get("expires", [])),
        policy=next(filter(None, (safe_link(value) for value in fields.get("policy", ()))), None),
        languages=tuple(
            part.strip()[:20] for value in fields.get("preferred-languages", ()) for part in value.split(",")[:20]
        ),
        canonical=tuple(filter(None, (safe_link(value) for value in fields.get("canonical", ())))),
        signed=opened is not None,
    )


def _contact(value: str) -> str | None:
    mail = _MAIL.fullmatch(value)
    if mail:
        return mail.group(1)
    link = safe_link(value)
    return link if link is not None and link.startswith("https://") else None


def _expiry(values: list[str]) -> datetime:
    if len(values) != 1:
        raise SecurityTxtError(f"security.txt must state one date of expiry; it states {len(values)}")
    try:
        return require_utc(datetime.fromisoformat(values[0]), what="Expires")
    except (ValueError, UndercutError) as error:
        raise SecurityTxtError(f"security.txt states no date of expiry that can be read: {values[0][:60]!r}") from error
