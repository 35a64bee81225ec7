"""What a page gave, with its secrets masked, so that nothing derived from it can hold one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from domain.lead import Lead
from domain.listing import Handle, Listing, PriceField, StatedOffer
from domain.reading import Reading
from domain.secrets import FoundSecret, find_secrets, mask_found, mask_secrets
from domain.snapshot import Snapshot
from domain.values import quickly_made

_COOKIES = frozenset({"set-cookie", "cookie", "authorization", "proxy-authorization"})
WITHHELD = "[withheld]"


@dataclass(frozen=True, slots=True)
class PlacedSecret:
    """A secret with the field of the listing it stood in (`title`, `text`, `link`), and, in memory only, itself."""

    found: FoundSecret
    field: str
    secret: str


@quickly_made
@dataclass(frozen=True, slots=True)
class MaskedListing:
    """A listing that may be stored, judged and shown, and the secrets that were taken out of its title and text."""

    listing: Listing
    secrets: tuple[FoundSecret, ...]


def placed_secrets(listing: Listing) -> Iterator[PlacedSecret]:
    """Every secret of a listing as it was read, each once for each field."""
    texts = [("title", listing.title), ("text", listing.text), *(("link", link) for link in listing.links)]
    seen: set[tuple[str, str]] = set()
    for field, text in texts:
        for found in find_secrets(text):
            if (found.sha256, field) not in seen:
                seen.add((found.sha256, field))
                yield PlacedSecret(found, field, text[found.start : found.end])


def mask_listing(listing: Listing) -> MaskedListing:
    """Mask every text of the listing; a listing without secrets comes back as the same object."""
    if not find_secrets("\n".join(_texts(listing))):
        return MaskedListing(listing, ())
    in_title, in_text = find_secrets(listing.title), find_secrets(listing.text)
    secrets = in_title + in_text
    said = {
        "external_id": mask_secrets(listing.external_id),
        "url": mask_secrets(listing.url),
        "links": tuple(map(mask_secrets, listing.links)),
        "images": tuple(map(mask_secrets, listing.images)),
        "prices": tuple(map(_price, listing.prices)),
        "handles": tuple(map(_handle, listing.handles)),
        "stated_offers": tuple(map(_offer, listing.stated_offers)),
    }
    changed = {name: value for name, value in said.items() if value != getattr(listing, name)}
    if not secrets and not changed:
        return MaskedListing(listing, ())
    masked = replace(
        listing,
        title=mask_found(listing.title, in_title),
        text=mask_found(listing.text, in_text),
        **changed,  # type: ignore[arg-type]  # each under the name of its own field
    )
    return MaskedListing(masked, secrets)


def mask_reading(reading: Reading) -> Reading:
    """A reading whose own words (reason, problems, leads) hold no secret; its listings are masked one by one."""
    reason, problems = mask_secrets(reading.reason), tuple(map(mask_secrets, reading.problems))
    leads = tuple(map(_lead, reading.leads))
    gone_ids = tuple(map(mask_secrets, reading.gone_ids))
    if (reason, problems, leads, gone_ids) == (reading.reason, reading.problems, reading.leads, reading.gone_ids):
        return reading
    return replace(reading, reason=reason, problems=problems, leads=leads, gone_ids=gone_ids)


def mask_snapshot(snapshot: Snapshot) -> Snapshot:
    """How a page was got, without secrets: cookies and authorisations are withheld, keys in addresses masked."""
    said = {
        "url_asked": mask_secrets(snapshot.url_asked),
        "url_answered": mask_secrets(snapshot.url_answered),
        "headers": _values(snapshot.headers),
        "context": _values(snapshot.context),
        "capture": _values(snapshot.capture),
    }
    changed = {name: value for name, value in said.items() if value != getattr(snapshot, name)}
    return replace(snapshot, **changed) if changed else snapshot  # type: ignore[arg-type]  # each under its own name


def _texts(listing: Listing) -> Iterator[str]:
    """Every text of a listing: most listings hold no secret in any, and are looked through once."""
    yield from (listing.title, listing.text, listing.external_id, listing.url, *listing.links, *listing.images)
    yield from (price.text for price in listing.prices)
    for handle in listing.handles:
        yield from (handle.name, handle.url or "")
    for offer in listing.stated_offers:
        yield from (offer.stated_product, offer.pointer, *offer.conditions, *offer.conditions.values())
        yield from offer.assumptions


def _values(said: Mapping[str, str]) -> dict[str, str]:
    return {name: WITHHELD if name in _COOKIES else mask_secrets(value) for name, value in said.items()}


def _lead(lead: Lead) -> Lead:
    return Lead(mask_secrets(lead.url), mask_secrets(lead.reason), mask_secrets(lead.found_on), lead.family)


def _price(price: PriceField) -> PriceField:
    masked = mask_secrets(price.text)
    return price if masked == price.text else PriceField(masked, price.amount, price.old)


def _handle(handle: Handle) -> Handle:
    name, url = mask_secrets(handle.name), handle.url and mask_secrets(handle.url)
    return handle if (name, url) == (handle.name, handle.url) else Handle(handle.platform, name, handle.role, url)


def _offer(offer: StatedOffer) -> StatedOffer:
    product, pointer = mask_secrets(offer.stated_product), mask_secrets(offer.pointer)
    conditions = {mask_secrets(name): mask_secrets(value) for name, value in offer.conditions.items()}
    assumptions = tuple(map(mask_secrets, offer.assumptions))
    said = (product, pointer, conditions, assumptions)
    if said == (offer.stated_product, offer.pointer, dict(offer.conditions), offer.assumptions):
        return offer
    return replace(offer, stated_product=product, pointer=pointer, conditions=conditions, assumptions=assumptions)
