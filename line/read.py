"""`undercut read`: saved pages in, one object per listing out, priced and judged like any other listing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detectors.assess import Detector
from domain.listing import Handle, Listing, PriceField, Reach
from domain.masking import mask_listing
from line.assess import assessed, plain
from line.saved_pages import HowSaved, ReadSavedPage, SavedReading, read_saved_pages
from rates.book import RateBook

Object = dict[str, Any]


def read_and_assess(
    files: tuple[Path, ...], how: HowSaved, read: ReadSavedPage, detector: Detector, rates: RateBook
) -> Iterator[Object]:
    """One object per listing, in the order of the files; a page without listings gives one object with its state."""
    for saved in read_saved_pages(files, how, read):
        page = _page_fields(saved)
        if not saved.reading.listings:
            yield page
        for listing in saved.reading.listings:
            masked = mask_listing(listing)
            finding = detector.assess(masked.listing, rates)
            yield {**page, **_listing_fields(masked.listing), **assessed(masked.listing.external_id, finding)}


def _page_fields(saved: SavedReading) -> Object:
    reading = saved.reading
    return {
        "file": str(saved.file),
        "family": saved.family,
        "state": reading.state.value,
        "reason": reading.reason,
        "problems": list(reading.problems),
        "further": [request.url for request in reading.further],
        "leads": [lead.url for lead in reading.leads],
    }


def _listing_fields(listing: Listing) -> Object:
    return {
        "external_id": listing.external_id,
        "url": listing.url,
        "platform": listing.platform,
        "title": listing.title,
        "text": listing.text,
        "observed_at": listing.observed_at.isoformat(),
        "posted_at": listing.posted_at.isoformat() if listing.posted_at else None,
        "edited": listing.edited,
        "handles": [_handle(handle) for handle in listing.handles],
        "prices": [_price(price) for price in listing.prices],
        "reach": _reach(listing.reach),
        "images": list(listing.images),
        "links": list(listing.links),
        "content_hash": listing.content_hash,
    }


def _handle(handle: Handle) -> Object:
    return {"platform": handle.platform, "name": handle.name, "role": handle.role.value, "url": handle.url}


def _price(price: PriceField) -> Object:
    amount = {"amount": plain(price.amount.amount), "currency": price.amount.currency} if price.amount else None
    return {"text": price.text, "amount": amount, "old": price.old}


def _reach(reach: Reach) -> Object:
    stated = {name: getattr(reach, name) for name in ("stock", "sales", "reviews", "views", "members")}
    return {name: value for name, value in stated.items() if value is not None}
