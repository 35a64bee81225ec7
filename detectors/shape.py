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
from domain.values import quickly_made
from rates.book import RateBook

LOOKED_AT = 4000
"""Code points of the folded text; what a text is shows early, and hostile texts are long."""
LONGEST_TITLE = 90
NAMING = frozenset({"product", "plan"})
RELAY_CREDIT = ("sale_phrase", "relay_credit")
DEAREST = 2.5
CREDIT = "api-credit"
PITCHES = frozenset({"sale_phrase", "risk_phrase", "delivery"})
PITCHED = 2
"""So many phrases of a seller beside a product make an offer, even where none could be read."""
AIR = frozenset(
    (category, concept)
    for category, concept in (
        ("risk_phrase", "claims_genuine"), ("risk_phrase", "over_protest"), ("risk_phrase", "pseudo_official"),
        ("risk_phrase", "no_logs"), ("risk_phrase", "crypto"), ("risk_phrase", "off_platform_contact"),
        ("sale_phrase", "order_hook"), ("sale_phrase", "no_obstacles"), ("sale_phrase", "everything"),
        ("sale_phrase", "invite_bonus"), ("sale_phrase", "sponsor"),
    )
)  # fmt: skip
"""Boasts, contacts and ways to pay: who says only these has offered nothing."""
CHARACTERS_A_MARK = 30
SAME = 0.005
"""Shares this near to one are the provider's own price, rounded."""

_PRICE = (
    r"(?:price|harga|gia|gia_ban|preco|precio|valor|fiyat|prix|preis|cena|цена|ціна|قیمت|سعر|价格|售价|单价|cny|rub|vnd"
    r"|idr|brl|inr|dzd|egp|krw|amount_due|cost_vnd)"
)
# A key for a price and a number: `price: 69`, `'price' => 350000`, `data-price="320000"`, `price_usd=decimal("6.00")`.
_PRICE_KEY = re.compile(
    rf"(?<![a-z]){_PRICE}[a-z_]{{0,12}}[\"']?\s{{0,3}}(?:=>"
    rf"|[:=])\s{{0,3}}(?:[a-z]{{1,10}}\()?[\"']?[^\n,;:\d]{{0,8}}\d"
)
# A name in quotes and, up to a few fields later, a bare number of its own: `("gpt plus 1 month", "…", 879, "ai")`.
_TUPLE_ROW = re.compile(r"[\"'][^\"'\n]{3,160}[\"']\s?,\s{0,12}(?:null\s?,\s?)?\d[\d_]{1,8}(?:\.\d{1,4})?\s?[,)\]]")
_SHOP_KEY = re.compile(
    r"(?<![a-z])(?:[a-z]{0,8}_?stock|sold|sales|original_?price|old_?price|compare_?price|comparepriceat|discount"
    r"|badge|sku"
    r"|slug|features|delivery|warranty|guarantee_?days|duration_?days|product_?id|product_?name|products|supplier|hot"
    r"|category_?slug|rating|kategori|stok|estoque|garantia|fulfil?lment_?[a-z]{0,6}|库存|销量|规格|max_?quantity|da_ban"
    r"|trang_thai|wa_?name|whatsapp|sort_order|is_active|image|img|emoji)[a-z_]{0,10}[\"']?\s{0,3}(?:=>|[:=])"
)
_SQL = re.compile(r"insert into [\"'`]?(?:products?|goods|items?|produk|produtos?|san_pham|catalog|plans?_for_sale)")
_OF_MODELS = re.compile(
    r"api|token|model|中转|刀|倍率|分组|llm|gpt|claude|codex|gemini|\bai\b|模型|大模型|нейро|модел|モデル|모델|نموذج|هوش"
)
# A plan by its bare name beside a word for what is sold, and words that only this trade's relays use.
_BARE = re.compile(
    r"(?:plus|pro|max|team|business|20x|5x|k12)\s?(?:号|账号|帐号|会员|成品|月卡|日抛|直充|代充|空位|车|位|账户|拼|满血|可过|秒过)"
    r"|(?:号|账号|出|收|刚开的|一个|个|张)\s{0,2}(?:plus|20x|5x|max|team)(?![a-z])"
    r"|(?<![a-z])(?:team 空位|20x|x20)(?![a-z\d])"
    r"|(?:ваш[а-я]{1,3}|общ[а-я]{2}|подписк[а-я]|оформи[а-я]{0,3}|включим|аккаунт[а-я]{0,2}"
    r"|подключит[а-я]) (?:plus|плюс)(?![a-zа-я])"
    r"|(?<![a-z])(?:plus|плюс) (?:на (?:месяц|год|ваш|мой|аккаунт)|aktiv|hesab|on my|on your|account|за копейки|chủ)"
    r"|(?:activate|share[sd]?|one|spare|aktiviert|підключите|підключимо) (?:a )?(?:plus|max)(?![a-z])"
    r"|(?:تفعيل|اشتراك|حساب|اشتراک|اکانت|پرو|فعال.?سازی اشتراک) (?:بلس|پلاس|پرو)|(?:كرسر|کرسر)"
    r"|中转(?:邀请码|站|号|key|api|接口)|卡头|过脸|responses、messages"
    r"|(?:plus|pro|max|پلاس|بلس)\s(?:اشتراکی|اختصاصی|مشترك|خاص|shared|private|compartid|ortak|共享|独享|拼车)"
    r"|拼车(?:服务|社群|套餐)|official (?:provider|api|vendor|model)s? ?(?:api)? (?:pric|charge|rate)"
    r"|official apis? charge"
    r"|official (?:claude |openai )?usage|官方用量|官方账单|model vendor"
)
# Cases of a test, words that a filter looks for, labels of a menu: a program names what others sell.
_LISTS = (
    "keyword",
    "words",
    "pattern",
    "phrase",
    "case",
    "sample",
    "blacklist",
    "block",
    "terms",
    "filter",
    "rules",
    "stop",
    "labels",
    "kinds",
)
_LIST = re.compile(
    r"(?:keywords?|words|patterns?|phrases?|cases|samples|blacklist|terms|filters?|rules|stop|block_titles"
    r"|(?:search_)?queries|labels|kinds)"
    r"[a-z_]{0,20}\s{0,2}(?::[^=\n]{1,40})?=\s{0,2}(?:new )?[\[({a-z]"
)
_TESTS = ("test(", "it(", "describe(", "assert", ".fatalf(", "def test_", "scoreitem", "classify", "classifier")
_SHORT_WORDS = re.compile(r"(?:[\"'][^\"'\n\d]{1,24}[\"']\s{0,3},\s{0,3}){4}[\"'][^\"'\n\d]{1,24}[\"']")
_LABELS = re.compile(r"(?:[\"']?[a-z_]{2,32}[\"']?\s?:\s?[\"'][^\"'\n\d]{1,20}[\"']\s{0,8},\s{0,8}){3}")
# Expressions that sort titles by the words in them: `/this|that|other/.test(title)`.
_SORTED_BY = re.compile(r"/[^/\n]{1,80}\|[^/\n]{1,80}\|[^/\n]{1,160}/[a-z]{0,3}[,.;)\s]")
_SORTING = (".test(", "has(", ".match", "re.compile", "regex", "const ", "if (")
# What a shop's page wants to be found by.
_SEARCHED_FOR = re.compile(r"keywords[\"']?\s?:|(?:site|seo|meta|page)_?keywords")
_RECORD_KEY = re.compile(
    r"(?<![a-z])(?:name|title|slug|desc|description|icon|badge|price|nombre|nome|nama"
    r"|label)[a-z_]{0,4}[\"']?\s?:"
)
_SENTENCE_END = re.compile(r"[。!?\n]|\. ")


