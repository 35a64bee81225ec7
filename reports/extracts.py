"""What may leave of a capture by itself: the listing as it was read, scrubbed for one recipient, with its raw digest.

A raw page can show people that nobody knows of (buyers in a comment, a name in a picture), so it never leaves by
itself. The extract names the raw capture by its digest; whoever needs it asks for it.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import orjson

from domain.case import Case, CaseListing, Evidence, EvidenceKind
from reports.numbers import decimal_text, time_text
from reports.prepare import ReportOptions, case_scrubber
from reports.redaction import Scrubber
from reports.rows import ACCUSABLE, shown_link


@dataclass(frozen=True, slots=True)
class RawCapture:
    """A raw capture that stays in the house: its digest, size in bytes, type, when and how it was got."""

    sha256: str
    size_bytes: int
    media_type: str
    captured_at: datetime
    transport: str
    url: str


def extract(case: Case, entry: CaseListing, capture: RawCapture, options: ReportOptions) -> tuple[Evidence, bytes]:
    """The listing as it was read from that capture, as JSON for that recipient, and the row that names it."""
    body = _body(entry, capture, case_scrubber(case, options))
    row = Evidence(
        sha256=sha256(body).hexdigest(), kind=EvidenceKind.PAGE, media_type="application/json", size_bytes=len(body),
        captured_at=capture.captured_at, url=entry.listing.url,
        description=f"the listing as read, scrubbed; raw capture {capture.sha256[:16]} stays with the reporter",
        capture_tool=f"undercut, {capture.transport}", missing=("what else stood on the page",),
    )  # fmt: skip
    return row, body


def _body(entry: CaseListing, capture: RawCapture, scrubber: Scrubber) -> bytes:
    listing = entry.listing
    value = {
        "what": "a listing as read from a stored page, with secrets, third persons and contacts taken out",
        "title": scrubber.line(listing.title),
        "text": scrubber.text(listing.text),
        "prices": [
            {"stated": scrubber.line(price.text, 120), "amount": decimal_text(price.amount.amount),
             "currency": price.amount.currency}
            if price.amount is not None
            else {"stated": scrubber.line(price.text, 120)}
            for price in listing.prices
        ],
        "published_by": [scrubber.name(handle.name) for handle in listing.handles if handle.role in ACCUSABLE],
        "address": shown_link(listing.url, scrubber),
        "posted_at": time_text(listing.posted_at) if listing.posted_at else None,
        "observed_at": time_text(listing.observed_at),
        "content_sha256": listing.content_hash,
        "raw_capture": {
            "sha256": capture.sha256,
            "bytes": capture.size_bytes,
            "media_type": scrubber.line(capture.media_type, 80),
            "captured_at": time_text(capture.captured_at),
            "transport": capture.transport,
            "address": shown_link(capture.url, scrubber),
        },
    }  # fmt: skip
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
