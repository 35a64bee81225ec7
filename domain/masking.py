"""A listing with its secrets masked, so that nothing derived from it can hold one."""

from dataclasses import dataclass, replace

from domain.listing import Listing, PriceField
from domain.secrets import FoundSecret, find_secrets, mask_secrets


@dataclass(frozen=True, slots=True)
class MaskedListing:
    """A listing that may be stored, judged and shown, and the secrets that were taken out of its title and text."""

    listing: Listing
    secrets: tuple[FoundSecret, ...]


def mask_listing(listing: Listing) -> MaskedListing:
    """Mask every text of the listing; a listing without secrets comes back as the same object."""
    secrets = find_secrets(listing.title) + find_secrets(listing.text)
    links = tuple(mask_secrets(link) for link in listing.links)
    prices = tuple(
        PriceField(mask_secrets(price.text), price.amount, price.old) if find_secrets(price.text) else price
        for price in listing.prices
    )
    if not secrets and links == listing.links and prices == listing.prices:
        return MaskedListing(listing, ())
    masked = replace(
        listing,
        title=mask_secrets(listing.title),
        text=mask_secrets(listing.text),
        links=links,
        prices=prices,
        external_id=mask_secrets(listing.external_id),
        url=mask_secrets(listing.url),
    )
    return MaskedListing(masked, secrets)
