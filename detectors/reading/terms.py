"""For how long and for how many: the term of a plan (never the guarantee's), and the seats of a shared account."""

import re
from collections.abc import Iterator
from decimal import Decimal

from detectors.reading.passage import Passage

LONGEST_DAYS = 365 * 10
_WARRANTY = "price_word.warranty"
_AGE = re.compile(r"\s{0,2}(?:以上|老号|老邮箱|前|注册|内|ago|old|以内|龄|之前)")


def term_days(passage: Passage, start: int, end: int) -> int | None:
    """The term that stands within these places: numbers with units before single words (`月卡`), None without one."""
    for days in _counted(passage, start, end):
        return days
    for hit in passage.field.hits_between(start, end):
        period = hit[2].roles.get("period")
        if period is None or passage.field.text[hit[0] - 1 : hit[0]].isdigit():
            continue
        if not _is_term_word(passage, hit[0], hit[1]) or _measures_amount(passage, hit[0]):
            continue
        days = int(Decimal(period.value))
        if days >= 1 and not _guaranteed(passage, hit[0], hit[1]):
            return days
    return None


def _counted(passage: Passage, start: int, end: int) -> Iterator[int]:
    for index in passage.atoms_in(start, end):
        atom = passage.atoms[index]
        if atom.kind != "term" or not 1 <= atom.value <= LONGEST_DAYS:
            continue
        if _guaranteed(passage, atom.start, atom.end) or _AGE.match(passage.field.text, atom.end):
            continue
        yield _whole_years(atom.value)


def _whole_years(days: Decimal) -> int:
    """Twelve months are a year."""
    months, rest = divmod(days, 30)
    if rest == 0 and months and months % 12 == 0:
        return int(months / 12 * 365)
    return int(days)


def _guaranteed(passage: Passage, start: int, end: int) -> bool:
    """Does a word of guarantee touch the term (`质保30天`, `30天质保`, `гарантия 30 дней`)?"""
    text = passage.field.text
    for hit in passage.field.hits_between(max(0, start - 14), start):
        if _WARRANTY in hit[2].concepts and not any(mark in text[hit[1] : start] for mark in "】])，,|｜"):
            return True
    after = passage.field.right_of(end, " 的", most=1)
    if after is None or _WARRANTY not in after[2].concepts:
        return False
    # `月卡 质保` names a card and then its guarantee; `30天质保` measures the guarantee.
    return text[start] in "0123456789一二三四五六七八九十整"


def _measures_amount(passage: Passage, place: int) -> bool:
    """Does the word belong to an amount (`60刀/天`)?"""
    return any(
        passage.atoms[index].per and passage.atoms[index].end > place
        for index in passage.atoms_in(max(0, place - 24), place)
    )


def _is_term_word(passage: Passage, start: int, end: int) -> bool:
    """`/month` after a price and `每天` before a cap are read with their amounts; a card or an adjective is a term."""
    text = passage.field.text[start:end]
    if "卡" in text:
        return True
    hit = passage.field.inside_hit(start)
    short = hit is not None and hit[2].roles["period"].concept in ("hour", "day", "week")
    return not short and not text.startswith(("每", "周额", "月租"))


def seats(passage: Passage, start: int, end: int) -> int | None:
    """How many share the account (`3人车`, `5 users`), None where it is not said."""
    for index in passage.atoms_in(start, end):
        atom = passage.atoms[index]
        if atom.kind == "seats" and 2 <= atom.value <= 100 and atom.value == atom.value.to_integral_value():
            return int(atom.value)
    return None
