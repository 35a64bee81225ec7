"""Numbers in a field: their digits as written, ranges, Chinese numerals; and what a written amount is worth.

`1.299,99` and `450.000` and `2 400` mean different things by currency, so an amount is worked out only once its
currency is known.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from detectors.reading.field import Field, Range
from detectors.reading.lexicon.words import LETTERS

MOST_NUMBERS = 1500

_NUMBER = re.compile(r"[0-9](?:\d{0,2}(?:_\d{3}){1,4}|\d{0,14}(?:[.,]\d{1,9}){0,5})")
_GROUP = re.compile(r"\d{3}(?:[.,]\d{1,2})?")
_RANGE = re.compile(r"\s{0,2}(?:-|~|至|到|to|до|den|hasta|ate|bis|تا|الی|sampai)\s{0,2}(?=\d)")
_CHINESE = re.compile(
    r"[零一二两双三四五六七八九十百][零一二两双三四五六七八九十百]{0,3}(?:点[零一二三四五六七八九]{1,2})?(?=个月|个自然月|年|周|天|月|季|人|折|割|倍|刀|元|块|毛|万|千|美|个|积分)"
)
_FRACTION = re.compile(r"(?P<below>[二三四五六七八九十]|\d{1,3})分之(?P<above>[一二两三四五六七八九]|\d{1,2})")
# Small numbers in words, as texts are folded (no accents); read only where a term or people stand after them.
_NUMERALS: dict[str, int] = {
    word: number
    for number, words in {
        1: "one один одну одно одного um uma uno una mot satu bir ein eine un",
        2: "two два две двух dois duas dos deux hai dua iki zwei دو दो",
        3: "three три трех tres trois ba tiga uc drei سه ثلاث तीन три",
        4: "four четыре четырех quatro cuatro quatre bon empat dort vier چهار اربع",
        5: "five пять пяти cinco cinq nam lima bes funf پنج خمس पांच",
        6: "six шесть шести seis sau enam alti sechs",
        7: "seven семь семи sete siete sept bay tujuh yedi sieben",
        8: "eight восемь восьми oito ocho huit tam delapan sekiz acht",
        9: "nine девять девяти nove nueve neuf chin sembilan dokuz neun",
        10: "ten десять десяти dez diez dix muoi sepuluh zehn ده عشر दस",
        12: "twelve двенадцать двенадцати doze doce douze zwolf",
    }.items()
    for word in words.split()
}
LONGEST_NUMERAL = 2 + max(map(len, _NUMERALS))
# Days, years of making, versions of software: never prices. Looked for only where a number begins.
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"{_YEAR}\s?[-/.年]\s?\d{{1,2}}(?:\s?[-/.月]\s?\d{{1,2}}日?)?(?!\d)"
    rf"|{_YEAR}(?:--?|~){_YEAR}年?|{_YEAR}年|\d{{2}}-\d{{2}}年"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR}"
    r"|\d{1,2}月(?:\d{1,2}|份)"
    r"|\d{1,2}\.\d{1,2}(?:上午|下午|晚|早|凌晨|号|新|日|更新|pp渠道)"
    r"|\d{1,2}[*x/]\d{1,2}(?:h|小时)|24/7|7\s?x\s?24"
)
_DATED = frozenset("-/.年月:*x~ ")
# `1tr5` is one and a half million in Vietnamese.
_HALF_MILLION = re.compile(r"tr(?P<half>\d{1,3})(?![\d.,])")
_OPEN = frozenset(" ([{:,/=¥$€₽₹￥(\"'\n")
_TIME = re.compile(r"\d{1,2}:[0-5]\d(?::[0-5]\d)?(?!\d)")
_DIGITS_OF = {"零": 0, "一": 1, "二": 2, "两": 2, "双": 2} | dict(zip("三四五六七八九", range(3, 10), strict=True))

# Currencies whose prices are written with dots between thousands, and hardly ever with a fraction of three digits.
_DOT_GROUPS = frozenset({"VND", "IDR", "COP", "ARS", "CLP", "BRL", "TRY", "EUR", "PYG"})


class Number(NamedTuple):
    """Digits in the text; `upper` are those of a range's other end. `end` is after the range."""

    start: int
    end: int
    digits: str
    upper: str | None = None


