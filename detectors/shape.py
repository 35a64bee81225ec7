"""The shape of a passage, whatever its words: is it a row of a catalogue, the title of an item, or neither?

Words mislead; what is on offer, at what price and how to get it does not. Shapes are found once a listing, before the
signals, because words count for little in a passage that has none and offers nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detectors.reading.result import Mention, ReadListing
from detectors.wording import PHRASE
from domain.finding import PricedOffer
from domain.offer import Unit
from rates.book import RateBook

LOOKED_AT = 4000
"""Code points of the folded text; what a text is shows early, and hostile texts are long."""
LONGEST_TITLE = 90
NAMING = frozenset({"product", "plan"})
RELAY_CREDIT = ("sale_phrase", "relay_credit")
DEAREST = 2.5
CREDIT = "api-credit"
PITCHES = frozenset({"sale_phrase", "risk_phrase", "delivery"})
PITCHED = 3
"""So many phrases of a seller beside a product make an offer, even where none could be read."""
SAME = 0.005
"""Shares this near to one are the provider's own price, rounded."""

_PRICE = (
    r"(?:price|harga|gia|gia_ban|preco|precio|valor|fiyat|prix|preis|cena|цена|ціна|قیمت|سعر|价格|售价|单价|cny|rub|vnd"
    r"|idr|brl|inr|dzd|egp|krw|amount_due|cost_vnd)"
)
# A key for a price and a number: `price: 69`, `'price' => 350000`, `data-price="320000"`, `price_usd=decimal("6.00")`.
_PRICE_KEY = re.compile(
    rf"(?<![a-z]){_PRICE}[a-z_]{{0,12}}[\"']?\s{{0,3}}(?:=>|[:=])\s{{0,3}}(?:[a-z]{{1,10}}\()?[\"']?[^\n,;:\d]{{0,8}}\d"
)
# A name in quotes and, up to a few fields later, a bare number of its own: `("gpt plus 1 month", "…", 879, "ai")`.
_TUPLE_ROW = re.compile(r"[\"'][^\"'\n]{3,160}[\"']\s?,\s?(?:null\s?,\s?)?\d[\d_]{1,8}(?:\.\d{1,2})?\s?[,)\]]")
_SHOP_KEY = re.compile(
    r"(?<![a-z])(?:[a-z]{0,8}_?stock|sold|sales|original_?price|old_?price|compare_?price|comparepriceat|discount|badge|sku"
    r"|slug|features|delivery|warranty|guarantee_?days|duration_?days|product_?id|product_?name|products|supplier|hot"
    r"|category_?slug|rating|kategori|stok|estoque|garantia|fulfil?lment_?[a-z]{0,6}|库存|销量|规格|max_?quantity|da_ban"
    r"|trang_thai|wa_?name|whatsapp|sort_order|is_active|image|img|emoji)[a-z_]{0,10}[\"']?\s{0,3}(?:=>|[:=])"
)
_SQL = re.compile(r"insert into [\"'`]?(?:products?|goods|items?|produk|produtos?|san_pham|catalog|plans?_for_sale)")
_OF_MODELS = re.compile(
    r"api|token|model|llm|gpt|claude|codex|gemini|\bai\b|模型|大模型|нейро|модел|モデル|모델|نموذج|هوش"
)
_SENTENCE_END = re.compile(r"[。!?\n]|\. ")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a passage looks like. `access` are the offers of closed models or plans, in a text that names one."""

    names_product: bool
    access: tuple[PricedOffer, ...]
    asking: tuple[PricedOffer, ...]
    catalogue_row: bool
    item_title: bool
    pitch: bool

    @property
    def offers(self) -> bool:
        """Is anything on offer here at all?"""
        return bool(self.access) or self.catalogue_row or self.item_title or self.pitch


def shape_of(
    read: ReadListing, priced: Sequence[PricedOffer], first: Mapping[tuple[str, str], Mention], rates: RateBook
) -> Shape:
    """The shape of a read and priced listing; `first` is the first mention of every concept."""
    head = read.folded_text[:LOOKED_AT]
    names_product = (
        RELAY_CREDIT in first or any(category in NAMING for category, _ in first) or _is_named_by_offer(priced, head)
    )
    access = tuple(one for one in priced if not (is_official_price(one) or is_misread(one) or is_open(one, rates)))
    if not names_product:
        access = ()
    asking = _asking(access, priced)
    return Shape(
        names_product=names_product,
        access=access,
        asking=asking,
        catalogue_row=names_product and _is_catalogue_row(head, priced, first),
        item_title=names_product and _is_item_title(read, head, first),
        pitch=names_product and sum(category in PITCHES for category, _ in first) >= PITCHED,
    )


def _is_named_by_offer(priced: Sequence[PricedOffer], head: str) -> bool:
    """Does an offer name a product that no word names outright: a bare `plus`, a ratio of money to a relay's credit?

    A mere share of "the official price" is one of anything, unless the passage speaks of models at all.
    """
    for one in priced:
        if one.offer.product not in (None, CREDIT) or (
            one.offer.price is not None and one.comparison.share is not None
        ):
            return True
        if one.offer.product == CREDIT and _OF_MODELS.search(head) is not None:
            return True
    return False


def is_official_price(priced: PricedOffer) -> bool:
    """Does the offer state the provider's own price, in the provider's own currency?"""
    share, price, official = priced.comparison.share, priced.offer.price, priced.comparison.official
    if share is None or price is None or official is None or priced.offer.unit is Unit.PERCENT_OF_OFFICIAL:
        return False
    return abs(float(share.best) - 1) <= SAME and price.currency == official.price.currency


def is_misread(priced: PricedOffer) -> bool:
    """Would somebody pay several times the official price? Then the amount is that of something else."""
    share = priced.comparison.share
    return share is not None and float(share.best) > DEAREST


def is_open(priced: PricedOffer, rates: RateBook) -> bool:
    """Are the weights of the offer's model open, so that anyone may host it?"""
    product = rates.product(priced.offer.product) if priced.offer.product is not None else None
    return product is not None and product.open_weights


