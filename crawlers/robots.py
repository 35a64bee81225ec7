"""What robots.txt says to us, by RFC 9309: 4xx means everything is open, unreachable means nothing is.

Pure functions of a fetched robots.txt; `crawlers/transports/robots_gate.py` fetches, remembers and enforces. The
parser is Protego, which matches patterns without regular expressions, so that hostile rules cost linear time.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from protego import Protego

from crawlers.memory import RobotsRecord

PRODUCT_TOKEN = "undercut"  # noqa: S105 - the name that robots.txt knows us by
MOST_BYTES = 512 * 1024
"""RFC 9309 asks for at least 500 KiB; what lies beyond is not read."""
MOST_REDIRECTS = 5
FRESH_FOR = timedelta(hours=24)
UNREACHABLE_FOR = timedelta(hours=1)
"""An unreachable robots.txt closes the host; it is asked for again after this time rather than after a day."""

_BOM = "\ufeff"
_AGENT_LINE = re.compile(r"\s*user[- ]?agent[ \t]*:?[ \t]*(\*|[A-Za-z_-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RobotsDecision:
    """May this address be asked for, why, and how far apart the host wants requests (seconds, None where unsaid)."""

    allowed: bool
    reason: str
    crawl_delay_seconds: float | None = None


def is_fresh(record: RobotsRecord, now: datetime) -> bool:
    """May this record still be relied on?"""
    lasts = UNREACHABLE_FOR if _is_unreachable(record.status) else FRESH_FOR
    return timedelta(0) <= now - record.fetched_at < lasts


def kept_body(body: bytes) -> bytes:
    """The part of a robots.txt that is read and remembered, cut at the end of a line."""
    if len(body) <= MOST_BYTES:
        return body
    end = body.rfind(b"\n", 0, MOST_BYTES)
    return body[: end if end > 0 else MOST_BYTES]


def decide(record: RobotsRecord, url: str) -> RobotsDecision:
    """What this robots.txt says about `url`.

    429 is taken as unreachable: a host that is overwhelmed has not said that everything is open.
    """
    told = f"robots.txt of {record.fetched_at:%Y-%m-%dT%H:%M:%SZ}, status {record.status}"
    if record.note:
        told += f", {record.note}"
    if _is_unreachable(record.status):
        return RobotsDecision(False, f"closed: {told} is unreachable")
    if not 200 <= record.status < 300:
        return RobotsDecision(True, f"open: {told} is not there")
    rules = _rules(record.body)
    delay = rules.crawl_delay(PRODUCT_TOKEN)
    if rules.can_fetch(url, PRODUCT_TOKEN):
        return RobotsDecision(True, f"open: {told} allows it", delay)
    return RobotsDecision(False, f"closed: {told} forbids it", delay)


def _is_unreachable(status: int) -> bool:
    return status < 200 or status == 429 or status >= 500


@lru_cache(maxsize=64)
def _rules(body: bytes) -> Protego:
    # Protego takes a byte order mark for a part of the first directive.
    text = kept_body(body).decode("utf-8", "replace").removeprefix(_BOM)
    return Protego.parse("\n".join(map(_with_exact_agent, text.splitlines())))


def _with_exact_agent(line: str) -> str:
    """The line as it is, or a user-agent line that names us, everyone, or nobody.

    RFC 9309 compares product tokens as wholes; Protego would take `under` for us, and not `undercut/1.0`.
    """
    found = _AGENT_LINE.match(line)
    if found is None:
        return line
    token = found.group(1).lower()
    return f"user-agent: {token if token in ('*', PRODUCT_TOKEN) else 'nobody'}"
