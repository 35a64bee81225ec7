"""Search and history as people ask for them: any script, filters, where the words stand; a listing over time."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.errors import UndercutError
from domain.finding import Lane, Verdict
from domain.listing import Listing
from storage.histories import KeptVersion, ListingState, Sighting
from storage.search.finder import SearchHit, SearchPage
from storage.search.query import Search
from storage.store import Store

Object = dict[str, object]
LINES_OF_CONTEXT = 1


class UnknownListingError(UndercutError):
    """No listing is remembered under that name."""


class SearchWordError(UndercutError):
    """A filter's value is none."""


@dataclass(frozen=True, slots=True)
class PricePoint:
    """One conclusion on the price line: when it was seen, the offer's price, the official price, and the share."""

    at: datetime
    version: int
    product: str
    price: str
    official: str
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class ListingHistory:
    """A listing over time: where it stands, its versions, when it was seen, the gaps, and its price line."""

    source: str
    external_id: str
    state: ListingState
    versions: tuple[KeptVersion, ...]
    sightings: tuple[Sighting, ...]
    gone: tuple[datetime, ...]
    prices: tuple[PricePoint, ...]


def find_listings(store: Store, wanted: Search, *, limit: int) -> SearchPage:
    """Listings that match, newest first, those with all words in the title before the others.

    What was recorded since the last time is indexed first, so that a search finds what was just crawled.
    """
    store.search.catch_up()
    return store.search.search(wanted, limit=limit)


def search_of(text: str, filters: dict[str, tuple[str, ...]], **bounds: object) -> Search:
    """A search from words; raises SearchWordError for a lane or verdict that is none."""
    try:
        return Search(
            text=text,
            platforms=frozenset(filters.get("platform", ())),
            sources=frozenset(filters.get("source", ())),
            products=frozenset(filters.get("product", ())),
            signals=frozenset(filters.get("signal", ())),
            lanes=frozenset(Lane(word) for word in filters.get("lane", ())),
            verdicts=frozenset(Verdict(word) for word in filters.get("verdict", ())),
            languages=frozenset(filters.get("language", ())),
            **bounds,  # type: ignore[arg-type]  # the command line's own options
        )
    except ValueError as error:
        raise SearchWordError(f"{error}; see `undercut search --help`") from error


def hit_object(hit: SearchHit) -> Object:
    """A hit as JSON."""
    return {
        "source": hit.listing.source,
        "external_id": hit.listing.external_id,
        "url": hit.listing.url,
        "platform": hit.listing.platform,
        "title": hit.listing.title,
        "alert": hit.alert_id,
        "lane": hit.finding.lane.value,
        "share": None if hit.finding.lowest_share is None else str(hit.finding.lowest_share),
        "version": hit.version,
        "versions": hit.versions,
        "first_seen_at": hit.first_seen_at.isoformat(),
        "last_seen_at": hit.last_seen_at.isoformat(),
        "gone_at": None if hit.gone_at is None else hit.gone_at.isoformat(),
        "highlights": [[span.field, span.start, span.end] for span in hit.highlights],
    }


def history_of(store: Store, name: str) -> ListingHistory:
    """A listing by its alert's id (or the first characters of it), or as `SOURCE EXTERNAL_ID`.

    Raises UnknownListingError.
    """
    source, external_id = _named(store, name)
    state = store.histories.state(source, external_id)
    if state is None:
        raise UnknownListingError(f"no listing of {source!r} has the id {external_id[:60]!r}; try `undercut search`")
    versions = store.histories.versions(source, external_id)
    return ListingHistory(
        source=source,
        external_id=external_id,
        state=state,
        versions=versions,
        sightings=store.histories.sightings(source, external_id),
        gone=store.histories.gone_signs(source, external_id),
        prices=tuple(_price_line(store, source, external_id)),
    )


def _named(store: Store, name: str) -> tuple[str, str]:
    source, space, external_id = name.partition(" ")
    if space:
        return source, external_id
    found = store.alerts.find(name)
    if len(found) != 1:
        many = f"{len(found)} alerts begin with {name[:40]!r}" if found else f"no alert's id begins with {name[:40]!r}"
        raise UnknownListingError(f"{many}; give an alert's id, or 'SOURCE EXTERNAL_ID' in one pair of quotes")
    return found[0].source, found[0].external_id


def _price_line(store: Store, source: str, external_id: str) -> Iterator[PricePoint]:
    for concluded in store.histories.conclusions(source, external_id):
        headline = concluded.finding.headline
        if headline is None:
            continue
        official, share = headline.comparison.official, headline.comparison.share
        yield PricePoint(
            at=concluded.at,
            version=concluded.version,
            product=headline.offer.product or headline.offer.stated_product,
            price="" if headline.offer.price is None else f"{headline.offer.price} {headline.offer.unit or ''}".strip(),
            official="" if official is None else f"{official.price} {official.unit.value}",
            share=None if share is None else share.best,
        )


def differences(before: Listing, after: Listing) -> list[str]:
    """What changed from one version to the next, as the lines of a unified difference without its header."""
    lines = difflib.unified_diff(_said(before), _said(after), lineterm="", n=LINES_OF_CONTEXT)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _said(listing: Listing) -> list[str]:
    prices = [f"price: {field.text}{' (former)' if field.old else ''}" for field in listing.prices]
    offers = [f"offer: {offer.stated_product} {offer.price} {offer.unit}" for offer in listing.stated_offers]
    links = [f"link: {link}" for link in listing.links]
    pictures = [f"picture: {image}" for image in listing.images]
    return [f"title: {listing.title}", *listing.text.splitlines(), *prices, *offers, *links, *pictures]


def spells(history: ListingHistory) -> list[tuple[datetime, datetime, bool]]:
    """When it was there: from first to last sighting of each spell, and whether its place then said it was gone.

    A spell ends only where the place said so in so many words; a listing that was merely not seen is in no gap.
    """
    events = sorted(
        [(one.observed_at, False) for one in history.sightings] + [(moment, True) for moment in history.gone]
    )
    found: list[tuple[datetime, datetime, bool]] = []
    for at, is_gone in events:
        if is_gone:
            if found and not found[-1][2]:
                found[-1] = (found[-1][0], found[-1][1], True)
        elif not found or found[-1][2]:
            found.append((at, at, False))
        else:
            found[-1] = (found[-1][0], at, False)
    return found