def find_numbers(field: Field, taken: list[Range], ranges: list[Range]) -> list[Number]:
    """The numbers within the ranges, in order, without those inside words, names, addresses (`taken`) and dates."""
    plain = _plain(field, taken, ranges)
    written = list(_worded(field, ranges))
    if not field.text.isascii():
        written.extend(islice(_chinese(field, ranges), MOST_NUMBERS))
    if written:
        plain = sorted(plain + written)
    if len(plain) < 2:
        return plain
    return _joined(field, plain)


def _joined(field: Field, plain: list[Number]) -> list[Number]:
    """The numbers, with ranges (`2-3`, `от 500 до 900`) and groups of thousands after spaces as one."""
    text = field.text
    joined: list[Number] = []
    index = 0
    while index < len(plain):
        number = plain[index]
        index += 1
        if index < len(plain) and plain[index].start - number.end == 1 and text[number.end] == " ":
            number, index = _with_groups(field, plain, index - 1)
        if index < len(plain) and plain[index].start - number.end <= 6:
            following = plain[index]
            link = _RANGE.match(text, number.end)
            if link is not None and link.end() == following.start:
                number = Number(number.start, following.end, number.digits, following.digits)
                index += 1
        joined.append(number)
    return joined


def _with_groups(field: Field, plain: list[Number], index: int) -> tuple[Number, int]:
    """The number, joined with groups of three digits after spaces (`2 400 ₽`), and the index after its last part."""
    first, last = plain[index], index
    if len(first.digits) > 3 or not first.digits.isdigit():
        return first, index + 1
    while last + 1 < len(plain):
        group = plain[last + 1]
        if group.start - plain[last].end != 1 or field.text[group.start - 1] != " ":
            break
        if (last > index and not plain[last].digits.isdigit()) or _GROUP.fullmatch(group.digits) is None:
            break
        last += 1
    unit = field.right_of(plain[last].end) if last > index else None
    if unit is None or unit[2].roles.keys().isdisjoint(("currency", "unit")):
        return first, index + 1
    return Number(first.start, plain[last].end, "".join(part.digits for part in plain[index : last + 1])), last + 1


def _plain(field: Field, closed: list[Range], ranges: list[Range]) -> list[Number]:
    text = field.text
    found: list[Number] = []
    next_closed = dated = 0
    for begin, finish in ranges:
        for match in _NUMBER.finditer(text, begin, finish):
            start, end = match.span()
            while next_closed < len(closed) and closed[next_closed][1] <= start:
                next_closed += 1
            if start < dated or (next_closed < len(closed) and closed[next_closed][0] <= start):
                continue
            if field.covered(start):
                continue
            digits = match.group()
            if text[end : end + 1] in _DATED or "." in digits:
                date = _DATE.match(text, start) or _time(field, start)
                if date is not None:
                    dated = date.end()
                    continue
            if start and text[start - 1] not in _OPEN and _glued(field, start, end):
                continue
            # Only a comma or a `tr` behind it can make more than one number of it, and few have either.
            plain = "," not in digits and not text.startswith("tr", end)
            found.extend((Number(start, end, digits),) if plain else _apart(text, start, digits))
            if len(found) >= MOST_NUMBERS:
                return found
    return found


def _apart(text: str, start: int, digits: str) -> Iterator[Number]:
    """The number (`1tr5` with its half), or the several that a comma of prose stands between (`0.12，0.12换一刀`)."""
    end = start + len(digits)
    half = _HALF_MILLION.match(text, end) if text.startswith("tr", end) else None
    if half is not None or "," not in digits or amount(digits) is not None:
        yield Number(start, end, f"{digits}.{half['half']}" if half is not None else digits)
        return
    for part in digits.split(","):
        if part:
            yield Number(start, start + len(part), part)
        start += len(part) + 1


