"""How much of a text is read closely: all of a short one, of a long one the blocks where something is priced.

Close reading looks around every number. A page of a megabyte would take seconds of it, and a page made to be slow far
more, so a long text is cut into blocks and the ones that name a product beside an amount are read, up to a budget.
Words are looked for everywhere all the same.
"""

from bisect import bisect_right
from collections.abc import Iterator

from detectors.reading.field import Field, Range

SHORT = 24_000
"""Texts up to this many characters are read closely from end to end."""

BLOCK = 2_000
BUDGET = 48_000
LAST = 1 << 60
_AMOUNTS = frozenset({"currency", "relation", "unit"})
_OFFERS = frozenset({"sale", "kind", "delivery", "price_word", "risk"})


def close_ranges(field: Field) -> list[Range]:
    """The places to read closely, in order, without overlaps."""
    length = len(field.text)
    if length <= SHORT:
        return [(0, length)]
    scored = sorted(_scored_blocks(field), key=lambda block: -block[0])
    chosen: list[Range] = []
    spent = 0
    for score, start, end in scored:
        if score == 0 or spent >= BUDGET:
            break
        chosen.append((start, end))
        spent += end - start
    return sorted(chosen)


def _scored_blocks(field: Field) -> Iterator[tuple[int, int, int]]:
    """Each block with how much speaks for an offer in it: a product, an amount, words of sale."""
    start, length, meanings = 0, len(field.text), field.words.meanings
    while start < length:
        end = field.text.find("\n", start + BLOCK, start + 2 * BLOCK)
        end = min(length, start + 2 * BLOCK) if end < 0 else end + 1
        roles: set[str] = set()
        for index in field.between(start, end)[:400]:
            roles.update(meanings[index].roles)
        product = bool(roles & {"product", "plan", "tier"})
        amount = bool(roles & _AMOUNTS)
        yield (4 * product + 2 * amount + len(roles & _OFFERS) if product and amount else 0), start, end
        start = end


def covers(ranges: list[Range], place: int) -> bool:
    """Is the place in one of the ranges?"""
    index = bisect_right(ranges, (place, LAST)) - 1
    return index >= 0 and place < ranges[index][1]
