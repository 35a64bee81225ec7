"""Billing multipliers (`0.08倍率`, `0.25×`): of a relay's own dollars, or of the official price itself."""

import re
from decimal import Decimal
from typing import NamedTuple

from detectors.reading.atoms import Atom
from detectors.reading.passage import Passage

_BILLED = ("risk.pooled_accounts", "delivery.group", "relation.multiplier", "risk.reverse_engineered")
_OF_OFFICIAL = re.compile(r"\s?(?:的|of|от|de|des|del|do|dari|von)?\s?(?:the\s)?")
_OF_OFFICIAL_GAP = re.compile(r"[\s的约按:：]{0,3}")
LARGEST = Decimal(30)


class Multiplier(NamedTuple):
    """A multiplier from `low` to `high`. `of_official` says that the text applies it to the official price itself."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    at_least: bool
    of_official: bool
    atom_index: int


def find_multipliers(passage: Passage) -> list[Multiplier]:
    """Every multiplier of the passage, in order; the atoms used are spent."""
    found = []
    for index, atom in enumerate(passage.atoms):
        if index in passage.spent or atom.kind != "multiplier" or not 0 < atom.value <= LARGEST:
            continue
        if not _bills(passage, atom):
            continue
        passage.spent.add(index)
        low = min(atom.value, atom.upper) if atom.upper is not None else atom.value
        high = max(atom.value, atom.upper) if atom.upper is not None else atom.value
        at_least = passage.has(atom.start - 18, atom.start, "price_word.from")
        found.append(Multiplier(atom.start, atom.end, low, high, at_least, _of_official(passage, atom), index))
    return _share_official(found, passage)


def _bills(passage: Passage, atom: Atom) -> bool:
    """Is it a multiplier of the bill? `跑出 30 倍的量` and `5x` of a plan's use are not."""
    text = passage.field.text
    if "倍率" in text[atom.start : atom.end + 3] or "倍率" in text[max(0, atom.start - 8) : atom.start]:
        return True
    if atom.key == "word":
        return True
    fraction = atom.value != atom.value.to_integral_value()
    if fraction and atom.value < 20:
        return True
    begin, finish = passage.sentence(atom.start)
    return atom.value <= 10 and passage.has(max(begin, atom.start - 12), min(finish, atom.end + 8), *_BILLED)


def _of_official(passage: Passage, atom: Atom) -> bool:
    """Does the text apply it to the official price (`按官方 0.03 倍率`, `官方价格的 0.1 倍`)?"""
    text = passage.field.text
    for hit in passage.field.hits_between(max(0, atom.start - 14), atom.start):
        if "price_word.official" in hit[2].concepts and _OF_OFFICIAL_GAP.fullmatch(text, hit[1], atom.start):
            return True
    for hit in passage.field.hits_between(atom.end, atom.end + 14):
        if "price_word.official" in hit[2].concepts and _OF_OFFICIAL.fullmatch(text, atom.end, hit[0]):
            return True
    return False


def _share_official(found: list[Multiplier], passage: Passage) -> list[Multiplier]:
    """`GPT from 0.25× and Claude from 0.7× of the official price`: said once, meant of both."""
    shared: list[Multiplier] = []
    for multiplier in reversed(found):
        after = shared[-1] if shared else None
        joined = (
            after is not None
            and after.of_official
            and passage.sentence(after.start) == passage.sentence(multiplier.start)
        )
        shared.append(multiplier._replace(of_official=True) if joined else multiplier)
    return shared[::-1]


def fold_into_credit(passage: Passage) -> dict[int, Decimal]:
    """`10美元0.1x倍率=100美元额度`: the dollars after the sign already hold the multiplier, which must not count twice.

    From the index of the first amount to the dollars it is worth; the multiplier and the second amount are spent.
    """
    worth: dict[int, Decimal] = {}
    atoms = passage.atoms
    for index in range(len(atoms) - 2):
        first, times, second = atoms[index : index + 3]
        if (
            times.kind != "multiplier"
            or first.kind != "money"
            or second.kind not in ("money", "credit")
            or not times.value
        ):
            continue
        tied = "=" in passage.field.text[times.end : second.start] or passage.has(
            times.end, second.start, "relation.equals"
        )
        if not tied or second.start - first.end > 24:
            continue
        if abs(first.value / times.value - second.value) <= second.value / 20:
            worth[index] = second.value
            passage.spent.update((index + 1, index + 2))
    return worth
