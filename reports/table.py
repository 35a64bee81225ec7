"""The one table of a report: a row for each offer, its columns described once for CSV, JSON lines and their schema."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reports.dossier import Dossier, ListingRow, OfferRow

Cell = str | int | float | bool | None
_DIGEST = "[0-9a-f]{64}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Table Schema type, what it means, whether it must be filled, and a pattern it must match."""

    name: str
    type: str
    description: str
    required: bool = False
    pattern: str | None = None


COLUMNS = (
    Column("row", "integer", "number of the row in this file", required=True),
    Column("report_id", "string", "the report, for questions and outcomes", required=True),
    Column("case_id", "string", "the case", required=True),
    Column("offer", "integer", "number of the offer in the case; empty for a listing without offers"),
    Column("listing", "string", "key of the listing in this report", required=True, pattern=r"L[0-9]+"),
    Column("listing_link", "string", "exact address of the listing"),
    Column("platform", "string", "kind of place"),
    Column("seller", "string", "seller's name or pseudonym"),
    Column("observed_at", "datetime", "when the page was seen, UTC", required=True),
    Column("posted_at", "datetime", "when the page says it was posted, UTC"),
    Column("provider", "string", "whose product it is"),
    Column("product", "string", "product as the official prices know it"),
    Column("stated_product", "string", "product as the page says it"),
    Column("kind", "string", "kind of offer"),
    Column("unit", "string", "what one price buys"),
    Column("quantity", "number", "how many units the price buys"),
    Column("period_days", "integer", "term of a plan in days"),
    Column("seats", "integer", "how many share a plan"),
    Column("price_amount", "number", "price as stated"),
    Column("price_currency", "string", "currency of the stated price", pattern=r"[A-Z]{3,5}"),
    Column("multiplier", "number", "the seller's own billing multiplier"),
    Column("claimed_share", "number", "the seller's own claim, as a share of the official price"),
    Column("share_low", "number", "lowest computed share of the official price"),
    Column("share_best", "number", "best computed share of the official price"),
    Column("share_high", "number", "highest computed share of the official price"),
    Column("refusal", "string", "why no share was computed"),
    Column("official_amount", "number", "official price of that day"),
    Column("official_currency", "string", "currency of the official price", pattern=r"[A-Z]{3,5}"),
    Column("official_unit", "string", "what the official price buys"),
    Column("official_source", "string", "where the official price stands"),
    Column("official_valid_from", "date", "first day of the official price; empty means unknown"),
    Column("assumptions", "string", "what the comparison assumes"),
    Column("authorisation", "string", "what is known of the seller's permission", required=True),
    Column("probability", "number", "calibrated probability of resale", required=True),
    Column("verdict", "string", "the program's verdict", required=True),
    Column("decision", "string", "a person's decision"),
    Column("decision_role", "string", "role of that person"),
    Column("decided_at", "datetime", "when it was decided, UTC"),
    Column("evidence_sha256", "string", "digests of the evidence, separated by spaces",
           pattern=f"{_DIGEST}(?: {_DIGEST})*"),
)  # fmt: skip
_MATCHES = {
    "integer": re.compile(r"-?[0-9]{1,18}"),
    "number": re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?(?:E[+-][0-9]{1,8})?"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "datetime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"),
    "string": re.compile(r"(?s).{1,4000}"),
}


def table_rows(dossier: Dossier) -> Iterator[dict[str, Cell]]:
    """The rows, each with every column in order; numbers that are exact stay text."""
    number = 0
    for listing in dossier.listings:
        for offer in dossier.offers_of(listing.key) or (None,):
            number += 1
            cells = _cells(dossier, listing, offer) | {"row": number}
            yield {column.name: cells.get(column.name) for column in COLUMNS}


def _cells(dossier: Dossier, listing: ListingRow, offer: OfferRow | None) -> dict[str, Cell]:
    cells: dict[str, Cell] = {
        "report_id": dossier.report_id,
        "case_id": dossier.case_id,
        "listing": listing.key,
        "listing_link": listing.link,
        "platform": listing.platform,
        "seller": ", ".join(listing.sellers),
        "observed_at": listing.observed_at,
        "posted_at": listing.posted_at,
        "provider": dossier.provider,
        "authorisation": listing.authorisation,
        "probability": f"{listing.probability:.4f}",
        "verdict": listing.verdict,
        "decision": listing.decision,
        "decision_role": listing.decision_role,
        "decided_at": listing.decided_at,
        "evidence_sha256": " ".join(listing.evidence),
    }
    if offer is not None:
        shared = {column.name for column in COLUMNS} - cells.keys() - {"row", "offer", "assumptions"}
        cells |= {name: getattr(offer, name) for name in shared}
        cells |= {"offer": offer.number, "assumptions": "; ".join(offer.assumptions)}
        cells["provider"] = offer.provider or dossier.provider
    return cells


def cell_problems(row: int, cells: dict[str, str]) -> Iterator[str]:
    """What in one row of text cells breaks the schema."""
    for column in COLUMNS:
        value = cells[column.name]
        if value == "":
            if column.required:
                yield f"row {row}: {column.name} is empty"
        elif not _MATCHES[column.type].fullmatch(value):
            yield f"row {row}: {column.name} is no {column.type}: {value[:60]!r}"
        elif column.pattern and not re.fullmatch(column.pattern, value):
            yield f"row {row}: {column.name} does not match its pattern: {value[:60]!r}"
