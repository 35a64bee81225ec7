"""Prices of plans, accounts, seats and calls: amounts that are neither credit nor by the token."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from detectors.reading.atoms import Atom
from detectors.reading.build import Thing, make_offer
from detectors.reading.kinds import account_kind, has_account_words, is_enabling, plan_kind
from detectors.reading.passage import Passage
from detectors.reading.products import Found
from detectors.reading.records import find_records
from detectors.reading.terms import seats, term_days
from domain.money import Money
from domain.offer import Offer, OfferKind, Unit
from rates.catalogue import ProductKind

_CENTS = re.compile(r"cents[\"']?\s{0,2}[:=]\s{0,2}\Z")
_LIST_END = re.compile(r"\s{0,2}(?:起|[,;/|·\n。、]|\.\s|\.?$|\s-\s)")
_LIST_WORDS = frozenset({"period", "kind", "delivery", "risk", "tier"})
_APP_STORE = re.compile(r"\bios\b|ios(?:区|渠道|官方|直充|充值)|app ?store|苹果|内购")
_APP_STORES = ("ios", "store", "苹果", "内购")
_STRUCK = re.compile(r"~~[^~\n]{0,40}$|<(?:s|del|strike)>[^<\n]{0,40}$")
_OLD_CLASS = re.compile(
    r"class=[\"'][^\"'<>]{0,40}(?:\b(?:de|old|was|before|antes|antigo|original|regular|strike|crossed|line-through|list|del)\b"
    r"|(?:old|was|original|regular|list)[-_]?price|price[-_]?(?:old|was|before|original|regular|list))[^\"'<>]{0,40}"
    r"[\"'][^<>]{0,60}>[^<\n]{0,12}$"
)
_ARROW = re.compile(r"\s{0,3}(?:→|->|=>|➡️?|>|=)\s{0,3}")
_FIELD_CURRENCY = re.compile(r"currency[\"']?\s{0,2}[:=]\s{0,2}[\"']?([a-z]{3,4})\b")
_KEY_CURRENCY = re.compile(r"(?:price|amount|cost)_(cny|rmb|usd|rub|vnd|idr|try|brl|inr|dzd|egp|eur|uah|kzt)\b")
LONGEST_BLOCK = 160
FARTHEST_NAME = 240
LEAST_PART, MOST_PART = Decimal("0.15"), Decimal("1.3")
PLACEHOLDERS = frozenset(
    {Decimal(9999), Decimal(99999), Decimal(999999), Decimal("0.01"), Decimal(8888), Decimal(88888)}
)
# Shops of one country write bare numbers in its own money; only where the amounts leave no doubt.
_BY_LANGUAGE = {
    "vi": ("VND", 5000), "id": ("IDR", 1000), "ru": ("RUB", 100), "uk": ("UAH", 100), "zh": ("CNY", 1),
    "tr": ("TRY", 20), "pt": ("BRL", 5), "ja": ("JPY", 100), "ko": ("KRW", 1000), "hi": ("INR", 50),
    "de": ("EUR", 2), "fr": ("EUR", 2), "it": ("EUR", 2), "pl": ("PLN", 5),
}  # fmt: skip
_IN_DOLLARS = frozenset({"en", "und"})
_DOLLARS = ("USD", 1)
MOST_DOLLARS = 3000
_CLAUSE_END = re.compile(r"\s{0,2}(?:[\"')\]}]|\.?0?[,;/|·\n]|\.\s|\.?$|\s-\s|a piece|apiece|a pop|each)")


class PlanPrice(NamedTuple):
    """An amount asked for something that is not credit or tokens; `plan` is known where a row of data names it."""

    start: int
    end: int
    money: Money | None
    per: str
    at_least: bool
    atom_index: int
    assumptions: tuple[str, ...] = ()
    plan: Found | None = None


def find_plan_prices(passage: Passage) -> list[PlanPrice]:
    """Every such amount of the passage, in order; crossed-out, official and free-gift amounts are left out."""
    found: list[PlanPrice] = []
    rows = {index: (plan, currency) for index, plan, currency in find_records(passage)}
    for index, atom in enumerate(passage.atoms):
        if atom.kind not in ("money", "plain") or (
            atom.kind == "plain" and index not in rows and not atom.key and not passage.products
        ):
            continue
        if index in passage.spent or atom.value <= 0 or _is_old(passage, index) or _is_quota(passage, atom):
            continue
        if atom.kind == "money" and atom.key in ("", "price", "only", "from", "free", "ask"):
            if not _second_currency(passage, found, atom):
                found.append(_price(passage, index, atom, atom.currency, ()))
        elif atom.kind == "plain" and (atom.key in ("price", "only") or index in rows or _in_list(passage, atom)):
            plan, named = rows.get(index, (None, ""))
            currency, assumed = (named, ()) if named else _currency_of_bare(passage, atom)
            if not _second_currency(passage, found, atom):
                found.append(_price(passage, index, atom, currency, assumed)._replace(plan=plan))
    return found


def _price(passage: Passage, index: int, atom: Atom, currency: str, assumed: tuple[str, ...]) -> PlanPrice:
    written = passage.field.text[max(0, atom.start - 12) : atom.start]
    cents = "cents" in written and _CENTS.search(written) is not None
    money = Money(atom.value / 100, "USD") if cents else Money(atom.value, currency) if currency else None
    assumptions = assumed if currency else ("the currency of the price is not said",)
    at_least = atom.key == "from" or atom.upper is not None or passage.has(atom.end, atom.end + 3, "price_word.from")
    return PlanPrice(atom.start, atom.end, money, atom.per, at_least, index, assumptions)


def _is_old(passage: Passage, index: int) -> bool:
    """Is the amount crossed out, called the former or the official one, or the first of two beside an arrow?"""
    atom, text = passage.atoms[index], passage.field.text
    if atom.key in ("old", "official", "bonus", "stock", "commission", "warranty", "topup"):
        return True
    if _called_so_after(passage, atom) or _taken_off(passage, atom):
        return True
    before = text[max(0, atom.start - 48) : atom.start]
    if ("~~" in before or "<" in before) and _STRUCK.search(before) is not None:
        return True
    marked = max(0, atom.start - 160)
    if "class=" in text[marked : atom.start] and _OLD_CLASS.search(text, marked, atom.start) is not None:
        return True
    if index + 1 < len(passage.atoms):
        following = passage.atoms[index + 1]
        if following.kind in ("money", "plain") and _ARROW.fullmatch(text, atom.end, following.start):
            return following.value < atom.value and (following.currency in ("", atom.currency) or not atom.currency)
    return False


def _called_so_after(passage: Passage, atom: Atom) -> bool:
    """Is the amount called the official or former price by the word after it (`$200 official`)?"""
    after = passage.field.right_of(atom.end, " (", most=2)
    if after is None or after[2].concepts.isdisjoint(("price_word.official", "price_word.old")):
        return False
    if passage.atoms_in(after[1], after[1] + 4):
        return False
    written = passage.field.text[after[0] : after[1]]
    return written.isascii() or "价" in written


def _taken_off(passage: Passage, atom: Atom) -> bool:
    """Is it what is saved (`save $14`, `giảm 50k`), and not what is paid?"""
    before = passage.field.left_of(atom.start, " :", most=2)
    return before is not None and "relation.off" in before[2].concepts


def _is_quota(passage: Passage, atom: Atom) -> bool:
    """Are the dollars a quota (`每日20刀`), a plan's face value (`Super(30刀)`) or a sum to pay in at least?"""
    if passage.has(atom.end, atom.end + 2, "price_word.minimum") or atom.key == "minimum":
        return True
    if not atom.dao:
        return False
    if atom.per.startswith("period:1") and atom.per == "period:1":
        return True
    for hit in passage.field.hits_between(max(0, atom.start - 6), atom.start):
        if "period" in hit[2].roles:
            return True
    begin, finish = passage.sentence(atom.start)
    rules = passage.field.lexicon.plans
    return any(atom.value in rules[found.id].faces for found in passage.in_range(begin, finish) if found.id in rules)


