"""No token in a log: what a library writes about a request, an exception's text and its traceback are all scrubbed.

The Bot API carries its token in the address, chat tools theirs in the path of a webhook, and HTTP libraries log
addresses. Logging's record factory is the one gate that every record of the process passes, whoever wrote it.
"""

import logging
import threading
import traceback
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

HIDDEN = "[secret]"
LEAST_LENGTH = 6
LONG_ENOUGH = 12


def spellings(secrets: Iterable[str]) -> frozenset[str]:
    """The secrets and their percent-encoded forms; those shorter than LEAST_LENGTH would blot out ordinary words."""
    return frozenset(
        spelling
        for secret in secrets
        if len(secret) >= LEAST_LENGTH
        for spelling in (secret, quote(secret, safe=""), quote(secret, safe=":"))
    )


def scrub(text: str, hidden: Iterable[str]) -> str:
    """The text without any of the spellings, the longest first."""
    for spelling in sorted(hidden, key=len, reverse=True):
        if spelling in text:
            text = text.replace(spelling, HIDDEN)
    return text


def tokens_of(address: str) -> frozenset[str]:
    """Whatever of an address may be a secret: the password, and any part that does not look like a plain word.

    Plain words such as `alerts` in a path are left, or every other log line that has them would be blotted out.
    """
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    pieces = [parts.username or "", *parts.path.split("/"), parts.fragment]
    pieces += [value for _, value in parse_qsl(parts.query, keep_blank_values=True)]
    # Where a tool's address has no real host, a token stands in its place.
    pieces += [host] if "." not in host else []
    found = {spelled for piece in pieces if _looks_secret(piece) for spelled in (piece, unquote(piece))}
    return frozenset(found | ({parts.password, unquote(parts.password)} if parts.password else set()))


def _looks_secret(piece: str) -> bool:
    mixed = any(c.isdigit() for c in piece) and any(c.isalpha() for c in piece)
    return len(piece) >= LONG_ENOUGH or (len(piece) >= LEAST_LENGTH and mixed)


class RedactingRecordFactory:
    """A record factory that scrubs message, arguments and traceback before any handler sees the record."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._hidden: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def hide(self, secrets: Iterable[str]) -> None:
        """Scrub these from now on as well."""
        with self._lock:
            self._hidden |= spellings(secrets)

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """The inner factory's record, scrubbed where it holds a secret."""
        record: logging.LogRecord = self._inner(*args, **kwargs)
        if not self._hidden:
            return record
        said = _said(record)
        scrubbed = scrub(said, self._hidden)
        if scrubbed != said:
            record.msg, record.args = scrubbed, ()
        if record.exc_info and record.exc_info[1] is not None:
            told = "".join(traceback.format_exception(record.exc_info[1]))
            if scrub(told, self._hidden) != told:
                # A formatter uses exc_text where it stands and never formats the exception itself.
                record.exc_text = scrub(told, self._hidden).rstrip("\n")
                record.exc_info = None
        return record


def hide_in_logs(secrets: Iterable[str]) -> None:
    """Keep these out of every log record of this process from now on."""
    factory = logging.getLogRecordFactory()
    if not isinstance(factory, RedactingRecordFactory):
        factory = RedactingRecordFactory(factory)
        logging.setLogRecordFactory(factory)
    factory.hide(secrets)


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg!r} {record.args!r}"