@quickly_made
@dataclass(frozen=True, slots=True)
class Shape:
    """What a passage looks like. `access` are the offers of closed models or plans, in a text that names one."""

    names_product: bool
    access: tuple[PricedOffer, ...]
    asking: tuple[PricedOffer, ...]
    lists_words: bool
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
        RELAY_CREDIT in first
        or any(category in NAMING for category, _ in first)
        or _is_named_by_offer(priced, head, of_neighbours=(PHRASE, "mobile_game") in first)
        or _BARE.search(head) is not None
    )
    access = tuple(one for one in priced if not (is_official_price(one) or is_misread(one) or is_open(one, rates)))
    if not names_product:
        access = ()
    lists_words = _lists_words(head, priced)
    if lists_words:
        return Shape(names_product, (), (), lists_words=True, catalogue_row=False, item_title=False, pitch=False)
    asking = _asking(access, priced)
    return Shape(
        names_product=names_product,
        access=access,
        asking=asking,
        lists_words=False,
        catalogue_row=names_product and _is_catalogue_row(head, priced, first),
        item_title=names_product and _is_item_title(read, head, first),
        pitch=names_product and sum(one[0] in PITCHES and one not in AIR for one in first) >= PITCHED,
    )


def _lists_words(head: str, priced: Sequence[PricedOffer]) -> bool:
    """Is this a program that names what others sell: cases of a test, words of a filter, labels of a menu?"""
    marked = any(test in head for test in _TESTS) or (
        "=" in head and any(word in head for word in _LISTS) and _LIST.search(head) is not None
    )
    if marked and is_program(head) and _SEARCHED_FOR.search(head) is None:
        return True
    if "|" in head and any(word in head for word in _SORTING) and _SORTED_BY.search(head) is not None:
        return True
    if head.count('"') + head.count("'") < 8 or any(one.offer.price is not None for one in priced):
        return False
    if _SHORT_WORDS.search(head) is not None:
        return _SEARCHED_FOR.search(head) is None
    return _LABELS.search(head) is not None and _RECORD_KEY.search(head) is None


def is_program(head: str) -> bool:
    """Is the text dense with marks of program text, so that one such word pasted into an advert hides nothing?"""
    marks = head.count("{") + head.count(";") + head.count("(") + head.count("[") + head.count("=")
    marks += (head.count('"') + head.count("'")) // 2
    return marks * CHARACTERS_A_MARK >= len(head)


def _is_named_by_offer(priced: Sequence[PricedOffer], head: str, *, of_neighbours: bool) -> bool:
    """Does an offer name a product that no word names outright: a bare `plus`, a ratio of money to a relay's credit?

    A mere share of "the official price" is one of anything, unless the passage speaks of models at all; so is a ratio
    of money to credit where games are spoken of.
    """
    for one in priced:
        if one.offer.product == CREDIT and of_neighbours and _OF_MODELS.search(head) is None:
            continue
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
    boasts = {mention.surface for concept, mention in first.items() if concept in AIR}
    return any(
        concept in ITEM_WORDS or (concept[0] in ("kind", "delivery") and mention.surface not in boasts)
        for concept, mention in first.items()
    )


ITEM_WORDS = frozenset(
    ("sale_phrase", concept)
    for concept in (
        "instant_delivery", "credentials_delivered", "warranty", "own_account", "shared_place", "ready_account",
        "top_up",
    )
)  # fmt: skip