def _in_list(passage: Passage, atom: Atom) -> bool:
    """A bare number straight after a plan in a price list (`Claude Pro 140`, `Max x20 — 21500`)."""
    text = passage.field.text
    if _LIST_END.match(text, atom.end) is None:
        return False
    begin = max(passage.line(atom.start)[0], atom.start - 24)
    plans = [found for found in passage.in_range(begin, atom.start) if found.kind is ProductKind.PLAN]
    between = [passage.atoms[index] for index in passage.atoms_in(plans[-1].end, atom.start)] if plans else []
    if not plans or any(other.kind != "term" for other in between):
        return False
    start = between[-1].end if between else plans[-1].end
    words = passage.field.hits_between(start, atom.start)
    unread = atom.start - start - sum(hit[1] - hit[0] for hit in words)
    return unread <= 4 and all(_LIST_WORDS & hit[2].roles.keys() for hit in words)


def _second_currency(passage: Passage, found: Sequence[PlanPrice], atom: Atom) -> bool:
    """Is it the price just read, in another currency (`$7.99 / 674.12 ₽`)?"""
    if not found:
        return False
    last = found[-1]
    gap = passage.field.text[last.end : atom.start]
    if last.money is None or not atom.currency or atom.currency == last.money.currency:
        return False
    return len(gap) <= 6 and gap.strip() in ("/", "|", "(", "（", "≈", "~", ",", "·", "or", "или", "hoặc", "/ ")


