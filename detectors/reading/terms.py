"""For how long and for how many: the term of a plan (never the guarantee's), and the seats of a shared account."""

import re
from collections.abc import Iterator
from decimal import Decimal

from detectors.reading.passage import Passage

LONGEST_DAYS = 365 * 10
_WARRANTY = "price_word.warranty"
_SHARED = "kind.shared_seat"
# How many share, in collective words of one language each, as texts are folded.
_COLLECTIVE: dict[str, int] = {
    word: number
    for number, words in {
        2: "двоих вдвоем berdua",
        3: "троих втроем bertiga",
        4: "четверых вчетвером berempat",
        5: "пятерых впятером berlima",
        6: "шестерых вшестером berenam",
        7: "семерых bertujuh",
        8: "восьмерых berdelapan",
    }.items()
    for word in words.split()
}
_IN_COLLECTIVES = ("воих", "роих", "ерых", "воем", "роем", "ером", "ber")
_TOGETHER = re.compile(rf"\b(?:{'|'.join(_COLLECTIVE)})\b")
_NUMERALS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_OF_US = re.compile(rf"\b(?P<count>{'|'.join(_NUMERALS)}|[2-9]) of us\b")
_ONE_OF = re.compile(
    r"\b(?:1|one|один|одно|одна|um|uma|un|una|mot) (?:of|out of|из|de|do|trong) "
    r"(?:the )?(?P<count>[2-9]|1\d)\b(?![.,%]\d| ?[%$€£¥₽])"
    r"|\b1/(?P<slots>[2-9])\b(?=[^\n]{0,12}(?:slot|seat|мест|vaga))"
)
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
    meaning = passage.field.meaning_at(start)
    short = meaning is not None and meaning.roles["period"].concept in ("hour", "day", "week")
    return not short and not text.startswith(("每", "周额", "月租"))


def seats(passage: Passage, start: int, end: int) -> int | None:
    """How many share the account (`3人车`, `5 users`), None where it is not said."""
    for index in passage.atoms_in(start, end):
        atom = passage.atoms[index]
        if atom.kind == "seats" and 2 <= atom.value <= 100 and atom.value == atom.value.to_integral_value():
            return int(atom.value)
    return _seats_in_words(passage, start, end)


def _seats_in_words(passage: Passage, start: int, end: int) -> int | None:
    """Seats that no unit follows: `на пятерых`, `five of us`, `berlima`, and beside a word of sharing `1 of 5`."""
    text = passage.field.text
    near = text[start:end]
    together = _TOGETHER.search(near) if any(part in near for part in _IN_COLLECTIVES) else None
    if together is not None:
        return _COLLECTIVE[together.group()]
    of_us = _OF_US.search(near) if " of us" in near else None
    if of_us is not None:
        return _NUMERALS.get(of_us["count"]) or int(of_us["count"])
    one_of = _ONE_OF.search(text, start, end) if passage.has(start, end, _SHARED) else None
    return int(one_of["count"] or one_of["slots"]) if one_of is not None else None
