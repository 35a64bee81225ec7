"""All offers of a listing: of its item (title and price field), then of its running text, each thing once."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from detectors.reading.atoms import read_atoms, with_units
from detectors.reading.build import Thing, make_offer
from detectors.reading.field import read_field
from detectors.reading.item import read_item
from detectors.reading.kinds import access_kind, is_enabling, is_free, plan_kind
from detectors.reading.passage import Passage, families
from detectors.reading.plan_prices import choose_plan
from detectors.reading.products import Found
from detectors.reading.prose import merge, read_prose
from detectors.reading.terms import seats, term_days
from detectors.reading.titled import read_titled
from domain.listing import Listing, PriceField
from domain.money import Money
from domain.offer import Offer, OfferKind
from rates.catalogue import ProductKind

MOST_UNPRICED = 8
LONGEST_TITLE = 240
_TOOLS = frozenset({"cursor", "copilot", "windsurf", "devin", "augment", "midjourney", "kiro", "antigravity"})
_HOOKS = ("sale", "delivery")
_MASKED_KEY = re.compile(r"(?:…|\.{3})\[sha256:[0-9a-f]{8,64}\]")
NEAR_KEY = 160
"""A key within so many characters of a product is a key for it."""


def read_offers(listing: Listing, title: Passage, text: Passage) -> tuple[Offer, ...]:
    """The offers of a listing, those with prices first."""
    offers: list[Offer] = []
    price = stated_price(listing, title)
    item = text if _text_is_item(title, text) else title
    if price is not None and len(item.field.text) <= LONGEST_TITLE and not _has_prices_on_lines(item):
        offers.extend(read_item(item, price))
    passages = [passage for passage in (title, text) if passage is not item or not offers]
    for passage in passages:
        if passage.field.text:
            offers.extend(read_prose(passage))
    if price is None and not offers:
        offers.extend(read_titled(title, text))
    offers = merge(iter(offers))
    offers.extend(_unpriced(listing, passages, offers))
    return tuple(offers)


def _has_prices_on_lines(passage: Passage) -> bool:
    """Is it a text of several lines with prices of its own, and no item at the one price beside it?"""
    return "\n" in passage.field.text.strip() and any(atom.kind == "money" for atom in passage.atoms)


def _text_is_item(title: Passage, text: Passage) -> bool:
    """Does the text say what is sold (a plan, where the title names at most its family)?"""
    if not title.field.text.strip():
        return True
    if choose_plan(title.products) is not None or any(atom.kind == "money" for atom in title.atoms):
        return False
    plan = choose_plan(text.products) if len(text.field.text) <= LONGEST_TITLE else None
    named = families(title.products)
    return plan is not None and named in ([], [plan.family]) and not _has_prices_on_lines(text)


def stated_price(listing: Listing, passage: Passage) -> Money | None:
    """The price that the page states in a field of its own, as an amount; None without one that can be read."""
    for stated in listing.prices:
        if stated.old:
            continue
        if stated.amount is not None:
            return stated.amount
        read = _read_price(stated, passage)
        if read is not None:
            return read
    return None


def _read_price(stated: PriceField, passage: Passage) -> Money | None:
    field = read_field("price", stated.text, passage.field.lexicon)
    for atom in with_units(field, read_atoms(field, passage.language, [], [(0, len(field.text))])):
        if atom.kind == "money":
            return Money(atom.value, atom.currency)
    return None


def _unpriced(listing: Listing, passages: Sequence[Passage], priced: Sequence[Offer]) -> Iterator[Offer]:
    """Things that are offered without a price: a plan or a family beside a way to get it."""
    said = {offer.product for offer in priced}
    said.update(family for offer in priced for family in offer.conditions.get("models", "").split(", "))
    providers = {offer.provider for offer in priced if offer.provider is not None}
    count = 0
    if not any(passage.products for passage in passages) or not _sells(listing, passages):
        return
    for passage in passages:
        for found in passage.products:
            if count == MOST_UNPRICED:
                return
            if found.kind is ProductKind.CREDIT or found.id in said or _is_tool(found) or _is_pool(passage, found):
                continue
            if found.kind is not ProductKind.PLAN and found.family in said:
                continue
            begin, finish = passage.line(found.start)
            offer = _offer_without_price(passage, found, begin, finish)
            if offer is None or (offer.provider in providers and found.kind is not ProductKind.PLAN):
                continue
            said.add(found.id)
            said.add(offer.product)
            count += 1
            yield offer


def _sells(listing: Listing, passages: Sequence[Passage]) -> bool:
    """Is there a price, a way to buy or a key anywhere?"""
    if listing.prices:
        return True
    return any(
        _hooked(passage, 0, len(passage.field.text)) or _masked_key(passage, 0, len(passage.field.text))
        for passage in passages
    )


def _is_pool(passage: Passage, found: Found) -> bool:
    """Does the plan only name the accounts behind a relay (`走 pro 号池`)?"""
    return found.kind is ProductKind.PLAN and passage.has(found.end, found.end + 3, "risk.pooled_accounts")


def _is_tool(found: Found) -> bool:
    """Is it a program that access is used with, and no access itself?"""
    return found.kind is ProductKind.FAMILY and found.family in _TOOLS


def _hooked(passage: Passage, start: int, end: int) -> bool:
    return passage.has(start, end, *_HOOKS)


def _beside_key(passage: Passage, found: Found) -> bool:
    """Does a key stand readable beside the product (masked before reading: a few characters and a digest)?"""
    return _masked_key(passage, max(0, found.start - NEAR_KEY), found.end + NEAR_KEY)


def _masked_key(passage: Passage, start: int, end: int) -> bool:
    text = passage.field.text
    return "[sha256:" in text and _MASKED_KEY.search(text, start, end) is not None


def _offer_without_price(passage: Passage, found: Found, begin: int, finish: int) -> Offer | None:
    start, end = max(begin, found.start - 120), min(finish, found.end + 160)
    if found.kind is not ProductKind.PLAN and _beside_key(passage, found):
        given = is_free(passage, start, end) or not _hooked(passage, start, end)
        product = found.id if found.kind is ProductKind.MODEL else found.family
        kind = OfferKind.FREE_POOL if given else OfferKind.API_KEY
        return make_offer(passage, Thing(product, found.family, found), kind, found.start, found.end)
    if not passage.has(start, end, "kind", *_HOOKS):
        return None
    if found.kind in (ProductKind.PLAN, ProductKind.FREE_ACCOUNT):
        kind = plan_kind(passage, start, end)
        thing = Thing(found.id, found.family, found)
        return make_offer(
            passage, thing, kind, found.start, found.end,
            period_days=term_days(passage, start, end), seats=seats(passage, start, end),
        )  # fmt: skip
    product = found.id if found.kind is ProductKind.MODEL else found.family
    thing = Thing(product, found.family, found)
    if is_free(passage, start, end):
        kind = OfferKind.FREE_POOL
    elif is_enabling(passage, start, end):
        kind = OfferKind.ENABLING_SERVICE
    elif passage.has(start, end, "kind.shared_seat"):
        kind = OfferKind.SHARED_SEAT
    else:
        kind = access_kind(passage, start, end)
    return make_offer(passage, thing, kind, found.start, found.end, quantity=Decimal(1))
