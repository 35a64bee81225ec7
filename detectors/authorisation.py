"""May this seller sell it? Answered from dated lists, apart from the verdict and never from a text's claims."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from detectors.indicators import HOSTS_OF_OTHERS, host_of, registrable_domain
from domain.finding import Authorisation, Contact, PricedOffer
from domain.listing import HandleRole, Listing
from rates.book import RateBook
from rates.catalogue import Channel

ADDRESSES = frozenset({"website", "domain", "url", "base_url"})
"""Kinds of contact that name a place rather than a person."""
WRITTEN_BY_ANYBODY = frozenset({
    "sites.google.com", "docs.google.com", "drive.google.com", "groups.google.com", "gist.github.com",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Denial:
    """A provider's own word that someone may not sell its access, as the operator recorded it.

    `who` is a registrable domain, or a handle as `platform:name`. `source` says where the provider said so.
    """

    provider: str
    who: str
    said_on: date
    source: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """What an operator adds to the shipped judgement; versioned in the store, so that findings can name it.

    `words` are files of the lexicon as pairs of name and TOML text. `channels` are channels that the operator knows
    to be authorised. `denials` are what providers said.
    """

    words: tuple[tuple[str, str], ...] = ()
    channels: tuple[Channel, ...] = ()
    denials: tuple[Denial, ...] = ()
    version: str = "none"


def authorise(
    listing: Listing,
    priced: Iterable[PricedOffer],
    contacts: Iterable[Contact],
    hosts: Sequence[str],
    rates: RateBook,
    overlay: Overlay,
) -> Authorisation:
    """A provider's denial first, then the lists, then whether anything closed is on offer at all.

    A place is known by the address at which the listing stands, or, where anybody may write there, by the one domain
    that the text names: a seller who also links to a provider gains nothing by it.
    """
    products = {one.offer.product for one in priced if one.offer.product is not None}
    providers = {one.offer.provider for one in priced if one.offer.provider is not None}
    place = place_of(listing, hosts, contacts)
    on = listing.observed_at.date()
    if _denied(listing, place, providers, on, overlay):
        return Authorisation.DENIED_BY_PROVIDER
    if place and _listed(place, providers, on, _by_domain(rates, overlay.channels)):
        return Authorisation.LISTED
    if products and all(_open(product, rates) for product in products):
        return Authorisation.NOT_NEEDED
    return Authorisation.UNKNOWN


def place_of(listing: Listing, hosts: Sequence[str], contacts: Iterable[Contact]) -> str:
    """The host that the listing speaks for, empty where it speaks for none that can be told."""
    own = host_of(listing.url) if listing.url else ""
    if own and _speaks_for_itself(own):
        return own
    if not hosts or any(contact.kind not in ADDRESSES for contact in contacts):
        return ""
    return hosts[0] if len({registrable_domain(host) for host in hosts}) == 1 else ""


def _speaks_for_itself(host: str) -> bool:
    """Not where anybody writes; of such places only named parts do (`cloud.google.com`), never the place itself."""
    domain = registrable_domain(host)
    return domain not in HOSTS_OF_OTHERS or (host.removeprefix("www.") != domain and host not in WRITTEN_BY_ANYBODY)


def _denied(listing: Listing, place: str, providers: set[str], on: date, overlay: Overlay) -> bool:
    if not overlay.denials:
        return False
    known = {f"{handle.platform}:{handle.name}" for handle in listing.handles if handle.role is HandleRole.SELLER}
    known.add(registrable_domain(place))
    return any(
        denial.who in known and denial.said_on <= on and (not providers or denial.provider in providers)
        for denial in overlay.denials
    )


def _listed(place: str, providers: set[str], on: date, channels: Mapping[str, Sequence[Channel]]) -> bool:
    covered = {
        provider
        for domain in _enclosing(place)
        for channel in channels.get(domain, ())
        if channel.holds(on)
        for provider in channel.providers
    }
    return bool(covered) and providers <= covered


def _enclosing(place: str) -> Iterator[str]:
    """The host and every domain that it is within."""
    labels = place.split(".")
    return (".".join(labels[start:]) for start in range(len(labels) - 1))


@lru_cache(maxsize=16)
def _by_domain(rates: RateBook, added: tuple[Channel, ...]) -> Mapping[str, Sequence[Channel]]:
    """The channels of a book and an overlay by the domains they sell on; both are immutable."""
    found: dict[str, list[Channel]] = {}
    for channel in (*added, *rates.channels()):
        for domain in channel.domains:
            found.setdefault(domain, []).append(channel)
    return found


def _open(product: str, rates: RateBook) -> bool:
    found = rates.product(product)
    return found is not None and found.open_weights
