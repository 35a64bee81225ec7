"""Numbers with what they are: an amount of money, a percentage, a term, seats, tokens, credit, a multiplier.

Each number is read with the words that touch it, left and right; what it means for an offer is decided later.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from detectors.reading.field import Field, Range
from detectors.reading.lexicon.words import Hit, Meaning
from detectors.reading.numbers import Number, amount, find_numbers

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]{2}")
MOST_FOR_YEN = 4000
_SPACES = " *`~"
_IN_THOUSANDS = {"vi": "VND", "id": "IDR"}
# Words for thousands of one country, whose money is meant where none is said (`900 ribu`, `8만`).
_COUNTED_IN = {"vi": "VND", "id": "IDR", "ko": "KRW"}
_SIGNS = frozenset({"=", "=>", "->", "==", "→"})
_BEFORE_NUMBER = frozenset(
    {"$", "¥", "€", "£", "₹", "₺", "₩", "₱", "₦", "r$", "rp", "rp.", "us$", "nt$", "hk$", "a$", "c$"}
)
_KEY_GAP = re.compile(r"[\s\"'`:=：>*(\[）)]{0,6}(?:約|约|大概|about|ca\.?|decimal\(\"?)?\s?")
_KEY_CURRENCY = re.compile(
    r"[\"'_](cny|rmb|usd|rub|vnd|idr|try|brl|inr|dzd|egp|eur|uah|kzt|usdt)[\"']?\s{0,2}(?:[:=]|=>)\s{0,2}(?:decimal\()?[\"']?\Z"
)
_TAGS = re.compile(r"(?:\s?</?[a-z][^<>]{0,60}>\s?){1,3}")
_TIMES = re.compile(r"\s?[x×]")
# What a relay takes of its own dollars, put as a sentence (`GPT models cost 0.2 of it`, `按 0.2 扣费`).
_OF_CREDIT = re.compile(
    r"\s?(?:of (?:it|that|this|the credit|the balance|a credit)\b|от (?:него|нее|баланса)\b|扣费|计费|结算)"
)
_SET_TO = re.compile(
    r"(?:维持|保持|仍为|仍是|降至|降到|升至|升到|调至|调到|调整为|调为|改为|涨到|涨至)\s?(?:在|了)?\s?\Z"
)
MOST_SET = 10
_PRICED_BY = frozenset({"month", "quarter", "half_year", "year"})
_TIMES_OVER = frozenset({"relation.times", "relation.times_cheaper"})
_EACH = frozenset("一每/")
_APIECE = re.compile(r"\s?(?:一|每|/)\s?(?:个|位|只|号|车)(?!月|自然月|季|星期|小时|人)")
_DASH = re.compile(r"\s{0,2}(?:-|~|至|到)\s{0,2}")
LARGEST = Decimal(10) ** 13


class Atom(NamedTuple):
    """A number with its meaning.

    `kind` is `money`, `percent`, `zhe`, `wari`, `multiplier`, `term`, `seats`, `pieces`, `calls`, `tokens`, `credit`
    (dollars of credit when `currency` is `USD`, else units whose worth is not said), `plain`. `end` is after the
    words that say so. `upper` is a range's other end. `dao` marks dollars written 刀. `per` is what a money buys
    (`mtok`, `ktok`, `calls`, `images`, `pieces`, `period:<days>`). `key` is the price word written before it.
    """

    start: int
    end: int
    kind: str
    value: Decimal
    upper: Decimal | None = None
    currency: str = ""
    dao: bool = False
    per: str = ""
    key: str = ""
    number_end: int = 0


def read_atoms(field: Field, language: str, taken: list[Range], ranges: list[Range]) -> list[Atom]:
    """Every number within the ranges with its meaning, in order; `taken` are places whose digits are no amounts."""
    atoms: list[Atom] = []
    used: set[int] = set()
    if "¥" in field.text and _KANA.search(field.text, 0, MOST_FOR_YEN) is not None:
        language = "ja"
    for number in find_numbers(field, taken, ranges):
        atom = _read(field, number, language, used)
        if atom is not None and 0 <= atom.value < LARGEST:
            atoms.append(atom)
    return _with_ranges(field, atoms)


def _with_ranges(field: Field, atoms: list[Atom]) -> list[Atom]:
    """Two like amounts joined by a dash (`45%-93%`, `$5 - $8`) are one from the first to the second."""
    joined: list[Atom] = []
    for atom in atoms:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.kind == atom.kind
            and last.kind in ("percent", "money", "zhe", "multiplier")
            and last.upper is None
            and last.currency == atom.currency
            and last.value < atom.value
            and _DASH.fullmatch(field.text, last.end, atom.start) is not None
        ):
            joined[-1] = last._replace(upper=atom.value, end=atom.end)
        else:
            joined.append(atom)
    return joined


def _read(field: Field, number: Number, language: str, used: set[int]) -> Atom | None:
    right, end, factor = _scaled(field, number.end)
    left = field.left_of(number.start, _SPACES)
    if left is not None and left[0] not in used and "relation.percent" in left[2].concepts:
        used.add(left[0])
        return _counted(field, number, number.end, Decimal(1), left[2])
    if left is not None and (left[0] in used or "currency" not in left[2].roles):
        left = None
    meaning = right[2] if isinstance(right, Hit) else right
    right_currency = meaning is not None and "currency" in meaning.roles
    if right_currency and isinstance(right, Hit) and _belongs_to_next(field, right, left is not None):
        right_currency, meaning = False, None
    if right_currency and meaning is not None:
        end = right[1] if isinstance(right, Hit) else end + 1
        if isinstance(right, Hit):
            used.add(right[0])
        return _money(field, number, end, factor, meaning, language)
    if left is not None:
        used.add(left[0])
        return _money(field, number, end, factor, left[2], language, start=left[0])
    if meaning is None or (factor >= 1000 and language in _IN_THOUSANDS and "period" in meaning.roles):
        return _bare(field, number, end, factor, language)
    if not isinstance(right, Hit):
        return _counted(field, number, end + 1, factor, meaning) or _bare(field, number, end, factor, language)
    used.add(right[0])
    per = _priced_by(field, right)
    if per:
        bare = _bare(field, number, end, factor, language)
        return bare._replace(key="price", per=per) if bare is not None and bare.kind == "plain" else bare
    return _counted(field, number, right[1], factor, meaning) or _bare(field, number, end, factor, language)


def _priced_by(field: Field, hit: Hit) -> str:
    """What a bare number before the word is the price of: a month (`320/月`), one piece; else the empty string."""
    period = hit[2].roles.get("period")
    if period is not None and field.text[hit[0]] == "/" and period.concept in _PRICED_BY:
        return f"period:{period.value}"
    return "pieces" if "price_word.each" in hit[2].concepts else ""


def _belongs_to_next(field: Field, hit: Hit, has_own: bool) -> bool:
    """Is the sign of currency written before the next number (`10k $28`, `R$ 120</s> R$ 59`)?"""
    following = field.text[hit[1] : hit[1] + 2]
    near = following.lstrip(" ")[:1] if has_own else following[:1]
    return field.text[hit[0] : hit[1]] in _BEFORE_NUMBER and near.isdigit()


def _scaled(field: Field, end: int) -> tuple[Hit | Meaning | None, int, Decimal]:
    """What follows the number once words such as thousand are multiplied in; where that begins; the factor."""
    factor = Decimal(1)
    tags = _TAGS.match(field.text, end) if field.text[end : end + 1] == "<" else None
    if tags is not None and field.right_of(tags.end(), _SPACES) is not None:
        end = tags.end()
    if field.text[end : end + 1] == "-":
        term = field.right_of(end + 1, "")
        if term is not None and ("period" in term[2].roles or not _TIMES_OVER.isdisjoint(term[2].concepts)):
            return term, end, factor
    for _ in range(2):
        right = field.right_of(end, _SPACES)
        if right is None:
            suffix = _suffix(field, end)
            if suffix is not None and "scale" in suffix.roles:
                factor *= Decimal(suffix.roles["scale"].value)
                end = field.text.index(suffix.words[0].text, end) + 1
                continue
            if suffix is not None:
                return suffix, field.text.index(suffix.words[0].text, end), factor
            return None, end, factor
        if "scale" not in right[2].roles or "unit" in right[2].roles:
            return right, end, factor
        if "currency" in right[2].roles:
            return right, end, factor
        factor *= Decimal(right[2].roles["scale"].value)
        end = right[1]
    return field.right_of(end, _SPACES) or _suffix(field, end), end, factor


def _suffix(field: Field, end: int) -> Meaning | None:
    """The meaning of a single letter straight after a number (`10k`, `8r`), where no further letter follows."""
    text = field.text
    place = end + 1 if text[end : end + 1] == " " else end
    letter = text[place : place + 1]
    meaning = field.lexicon.suffixes.get(letter)
    if meaning is None or (text[place + 1 : place + 2].isalnum() and text[place + 1] < "\u2e80"):
        return None
    return meaning


def _values(number: Number, factor: Decimal, currency: str) -> tuple[Decimal, Decimal | None] | None:
    value = amount(number.digits, currency)
    if value is None:
        return None
    upper = amount(number.upper, currency) if number.upper is not None else None
    return value * factor, upper * factor if upper is not None else None


def _money(
    field: Field, number: Number, end: int, factor: Decimal, meaning: Meaning, language: str, start: int | None = None
) -> Atom | None:
    word = meaning.roles["currency"]
    if "scale" in meaning.roles:
        factor *= Decimal(meaning.roles["scale"].value)
    currency = word.value
    dao = currency == "DAO"
    if dao:
        currency = "USD"
    elif currency == "¥":
        currency = "JPY" if language == "ja" else "CNY"
    elif "currency.irr" in meaning.concepts and "currency.sar" in meaning.concepts:
        currency = "IRR" if language == "fa" else "SAR"
    values = _values(number, factor, currency)
    if values is None:
        return None
    value, upper = values
    if currency == "IRT":
        value, upper, currency = value * 10, upper * 10 if upper is not None else None, "IRR"
    begin = number.start if start is None else start
    return Atom(begin, end, "money", value, upper, currency, dao, key=_key(field, begin), number_end=number.end)


def _counted(field: Field, number: Number, end: int, factor: Decimal, meaning: Meaning) -> Atom | None:
    values = _values(number, factor, "")
    if values is None:
        return None
    kind = _kind_of(meaning)
    if kind is None:
        return None
    value, upper = values
    per = ""
    if kind == "term":
        days = Decimal(meaning.roles["period"].value)
        value, upper = value * days, upper * days if upper is not None else None
    return Atom(number.start, end, kind, value, upper, per=per, key=_key(field, number.start), number_end=number.end)


_KINDS = (
    ("relation.percent", "percent"),
    ("relation.cents_on_the_dollar", "cents"),
    ("relation.wari", "wari"),
    ("relation.wari_of", "zhe"),
    ("relation.zhe", "zhe"),
    ("relation.times_cheaper", "times_cheaper"),
    ("relation.times", "times"),
    ("relation.multiplier", "multiplier"),
    ("unit.people", "seats"),
    ("unit.tokens", "tokens"),
    ("unit.credit", "credit"),
    ("unit.points", "credit"),
    ("unit.calls", "calls"),
    ("unit.images", "calls"),
)


def _kind_of(meaning: Meaning) -> str | None:
    for concept, kind in _KINDS:
        if concept in meaning.concepts:
            return kind
    if "period" in meaning.roles:
        return "hours" if meaning.roles["period"].concept == "hour" else "term"
    if "unit.pieces" in meaning.concepts:
        return "pieces"
    return None


def _bare(field: Field, number: Number, end: int, factor: Decimal, language: str) -> Atom | None:
    """A number that no word claims: a multiplier by its ×, else plain, perhaps with a price word before it.

    Where prices run to thousands, `150k` is money of the country whose language the text is in.
    """
    values = _values(number, factor, "")
    if values is None:
        return None
    named = _KEY_CURRENCY.search(field.text, max(0, number.start - 24), number.start)
    if named is not None:
        currency = {"rmb": "CNY"}.get(named[1], named[1].upper())
        return Atom(number.start, end, "money", values[0], values[1], currency, key="price", number_end=end)
    currency = _money_of_scale(field, number.end, end, language) if factor >= 1000 else ""
    if currency:
        return Atom(
            number.start, end, "money", values[0], values[1], currency, key=_key(field, number.start), number_end=end
        )
    times = _TIMES.match(field.text, end)
    if times is not None and not field.text[times.end() : times.end() + 1].isdigit():
        after = field.text[times.end() : times.end() + 1]
        if not ("a" <= after <= "z") or field.right_of(times.end(), skip="") is not None:
            return Atom(number.start, times.end(), "multiplier", values[0], values[1], key="x", number_end=number.end)
    if values[0] < 10 and _OF_CREDIT.match(field.text, end) is not None:
        return Atom(number.start, end, "multiplier", values[0], values[1], key="word", number_end=number.end)
    left = field.left_of(number.start, " :=为是约至到*", most=3)
    if (left is not None and "relation.multiplier" in left[2].concepts) or _is_set(field, number.start, values[0]):
        return Atom(number.start, end, "multiplier", values[0], values[1], key="word", number_end=number.end)
    if field.text[end : end + 2].strip()[:1] in _EACH and _APIECE.match(field.text, end) is not None:
        return Atom(number.start, end, "plain", values[0], values[1], per="pieces", key="price", number_end=number.end)
    return Atom(number.start, end, "plain", values[0], values[1], key=_key(field, number.start), number_end=number.end)


def _money_of_scale(field: Field, start: int, end: int, language: str) -> str:
    """The money that thousands are of, by the language of the text or of the word for them; empty where unknown."""
    if language in _IN_THOUSANDS:
        return _IN_THOUSANDS[language]
    for hit in field.hits_between(start, end):
        word = hit[2].roles.get("scale")
        if word is not None and word.language in _COUNTED_IN:
            return _COUNTED_IN[word.language]
    return ""


def _is_set(field: Field, start: int, value: Decimal) -> bool:
    """Is it what a multiplier spoken of just before stays at or is changed to (`倍率上调至 0.7，另一池维持 0.1`)?"""
    if value >= MOST_SET or not field.has_between(start - 40, start, "relation.multiplier"):
        return False
    return _SET_TO.search(field.text, max(0, start - 6), start) is not None


def _key(field: Field, start: int) -> str:
    """The price word just before (`price: `, `原价`, `from `), the empty string without one."""
    place = start
    for _ in range(3):
        found = field.before(place, 24, _SIGNS)
        if found is None or _KEY_GAP.fullmatch(field.text, found[1], place) is None:
            return ""
        word = found[2].roles.get("price_word")
        if word is not None:
            return word.concept if word.concept != "from" else _key(field, found[0]) or "from"
        if "currency" not in found[2].roles:
            return ""
        place = found[0]
    return ""


def with_units(field: Field, atoms: list[Atom]) -> Iterator[Atom]:
    """The atoms, money with what it buys where that is written straight after it (`/month`, `per 1M tokens`)."""
    for index, atom in enumerate(atoms):
        if atom.kind != "money":
            yield atom
            continue
        limit = atoms[index + 1].start if index + 1 < len(atoms) else len(field.text)
        yield _with_unit(field, atom, limit)


_UNIT_GAP = re.compile(
    r"[\s/()（）*`~\[\]|-]{0,3}(?:每|for every|for each|per|за каждый|за|the|a|por cada|por|pro|par|/)?[\s/]{0,2}"
)


def _with_unit(field: Field, atom: Atom, limit: int) -> Atom:
    for hit in field.hits_between(atom.end, min(limit + 1, atom.end + 16)):
        if _UNIT_GAP.fullmatch(field.text, atom.end, hit[0]) is None:
            return atom
        per = _bought(field, atom, hit)
        return atom._replace(per=per, end=hit[1]) if per else atom
    return atom


def _bought(field: Field, atom: Atom, hit: Hit) -> str:
    """What the money before the word buys, the empty string where the word does not say it."""
    unit, period, currency = hit[2].roles.get("unit"), hit[2].roles.get("period"), hit[2].roles.get("currency")
    if currency is not None and currency.value in ("USD", "DAO"):
        return "dollar" if _buys_dollars(field, atom, hit) else ""
    if unit is not None and unit.concept in ("mtok", "ktok", "calls", "images", "pieces", "credit"):
        return unit.concept
    if "price_word.each" in hit[2].concepts:
        return "pieces"
    if unit is not None and unit.concept in ("input", "output", "cache_read", "cache_write"):
        return ""
    if period is not None and period.value != "0" and not period.text.endswith("卡"):
        return f"period:{period.value}"
    return ""


def _buys_dollars(field: Field, atom: Atom, hit: Hit) -> bool:
    """`0.5元/刀`: money for each dollar of credit, and not a second sign of the same amount."""
    counted = field.text[hit[1] : hit[1] + 2].strip()[:1].isdigit()
    said = field.text[atom.end : hit[0]].strip(" *`~")
    return bool(said) and not counted and not (atom.currency == "USD" and len(said) < 3)