def _currency_of_bare(passage: Passage, atom: Atom) -> tuple[str, tuple[str, ...]]:
    """The currency of a bare number called a price: named in its key or near it, else the only one of the text."""
    text = passage.field.text
    key = _KEY_CURRENCY.search(text, max(0, atom.start - 24), atom.start)
    if key is not None:
        return {"rmb": "CNY"}.get(key[1], key[1].upper()), ()
    begin, finish = passage.line(atom.start)
    stated = {match[1] for match in _FIELD_CURRENCY.finditer(text, max(0, atom.start - 2000), atom.end + 2000)}
    if len(stated) == 1:
        return stated.pop().upper(), ()
    for hit in passage.field.hits_between(max(begin, atom.start - 60), min(finish, atom.end + 60)):
        word = hit[2].roles.get("currency")
        if word is not None and text[hit[0] : hit[1]].isalpha() and len(word.value) == 3 and word.value.isalpha():
            return ("USD" if word.value == "DAO" else word.value), ()
    known = _BY_LANGUAGE.get(passage.language)
    if passage.language in _IN_DOLLARS and _CLAUSE_END.match(text, atom.end) is not None:
        known = None if _is_numbering(passage, atom) else _DOLLARS
    if known is not None and known[1] <= atom.value <= (MOST_DOLLARS if known is _DOLLARS else atom.value):
        return known[0], (f"currency not said: {known[0]}, by the language of the text",)
    others = {other.currency for other in passage.atoms[:200] if other.kind == "money"}
    if len(others) == 1:
        currency = others.pop()
        return currency, (f"currency not said: {currency}, as the text's other prices",)
    many = passage.language not in _BY_LANGUAGE and passage.language not in _IN_DOLLARS
    if many and _CLAUSE_END.match(text, atom.end) is not None and _about_a_face(passage, atom):
        return "USD", ("currency not said: USD, since the amount is near the plan's official one in dollars",)
    if _former_is_official(passage, atom):
        return "USD", ("currency not said: USD, since the former price beside it is the official one in dollars",)
    return "", ()


def _is_numbering(passage: Passage, atom: Atom) -> bool:
    """`Claude Max account 2`: a number right behind the word for the thing counts things and is no price."""
    word = None if atom.key else passage.field.left_of(atom.start, " #")
    return word is not None and "kind" in word[2].roles


def _about_a_face(passage: Passage, atom: Atom) -> bool:
    """Is the amount what part or all of the plan just named costs in dollars (many countries share the language)?"""
    named = [found for found in passage.in_range(atom.start - 80, atom.start) if found.kind is ProductKind.PLAN]
    rule = passage.field.lexicon.plans.get(named[-1].id) if named else None
    faces = rule.faces if rule is not None else ()
    return any(face * LEAST_PART <= atom.value <= face * MOST_PART for face in faces)


def _former_is_official(passage: Passage, atom: Atom) -> bool:
    """Is the former price in the same record a plan's official price in dollars, for a month or a year?"""
    begin, finish = passage.line(atom.start)
    begin, finish = max(begin, atom.start - 160), min(finish, atom.end + 160)
    rules = passage.field.lexicon.plans
    faces = [
        face * months
        for found in passage.in_range(begin, finish)
        if found.id in rules
        for face in rules[found.id].faces
        for months in (1, 12)
    ]
    former = [
        passage.atoms[index].value for index in passage.atoms_in(begin, finish) if passage.atoms[index].key == "old"
    ]
    return any(abs(value - face) <= face / 50 for value in former for face in faces)


def plan_offers(passage: Passage, price: PlanPrice, products: Sequence[Found]) -> Iterator[Offer]:
    """The offer that a price makes with the products it is about."""
    plan = price.plan or choose_plan(products)
    if plan is not None and _is_face(passage, plan, price):
        return
    begin, finish = passage.line(price.start)
    if plan is not None:
        begin = _named_above(passage, plan, price, begin)
        yield plan_offer(passage, plan, price, max(begin, plan.start - 60), min(finish, price.end + 40))
        return
    named = [found for found in products if found.kind is not ProductKind.CREDIT]
    if not named or price.money is None:
        return
    found = named[-1]
    thing = Thing(found.id if found.kind is ProductKind.MODEL else found.family, found.family, found)
    if price.per in ("calls", "images"):
        yield make_offer(
            passage, thing, OfferKind.PER_CALL, price.start, price.end, price=price.money, unit=Unit.PER_CALL
        )
    elif is_enabling(passage, begin, finish):
        yield make_offer(
            passage, thing, OfferKind.ENABLING_SERVICE, price.start, price.end, price=price.money, unit=Unit.PER_ITEM
        )
    elif passage.has(max(begin, found.start - 40), min(finish, price.end + 20), "kind.unlimited_plan"):
        days = _per_days(price) or _term(passage, found, price, begin, finish)
        yield make_offer(
            passage, thing, OfferKind.UNLIMITED_PLAN, price.start, price.end,
            price=price.money, period_days=days, at_least=price.at_least,
        )  # fmt: skip
    elif has_account_words(passage, begin, finish) or price.per == "pieces":
        yield make_offer(
            passage, thing, account_kind(passage, begin, finish), price.start, price.end,
            price=price.money, unit=Unit.PER_ACCOUNT, at_least=price.at_least,
        )  # fmt: skip


