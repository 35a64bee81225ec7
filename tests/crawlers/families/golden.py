"""Golden cases: pages written here, and what their families must read from them, compared field by field."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.listing import Listing, StatedOffer
from domain.reading import Reading
from domain.snapshot import Page, Snapshot

FOLDER = Path(__file__).resolve().parents[2] / "golden"
FETCHED_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One page with what must be read from it."""

    family: str
    name: str
    page: Page
    expected: Mapping[str, Any]


def page_of(
    body: bytes | str,
    url: str = "https://place.example.test/",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    context: Mapping[str, str] | None = None,
    url_answered: str | None = None,
    fetched_at: datetime = FETCHED_AT,
) -> Page:
    """A page as a transport would hand it over."""
    encoded = body.encode("utf-8") if isinstance(body, str) else body
    snapshot = Snapshot(
        source="golden/case",
        url_asked=url,
        url_answered=url_answered or url,
        status=status,
        headers=headers or {},
        fetched_at=fetched_at,
        transport="replay",
        sha256=hashlib.sha256(encoded).hexdigest(),
        body_bytes=len(encoded),
        context=context or {},
    )
    return Page(snapshot, encoded)


def golden_cases() -> list[GoldenCase]:
    """Every case on disk."""
    return [_load(folder) for folder in sorted(FOLDER.glob("*/*")) if folder.is_dir()]


def _load(folder: Path) -> GoldenCase:
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    body = next(iter(sorted(folder.glob("page.*")))).read_bytes()
    page = page_of(
        body,
        meta["url"],
        status=meta.get("status", 200),
        headers=meta.get("headers"),
        context=meta.get("context"),
        url_answered=meta.get("url_answered"),
    )
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return GoldenCase(folder.parent.name, folder.name, page, expected)


def differences(reading: Reading, expected: Mapping[str, Any]) -> list[str]:
    """Every field in which a reading is not as expected, each in words."""
    found: list[str] = []
    compared: dict[str, Any] = {
        "state": reading.state.value,
        "further": [request.url for request in reading.further],
        "leads": [lead.url for lead in reading.leads],
        "gone_ids": list(reading.gone_ids),
        "problems": len(reading.problems),
        "retry_after_seconds": reading.retry_after_seconds,
    }
    for key, wanted in expected.items():
        if key == "reason":
            if wanted not in reading.reason:
                found.append(f"reason: {wanted!r} is not in {reading.reason!r}")
        elif key == "listings":
            found += _listing_differences(reading.listings, wanted)
        elif key not in compared:
            found.append(f"expected.json: no such field {key!r}")
        elif compared[key] != wanted:
            found.append(f"{key}: {compared[key]!r} instead of {wanted!r}")
    return found


def _listing_differences(listings: tuple[Listing, ...], expected: list[Mapping[str, Any]]) -> list[str]:
    ids = [listing.external_id for listing in listings]
    wanted_ids = [listing["external_id"] for listing in expected]
    if ids != wanted_ids:
        return [f"listings: {ids} instead of {wanted_ids}"]
    found: list[str] = []
    for listing, wanted in zip(listings, expected, strict=True):
        shown = _shown(listing)
        for key, value in wanted.items():
            if key == "offers":
                found += _offer_differences(listing, value)
            elif key not in shown:
                found.append(f"expected.json: a listing has no field {key!r}")
            elif shown[key] != value:
                found.append(f"{listing.external_id}.{key}: {shown[key]!r} instead of {value!r}")
    return found


def _shown(listing: Listing) -> dict[str, Any]:
    return {
        "external_id": listing.external_id,
        "url": listing.url,
        "platform": listing.platform,
        "title": listing.title,
        "text": listing.text,
        "posted_at": listing.posted_at.isoformat() if listing.posted_at else None,
        "edited": listing.edited,
        "one_time": listing.one_time,
        "language": listing.language,
        "handles": [f"{handle.role} {handle.platform} {handle.name}" for handle in listing.handles],
        "prices": [f"{price.text} | {price.amount}" + (" | old" if price.old else "") for price in listing.prices],
        "stock": listing.reach.stock,
        "sales": listing.reach.sales,
        "reviews": listing.reach.reviews,
        "views": listing.reach.views,
        "members": listing.reach.members,
        "images": list(listing.images),
        "links": list(listing.links),
    }


def _offer_differences(listing: Listing, expected: list[Mapping[str, str | None]]) -> list[str]:
    offers = [shown_offer(offer) for offer in listing.stated_offers]
    if len(offers) != len(expected):
        return [f"{listing.external_id}: {len(offers)} offers instead of {len(expected)}: {offers}"]
    return [
        f"{listing.external_id} offer {index}: {key} {offer.get(key)!r} instead of {value!r} in {offer}"
        for index, (offer, wanted) in enumerate(zip(offers, expected, strict=True))
        for key, value in wanted.items()
        if offer.get(key) != value
    ]


def shown_offer(offer: StatedOffer) -> dict[str, str | None]:
    """An offer as golden cases write it; `price` with its currency, conditions by their names."""
    return {
        "product": offer.stated_product,
        "kind": offer.kind.value,
        "unit": offer.unit.value,
        "price": None if offer.price is None else f"{offer.price.amount.normalize():f} {offer.price.currency}",
        "refusal": None if offer.refusal is None else offer.refusal.value,
        "pointer": offer.pointer,
        **offer.conditions,
    }
