"""Credit against money: `1元=1刀`, `充值 1:1`, `¥66 一次性 200 刀`, caps over a term, bonuses."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, pairwise
from typing import NamedTuple

from detectors.reading.atoms import Atom
from detectors.reading.passage import Passage
from detectors.reading.terms import term_days

# About how many units of a currency one dollar is: enough to tell one price in two currencies from money for credit.
_ABOUT_PER_USD = {
    "CNY": Decimal(7), "RUB": Decimal(88), "UAH": Decimal(42), "VND": Decimal(26000), "IDR": Decimal(17000),
    "BRL": Decimal("5.4"), "INR": Decimal(92), "TRY": Decimal(45), "EUR": Decimal("0.88"), "KRW": Decimal(1400),
    "JPY": Decimal(152), "EGP": Decimal(49), "PKR": Decimal(282), "PHP": Decimal(58), "THB": Decimal(33),
    "KZT": Decimal(520), "IRR": Decimal(1000000), "DZD": Decimal(131), "GBP": Decimal("0.76"), "PLN": Decimal("3.7"),
}  # fmt: skip
_TIE = re.compile(r"\s{0,2}(?:=|≈|→|->|=>|-|兑|换|得)\s{0,2}")
_EACH_DOLLAR = re.compile(r"(?:每|1|一)\s?(?:刀|美元|美金|\$|usd)\s?(?:只要|仅|=|:|额度)?\Z")
_BUYS = frozenset({"换", "兑", "兑换", "一", "=", "对"})
MOST_FOR_A_DOLLAR = Decimal(10)
_WORTH = re.compile(r"\s(?:worth|in (?:usage|tokens|value))\b")
_PER = re.compile(r"\s?(?:per|for|for each|for every|por|por cada|за|pro|par|za)\s?")
MOST_UNREAD = 6
_RATED = frozenset({"plain", "money", "credit"})
TAKEN_AS_YUAN = "the money of the recharge ratio taken as yuan"
_SPELLED = {"一": 1, "二": 2, "两": 2, "三": 3, "五": 5, "十": 10}
_SPELLED_RATIO = re.compile(r"一比([一二两三五十])")
_HANDED_OVER = re.compile(r"\s?(?:出|包邮|卖|拿走)")
_LIMIT = re.compile(r"([日天周月])(?:上限|限额|限|额度)\s?\Z")
_FOR = re.compile(r"(?:^|\s)(?:for|por|fur|за|pour|untuk|dengan|icin|voi|con|mit|به قیمت|ب|بسعر|a|za|to|w)\s")
_BARE_MONEY = {"vi": "VND", "id": "IDR", "ru": "RUB", "uk": "UAH", "tr": "TRY", "pt": "BRL"}
_LOOSE_TIE = re.compile(r"\s{0,2}(?:[/|:：(（,，를을にでب]|به)\s{0,2}")
_COLON = re.compile(r"\s{0,1}[:：比]\s{0,1}")
_NEAR = 16
_CAP_BEFORE = 100
_MOST_CHARACTERS_BETWEEN = 48


class Pack(NamedTuple):
    """Money that buys dollars of credit. `ratio` says that it is the rate of a relay and not one good of a shelf.

    `folded_multiplier` says that the dollars are already what they are worth at the official price.
    """

    start: int
    end: int
    price: Decimal
    currency: str
    dollars: Decimal
    ratio: bool
    at_least: bool = False
    days: int | None = None
    folded_multiplier: bool = False
    assumptions: tuple[str, ...] = ()
    indexes: tuple[int, ...] = ()


class Credit(NamedTuple):
    """Dollars of credit that the text offers, whose price stands elsewhere (in the page's price field)."""

    start: int
    end: int
    dollars: Decimal
    days: int | None
    at_least: bool
    folded_multiplier: bool
    assumptions: tuple[str, ...]
    indexes: tuple[int, ...]


def find_packs(passage: Passage) -> list[Pack]:
    """Every pair of money and credit, in order; the atoms used are spent."""
    packs: list[Pack] = []
    # One after the other: what the first ones spend, the later ones leave alone.
    for pack in chain(_ratios(passage), _pairs(passage), _capped(passage)):
        if pack.price > 0 and pack.dollars > 0 and passage.spent.isdisjoint(pack.indexes):
            packs.append(pack)
            passage.spent.update(pack.indexes)
    packs.sort(key=lambda pack: pack.start)
    said = {pack.price / pack.dollars for pack in packs if TAKEN_AS_YUAN not in pack.assumptions}
    # `1:5 top-up, pay $10 receive $50`: the ratio without a currency only repeats the one that has it.
    return [pack for pack in packs if TAKEN_AS_YUAN not in pack.assumptions or pack.price / pack.dollars not in said]


def _ratios(passage: Passage) -> Iterator[Pack]:
    """`充值 1:1`, `recharge ratio 1:1`, `充100到账50`, `0.5元/刀`, `每刀0.3元`."""
    text, atoms = passage.field.text, passage.atoms
    for index, atom in enumerate(atoms):
        if atom.kind != "money" or (atom.currency == "USD" and atom.per != "dollar") or atom.value <= 0:
            continue
        if atom.per == "dollar" or _EACH_DOLLAR.search(text, max(0, atom.start - 8), atom.start) is not None:
            yield Pack(atom.start, atom.end, atom.value, atom.currency, Decimal(1), True, indexes=(index,))
    spelled = _SPELLED_RATIO.search(text) if "一比" in text else None
    if spelled is not None and passage.has(spelled.start() - _NEAR, spelled.end() + _NEAR, "relation.recharge"):
        dollars = Decimal(_SPELLED[spelled[1]])
        yield Pack(spelled.start(), spelled.end(), Decimal(1), "CNY", dollars, True, assumptions=(TAKEN_AS_YUAN,))
    for index in range(len(atoms) - 1):
        one, other = atoms[index], atoms[index + 1]
        if other.value <= 0 or one.value <= 0 or other.start - one.end > 8 or one.kind not in _RATED:
            continue
        plain = one.kind == other.kind == "plain"
        recharge = passage.has(one.start - _NEAR, one.start, "relation.recharge") or (
            plain and passage.has(other.end, other.end + 12, "relation.recharge")
        )
        if plain and recharge and _COLON.fullmatch(text, one.end, other.start):
            yield _pack(index, one, other, ratio=True)
        elif recharge and {one.kind, other.kind} <= {"plain", "money", "credit"} and other.currency in ("", "USD"):
            gap = text[one.end : other.start]
            tied = len(gap) <= 8 and passage.has(one.end, other.start, "relation.equals")
            if tied and (one.kind == "plain" or one.currency != "USD"):
                yield _pack(index, one, other, ratio=True)


def _pack(index: int, money: Atom, credit: Atom, *, ratio: bool, dollars: Decimal | None = None) -> Pack:
    currency = money.currency or "CNY"
    assumed = () if money.currency else (TAKEN_AS_YUAN,)
    start, end = min(money.start, credit.start), max(money.end, credit.end)
    worth = credit.value if dollars is None else dollars
    return Pack(start, end, money.value, currency, worth, ratio, assumptions=assumed, indexes=(index, index + 1))


def _pairs(passage: Passage) -> Iterator[Pack]:
    """Neighbouring amounts of which one is dollars of credit and the other what they cost."""
    text, atoms = passage.field.text, passage.atoms
    worth = _dollars_of_a_credit(passage)
    for index in range(len(atoms) - 1):
        one, other = atoms[index], atoms[index + 1]
        if other.start - one.end > _MOST_CHARACTERS_BETWEEN or "old" in (one.key, other.key):
            continue
        if not one.value or not other.value or not passage.spent.isdisjoint((index, index + 1)):
            continue
        gap = text[one.end : other.start].strip()
        if worth is not None and "credit" in (one.kind, other.kind):
            yield from _counted_credits(passage, index, worth)
        elif one.kind == "money" and other.kind == "money":
            pair = _money_and_credit(passage, one, other)
            if pair is not None:
                money, credit = pair
                recharge = money.value == 1 and passage.has(one.start - 20, other.end + 8, "relation.recharge")
                yield _pack(index, money, credit, ratio=credit.value == 1 or recharge)
        else:
            yield from _with_a_bare_number(passage, index, gap, worth)


def _with_a_bare_number(passage: Passage, index: int, gap: str, worth: Decimal | None) -> Iterator[Pack]:
    """Pairs of which one has no currency: `300刀兑换码=280`, `100刀额度 30出`, `100k = $20`, `5k $8` of credits."""
    one, other = passage.atoms[index : index + 2]
    if one.kind == "money" and other.kind == "plain" and one.dao:
        handed_over = _HANDED_OVER.match(passage.field.text, other.end) is not None and other.start - one.end <= 6
        if gap == "=" or handed_over or (other.key == "price" and _credited(passage, one)):
            yield _pack(index, other, one, ratio=False)
    elif one.kind == "plain" and other.dao and other.value == 1 and gap in _BUYS and one.value < MOST_FOR_A_DOLLAR:
        yield _pack(index, one, other, ratio=True)
    elif one.kind == "plain" and other.kind == "money" and other.currency == "USD":
        if worth is not None and len(gap) <= 1:
            yield _pack(index, other, one, ratio=False, dollars=one.value * worth)
        elif gap in ("=", "->", "→") and passage.language in _BARE_MONEY:
            yield _pack(index, one._replace(currency=_BARE_MONEY[passage.language]), other, ratio=False)


def _counted_credits(passage: Passage, index: int, worth: Decimal) -> Iterator[Pack]:
    """So many credits of a stated worth for money (`10,000 credits for $30`, `$30 = 10,000 credits`)."""
    one, other = passage.atoms[index], passage.atoms[index + 1]
    money, credit = (other, one) if one.kind == "credit" else (one, other)
    gap = passage.field.text[one.end : other.start]
    if money.kind != "money" or credit.kind != "credit" or "\n" in gap or len(gap) > 16 or credit.value <= 1:
        return
    tied = _TIE.fullmatch(gap) or _FOR.search(gap) or _LOOSE_TIE.fullmatch(gap)
    if tied or (money is one and passage.has(one.end, other.start, "relation.equals")):
        yield _pack(index, money, credit, ratio=False, dollars=credit.value * worth)


def _dollars_of_a_credit(passage: Passage) -> Decimal | None:
    """What the text says one of its credits is worth (`1 credit ≈ $1 original`)."""
    for one, other in pairwise(passage.atoms[:200]):
        if one.kind != "credit" or other.kind != "money" or other.currency != "USD" or one.value <= 0:
            continue
        near = other.start - one.end <= _NEAR
        if _TIE.fullmatch(passage.field.text, one.end, other.start) is not None or (
            near and one.value == 1 and passage.has(one.end, other.start, "relation.equals")
        ):
            return other.value / one.value
    return None


def _money_and_credit(passage: Passage, one: Atom, other: Atom) -> tuple[Atom, Atom] | None:
    """Which of two amounts is the money and which the credit; None where they are something else."""
    gap = passage.field.text[one.end : other.start]
    if "\n" in gap:
        return None
    tie = _TIE.fullmatch(gap) is not None or (len(gap) <= 24 and passage.has(one.end, other.start, "relation.equals"))
    only = other.key in ("only", "price") or passage.has(one.end, other.start, "price_word.only")
    only = only or _FOR.search(gap) is not None or _only_words(passage, one.end, other.start)
    if one.currency != "USD" and other.currency == "USD":
        return _money_first(passage, one, other, gap, tie=tie, only=only)
    if one.currency == "USD" and other.currency != "USD":
        credited = _credited(passage, one)
        if _same_price(one, other) and not credited:
            return None
        loose = _LOOSE_TIE.fullmatch(gap) is not None or not gap.strip()
        return (other, one) if (credited and (tie or only or loose)) or "=" in gap else None
    if one.currency == other.currency == "USD":
        if _per_dollar(gap, one, other) and _credited(passage, other):
            return (one, other)
        if _credited(passage, one) and other.per != "credit" and (only or tie) and other.value < one.value:
            return (other, one)
        if _credited(passage, other) and one.per != "credit" and tie:
            return (one, other)
    return None


def _per_dollar(gap: str, one: Atom, other: Atom) -> bool:
    """`$0.20 per $1 of API credits`."""
    return other.value == 1 and one.value < 1 and _PER.fullmatch(gap) is not None


def _only_words(passage: Passage, start: int, end: int) -> bool:
    """Are there between two amounts only words of credit and products (`100$ Claude API credit ₹1500`)?"""
    words = passage.field.hits_between(start, end)
    if not passage.has(start, end, "unit.credit"):
        return False
    unread = passage.field.text[start:end]
    letters = sum(letter.isalpha() for letter in unread)
    return letters - sum(hit[1] - hit[0] for hit in words) <= MOST_UNREAD


def _money_first(
    passage: Passage, one: Atom, other: Atom, gap: str, *, tie: bool, only: bool
) -> tuple[Atom, Atom] | None:
    credited = other.dao or other.per == "credit"
    if _same_price(one, other) and not (tie and (credited or "=" in gap)):
        return None
    loose = credited and (_LOOSE_TIE.fullmatch(gap) is not None or not gap.strip())
    spoken_of = only and passage.has(one.start - 24, one.start, "unit.credit")
    slash = ("/" in gap and len(gap) <= 3) or gap.strip() == "per"
    return (one, other) if tie or loose or spoken_of or slash else None


def _credited(passage: Passage, atom: Atom) -> bool:
    """Is it dollars of credit: written 刀, or beside a word of credit?"""
    if atom.dao or atom.per == "credit" or _WORTH.match(passage.field.text, atom.end) is not None:
        return True
    begin, finish = passage.sentence(atom.start)
    return passage.has(max(begin, atom.start - 28), min(finish, atom.end + 24), "unit.credit")


def _same_price(one: Atom, other: Atom) -> bool:
    """Are two amounts in two currencies about the same price?"""
    dollars, money = (one, other) if one.currency == "USD" else (other, one)
    about = _ABOUT_PER_USD.get(money.currency)
    if about is None or not dollars.value:
        return False
    return Decimal("0.72") <= money.value / dollars.value / about <= Decimal("1.35")


def _capped(passage: Passage) -> Iterator[Pack]:
    """Money for a term, with dollars that may be used in each day or week of it."""
    if not any(True for _ in _caps(passage, 0, len(passage.field.text))):
        return
    for index, atom in enumerate(passage.atoms):
        if atom.kind != "money" or atom.currency == "USD" or index in passage.spent or atom.key == "old":
            continue
        begin, finish = passage.sentence(atom.start)
        last = min(finish, atom.end + 80, _next_price(passage, index))
        days = _term_of(passage, index) or _own_term(passage, index, begin) or term_days(passage, begin, last)
        caps = list(_caps(passage, max(begin, _last_price(passage, index)), last))
        indexes = (index, *(cap_index for _, _, cap_index in caps))
        if days and not caps:
            # `每天 30 刀额度` on a line of its own holds for every card priced in the lines after it.
            caps = list(_caps(passage, max(0, begin - _CAP_BEFORE), begin))
        if not days or not caps:
            continue
        dollars = min(cap * days / every for cap, every, _ in caps)
        yield Pack(
            atom.start,
            max(atom.end, *(passage.atoms[each].end for each in indexes)),
            atom.value,
            atom.currency,
            dollars,
            ratio=False,
            at_least=True,
            days=days,
            assumptions=(f"{dollars.normalize():f} dollars in {days} days if every cap is used up",),
            indexes=indexes,
        )


def _next_price(passage: Passage, index: int) -> int:
    """Where the next amount of the same money begins: caps after it are not those of this price."""
    following = passage.atoms[index + 1 : index + 8]
    return next((other.start for other in following if other.currency == passage.atoms[index].currency), 1 << 60)


def _last_price(passage: Passage, index: int) -> int:
    before = passage.atoms[max(0, index - 7) : index]
    return next((other.end for other in reversed(before) if other.currency == passage.atoms[index].currency), 0)


def _own_term(passage: Passage, index: int, begin: int) -> int | None:
    """The term between the price before and this one (`周卡 ¥11.5，月卡 ¥42`), where another price stands before."""
    before = [each for each in passage.atoms_in(begin, passage.atoms[index].start) if passage.atoms[each].key != "old"]
    priced = [each for each in before if passage.atoms[each].kind == "money" and passage.atoms[each].currency != "USD"]
    if not priced:
        return None
    return term_days(passage, passage.atoms[priced[-1]].end, passage.atoms[index].start)


def _term_of(passage: Passage, index: int) -> int | None:
    """The term that a price is for: written on it (`/month`) or as the next number (`/4周`)."""
    atom = passage.atoms[index]
    if atom.per.startswith("period:"):
        return int(Decimal(atom.per.removeprefix("period:")))
    following = passage.atoms[index + 1] if index + 1 < len(passage.atoms) else None
    if following is not None and following.kind == "term" and following.start - atom.end <= 3:
        return int(following.value)
    return None


def _caps(passage: Passage, start: int, end: int) -> Iterator[tuple[Decimal, Decimal, int]]:
    """Dollars that may be used every so many days: (dollars, days, index of the atom)."""
    for index in passage.atoms_in(start, end):
        atom = passage.atoms[index]
        if atom.kind not in ("money", "plain", "credit") or index in passage.spent:
            continue
        if atom.currency == "USD" or (atom.kind != "money" and _limit_word(passage, atom)):
            every = _every(passage, atom)
            if every is not None:
                yield atom.value, every, index


def _every(passage: Passage, atom: Atom) -> Decimal | None:
    if atom.per.startswith("period:"):
        return Decimal(atom.per.removeprefix("period:"))
    limit = _LIMIT.search(passage.field.text, max(0, atom.start - 6), atom.start)
    if limit is not None:
        return {"日": Decimal(1), "天": Decimal(1), "周": Decimal(7), "月": Decimal(30)}[limit[1]]
    for hit in reversed(passage.field.hits_between(max(0, atom.start - 6), atom.start)):
        period = hit[2].roles.get("period")
        if period is not None and "卡" not in period.text and not passage.field.text[hit[0] - 1 : hit[0]].isdigit():
            return Decimal(period.value) if Decimal(period.value) >= 1 else None
    return None


def _limit_word(passage: Passage, atom: Atom) -> bool:
    return "限" in passage.field.text[max(0, atom.start - 3) : atom.start]


def find_credit(passage: Passage, days: int | None) -> list[Credit]:
    """Dollars of credit whose price stands elsewhere, caps over the term included, bonuses added."""
    found: list[Credit] = []
    caps = [cap for cap in _caps(passage, 0, len(passage.field.text)) if cap[0] > 0 and cap[2] not in passage.spent]
    if caps and days is not None and days >= 7:
        capped = {index for _, _, index in caps}
        whole = [
            atom.value
            for index, atom in enumerate(passage.atoms)
            if index not in capped and atom.per == "credit" and atom.currency == "USD" and atom.value > 0
        ]
        dollars = min((*(cap * days / every for cap, every, _ in caps), *whole))
        indexes = tuple(cap[2] for cap in caps)
        first, last = passage.atoms[indexes[0]], passage.atoms[indexes[-1]]
        said = (f"{dollars.normalize():f} dollars in {days} days if every cap is used up",)
        return [Credit(first.start, last.end, dollars, days, True, False, said, indexes)]
    for index, atom in enumerate(passage.atoms):
        if index in passage.spent or atom.kind != "money" or atom.currency != "USD" or atom.value <= 0:
            continue
        if atom.key in ("old", "bonus"):
            continue
        found.append(Credit(atom.start, atom.end, atom.value, days, False, False, (), (index,)))
    return _with_bonus(passage, found)


def _with_bonus(passage: Passage, found: list[Credit]) -> list[Credit]:
    """Credit given on top (`1000美元＋赠送两百美元`) is part of what is bought; what is given for signing up is not."""
    if not found:
        return found
    text = passage.field.text
    for index, atom in enumerate(passage.atoms):
        if atom.kind == "money" and atom.currency == "USD" and atom.key == "bonus" and index not in passage.spent:
            before = text[max(0, atom.start - 8) : atom.start]
            if not any(word in before for word in ("注册", "评论", "邀请", "签到", "sign")):
                last = found[-1]
                said = (*last.assumptions, f"{atom.value:f} dollars given on top counted in")
                found[-1] = last._replace(dollars=last.dollars + atom.value, end=atom.end, assumptions=said)
    return found