def _glued(field: Field, start: int, end: int) -> bool:
    """Is the number part of a name: after a letter that is no word, or in `claude-pro-1m`?"""
    text = field.text
    before = text[start - 1]
    if before == "r" and start > 2 and text[start - 2] == "t" and text[start - 3].isdigit():
        return True
    if before == "-":
        return start > 1 and text[start - 2] in LETTERS and text[end : end + 1] != "%"
    return (before in LETTERS or before in "_#@") and field.left_of(start, skip="") is None


def _time(field: Field, start: int) -> re.Match[str] | None:
    """The time of day at the place, where it is not the rate of a recharge (`充值 1:10`)."""
    time = _TIME.match(field.text, start)
    if time is None or field.has_between(max(0, start - 12), start, "relation.recharge"):
        return None
    return time


def _chinese(field: Field, ranges: list[Range]) -> Iterator[Number]:
    for match in (match for begin, finish in ranges for match in _CHINESE.finditer(field.text, begin, finish)):
        if not field.covered(match.start()):
            yield Number(match.start(), match.end(), _digits(match.group()))


def _worded(field: Field, ranges: list[Range]) -> Iterator[Number]:
    """Numbers written out before a term or before people (`three months`, `four seats`, `tiga bulan`)."""
    text = field.text
    for start, _, _ in field.hits_within(ranges, "period", "unit.people", "relation.times", "relation.times_cheaper"):
        if start == 0 or text[start - 1] not in " -":
            continue
        word = text[max(0, start - LONGEST_NUMERAL) : start - 1].rpartition(" ")[2].lstrip("([*_-/,;:+")
        number = _NUMERALS.get(word)
        if number is not None and not field.covered(start - 1 - len(word)):
            yield Number(start - 1 - len(word), start - 1, str(number))


def _digits(numeral: str) -> str:
    """`十二` is 12, `两百` 200, `八五` (as in 八五折) is 85."""
    if "点" in numeral:
        whole, _, fraction = numeral.partition("点")
        return f"{_digits(whole)}.{_digits(fraction)}"
    if "百" in numeral:
        return str(_DIGITS_OF.get(numeral[0], 1) * 100)
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return str((_DIGITS_OF.get(tens, 1) if tens else 1) * 10 + (_DIGITS_OF.get(ones, 0) if ones else 0))
    return "".join(str(_DIGITS_OF.get(digit, 0)) for digit in numeral)


def find_fractions(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Fractions written in Chinese (`十分之一`): place, end, value."""
    for match in _FRACTION.finditer(text):
        above, below = match["above"], match["below"]
        top = int(above) if above.isdigit() else _DIGITS_OF[above]
        bottom = int(below) if below.isdigit() else 10 if below == "十" else _DIGITS_OF[below]
        if bottom > top > 0:
            yield match.start(), match.end(), Decimal(top) / Decimal(bottom)


@lru_cache(maxsize=8192)
def amount(digits: str, currency: str = "") -> Decimal | None:
    """What the digits are worth in that currency; None where they are no amount (a version, an address)."""
    compact = digits.replace(" ", "").replace("_", "")
    dots, commas = compact.count("."), compact.count(",")
    if dots and commas:
        decimal_mark = max(".", ",", key=compact.rindex)
        whole, _, fraction = compact.rpartition(decimal_mark)
        if not _grouped(whole, "," if decimal_mark == "." else "."):
            return None
        return Decimal(f"{whole.replace('.', '').replace(',', '')}.{fraction}")
    mark = "." if dots else ","
    if dots + commas == 0:
        return Decimal(compact)
    if dots + commas > 1:
        return Decimal(compact.replace(mark, "")) if _grouped(compact, mark) else None
    whole, _, fraction = compact.partition(mark)
    if len(fraction) == 3 and whole != "0" and len(whole) <= 3 and (mark == "," or currency in _DOT_GROUPS):
        return Decimal(whole + fraction)
    return Decimal(f"{whole}.{fraction}")


def _grouped(digits: str, mark: str) -> bool:
    """Are the groups between the marks of three digits each, the first of one to three?"""
    first, *rest = digits.split(mark)
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in rest)
