"""What a page says is on offer, exactly as it says it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from json.encoder import JSONEncoder, encode_basestring_ascii

from domain.clock import require_utc
from domain.comparison import Refusal
from domain.money import Money
from domain.offer import OfferKind, Unit

_CANONICAL = JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode


class HandleRole(StrEnum):
    """What a name on a page is to the offer; only a seller may ever be accused."""

    SELLER = "seller"
    PUBLISHER = "publisher"
    HOST = "host"
    FORWARDER = "forwarder"
    VICTIM = "victim"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class Handle:
    """A name on a platform, with what it is to the offer."""

    platform: str
    name: str
    role: HandleRole
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PriceField:
    """A price as the page states it in a field of its own: the text, and the amount where it is plain.

    `old` says that the page marks it as crossed out or former.
    """

    text: str
    amount: Money | None = None
    old: bool = False


@dataclass(frozen=True, slots=True)
class StatedOffer:
    """A row that a page states in so many fields, such as one model of a relay in one group and one direction.

    `price` is in the currency that is really paid, for one `unit`; it is None where `refusal` says why the page
    itself makes the price unreadable. `pointer` is a JSON pointer (RFC 6901) into the body. `conditions` name what
    the price holds for (`group`, `tier`, `label`).
    """

    stated_product: str
    kind: OfferKind
    price: Money | None
    unit: Unit
    pointer: str
    conditions: Mapping[str, str] = field(default_factory=dict)
    multiplier: Decimal | None = None
    refusal: Refusal | None = None
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the listing reaches as the page states it, on the day it was seen. None means not stated."""

    stock: int | None = None
    sales: int | None = None
    reviews: int | None = None
    views: int | None = None
    members: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One thing a page presents as a unit: a shop item, a post, a repository, a model series of a relay's price list.

    `external_id` is stable within the source. `url` is the address a person would open. `platform` is the kind of
    place (`telegram`, `github`, `relay`, ...). `edited` says that the page itself marks the text as edited.
    `one_time` marks messages that are posted once (the rate of the posting day applies), as against standing offers.
    `images` are addresses; where a platform's addresses rotate, the family gives a fragment as the picture's stable
    name, and that alone counts for the version.
    """

    source: str
    external_id: str
    url: str
    platform: str
    title: str
    text: str
    observed_at: datetime
    posted_at: datetime | None = None
    edited: bool = False
    one_time: bool = False
    language: str | None = None
    handles: tuple[Handle, ...] = ()
    prices: tuple[PriceField, ...] = ()
    stated_offers: tuple[StatedOffer, ...] = ()
    reach: Reach = Reach()
    images: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "observed_at", require_utc(self.observed_at, what="Listing.observed_at"))
        if self.posted_at is not None:
            object.__setattr__(self, "posted_at", require_utc(self.posted_at, what="Listing.posted_at"))

    @property
    def content_hash(self) -> str:
        """SHA-256 over what the listing says (not views, stock or dates): the key of a version."""
        # The canonical JSON of an object with its keys in order, joined by hand: making an encoder costs more than
        # all that it writes, and most listings have nothing but a title and a text.
        parts = {
            "images": [image.partition("#")[2] or image for image in self.images],
            "links": list(self.links),
            "offers": [
                [o.stated_product, o.kind, str(o.price), o.unit, sorted(o.conditions.items()), str(o.refusal)]
                for o in self.stated_offers
            ],
            "prices": [[p.text, str(p.amount), p.old] for p in self.prices],
            "sellers": [[h.platform, h.name] for h in self.handles if h.role is HandleRole.SELLER],
        }
        listed = ",".join([f'"{name}":{_CANONICAL(value) if value else "[]"}' for name, value in parts.items()])
        quoted = encode_basestring_ascii
        canonical = f'{{{listed},"text":{quoted(self.text)},"title":{quoted(self.title)}}}'
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()