def _asking(access: Sequence[PricedOffer], priced: Sequence[PricedOffer]) -> tuple[PricedOffer, ...]:
    """Offers of access that ask a price.

    Beside prices that are the provider's own, an amount that could not be compared is taken for the provider's too.
    """
    asking = tuple(
        one
        for one in access
        if (one.offer.price is not None and one.offer.price.amount > 0) or one.offer.claimed_share is not None
    )
    if all(one.comparison.share is None for one in asking) and any(map(is_official_price, priced)):
        return ()
    return asking


def _is_catalogue_row(head: str, priced: Sequence[PricedOffer], first: Mapping[tuple[str, str], Mention]) -> bool:
    if any(map(is_official_price, priced)) or (PHRASE, "accounting") in first:
        return False
    for_sale = any(category in ("period", "kind", "delivery") for category, _ in first) or ("sale", "in_stock") in first
    keyed = (":" in head or "=" in head) and _PRICE_KEY.search(head) is not None
    if keyed and (_SHOP_KEY.search(head) is not None or for_sale):
        return True
    return (_TUPLE_ROW.search(head) is not None or _SQL.search(head) is not None) and for_sale


def _is_item_title(read: ReadListing, head: str, first: Mapping[tuple[str, str], Mention]) -> bool:
    listing = read.listing
    if len(listing.title) + len(listing.text) > 2 * LONGEST_TITLE or len(head) > LONGEST_TITLE:
        return False
    if len(_SENTENCE_END.findall(head)) > 1 or "?" in head or "{" in head or ";" in head:
        return False
    if any(category == PHRASE and not concept.startswith("hint ") for category, concept in first):
        return False
    return any(category in ("kind", "delivery") for category, _ in first) or any(
        (category, concept) in ITEM_WORDS for category, concept in first
    )


ITEM_WORDS = frozenset(
    ("sale_phrase", concept)
    for concept in (
        "instant_delivery", "credentials_delivered", "warranty", "own_account", "shared_place", "ready_account",
        "top_up",
    )
)  # fmt: skip