def _named_above(passage: Passage, plan: Found, price: PlanPrice, begin: int) -> int:
    """Where to look for the plan's term from: its own line, where the price stands alone a few lines below."""
    if plan.end > begin or price.start - plan.end > FARTHEST_NAME or len(passage.in_range(plan.end, price.start)):
        return begin
    return passage.line(plan.start)[0]


def _channel(passage: Passage, begin: int, finish: int) -> Mapping[str, str]:
    """Bought through an app store, where the provider's own price differs?"""
    near = passage.field.text[begin:finish]
    named = any(name in near for name in _APP_STORES) and _APP_STORE.search(near) is not None
    return {"channel": "app_store"} if named else {}


def _is_face(passage: Passage, plan: Found, price: PlanPrice) -> bool:
    """Is the amount the official price, written beside the name in 刀 to say which plan it is (`Max 200刀 ¥719`)?"""
    rule = passage.field.lexicon.plans.get(plan.id)
    return (
        rule is not None and passage.atoms[price.atom_index].dao and passage.atoms[price.atom_index].value in rule.faces
    )


def choose_plan(products: Sequence[Found]) -> Found | None:
    """Of several plans the one with a multiple of use in its name, else the last named."""
    plans = [found for found in products if found.kind in (ProductKind.PLAN, ProductKind.FREE_ACCOUNT)]
    multiples = [found for found in plans if found.id.endswith(("x", "heavy", "ultra"))]
    return multiples[-1] if multiples else plans[-1] if plans else None


def _term(passage: Passage, plan: Found, price: PlanPrice, begin: int, finish: int) -> int | None:
    """The term nearest to the price: between it and the price before, up to the price after, else by the plan's name.

    Posts put the term on a line of its own (`Срок: 1 месяц`), so the lines up to the next plan are looked at last.
    """
    if price.atom_index < 0:
        return term_days(passage, begin, finish)
    floor = max(begin, _edge(passage, price.atom_index, -1), plan.end if plan.end <= price.start else begin)
    beyond = next((found.start for found in passage.in_range(max(price.end, plan.end), finish)), finish)
    limit = min(finish, beyond, _edge(passage, price.atom_index, 1))
    before = max(begin, _edge(passage, price.atom_index, -1)) if plan.end <= price.start else begin
    for start, end in ((floor, price.start), (price.end, limit), (before, price.start), (begin, min(finish, beyond))):
        days = term_days(passage, start, end)
        if days is not None:
            return days
    following = next((found.start for found in passage.in_range(price.end, price.end + LONGEST_BLOCK)), None)
    return term_days(passage, price.end, price.end + LONGEST_BLOCK if following is None else following)


def _edge(passage: Passage, index: int, step: int) -> int:
    """Where the neighbouring amount of money ends (before) or begins (after)."""
    index += step
    while 0 <= index < len(passage.atoms):
        atom = passage.atoms[index]
        if atom.kind == "money":
            return atom.end if step < 0 else atom.start
        index += step
    return 0 if step < 0 else len(passage.field.text)


def _per_days(price: PlanPrice) -> int | None:
    """The term written on the price (`$25 a month`)."""
    return int(Decimal(price.per.removeprefix("period:"))) or None if price.per.startswith("period:") else None


def plan_offer(passage: Passage, plan: Found, price: PlanPrice, begin: int, finish: int) -> Offer:
    """A plan at a price, with its term and seats as they stand within the places."""
    days = _per_days(price) or _term(passage, plan, price, begin, finish)
    shared = seats(passage, begin, finish)
    kind = plan_kind(passage, begin, finish)
    if shared is not None and kind is OfferKind.SUBSCRIPTION_ACCOUNT:
        kind = OfferKind.SHARED_SEAT
    unit = Unit.PER_ACCOUNT if days is None else Unit.PER_PERIOD
    if kind is OfferKind.SHARED_SEAT:
        unit = Unit.PER_SEAT_PERIOD
    return make_offer(
        passage, Thing(plan.id, plan.family, plan), kind, price.start, price.end,
        price=price.money, unit=unit, period_days=days, seats=shared, at_least=price.at_least,
        conditions=_channel(passage, begin, finish), assumptions=price.assumptions,
    )  # fmt: skip
