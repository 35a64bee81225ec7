"""Shares of the official price as sellers put them: `35 折`, `90% off`, `7% of official`, `1/3`, half, `в 2 раза`."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from detectors.reading.atoms import Atom
from detectors.reading.numbers import find_fractions
from detectors.reading.passage import Passage

OFF = "relation.off"
OFFICIAL = "price_word.official"
_PARTS = ("relation.half", "relation.third", "relation.quarter_of", "relation.fifth", "relation.tenth_of")
_STRICT_PARTS = (
    "relation.half_of", "relation.third_of", "relation.quarter_part", "relation.fifth_part", "relation.tenth_part",
)  # fmt: skip
_CLAIMED = frozenset({"zhe", "wari", "percent", "times_cheaper", "times", "multiplier", "cents"})
_NOT_OURS = ("price_word.topup", "price_word.commission")
MOST_TIMES = 100
_NEAR = 14
_FAR = 30
_LEFT = 44
_CLAUSE = re.compile(r"[,.;:!?]\s|[。、\n|]|[,;](?!\d)")
_LINK = re.compile(r"[,;/、]|\b(?:and|и|y|e|et|und|ve|dan|và)\b|和")
_PROVIDER = re.compile(r"anthropic|openai|google|x\.?ai\b")
_SLASH = re.compile(r"\s{0,2}[/／、]\s{0,2}")


class Claim(NamedTuple):
    """A share of the official price that the text states, from `low` (the best case) to `high`.

    `official` says that the text names the official price beside it; `indexes` are the atoms it was read from.
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    at_least: bool
    official: bool
    indexes: tuple[int, ...] = ()


def find_claims(passage: Passage) -> list[Claim]:
    """Every claim of the passage, in order."""
    claims: list[Claim] = []
    for index, atom in enumerate(passage.atoms):
        if atom.kind not in _CLAIMED:
            continue
        claim = _of_atom(passage, index, atom) or _as_before(passage, index, atom, claims)
        if claim is not None:
            claims.extend(_with_series(passage, index, claim))
    claims.extend(_in_words(passage))
    claims.extend(_tiers_cheaper(passage))
    claims.extend(_fractions(passage))
    claims.sort(key=lambda claim: claim.start)
    return [claim for claim in claims if 0 < claim.low < 1 and not _excluded(passage, claim)]


def _of_atom(passage: Passage, index: int, atom: Atom) -> Claim | None:
    if index in passage.spent:
        return None
    if atom.kind == "zhe":
        return _claim(passage, atom, index, _zhe(atom.value), _zhe(atom.upper) if atom.upper is not None else None)
    if atom.kind == "wari" and atom.value < 10:
        return _claim(passage, atom, index, 1 - atom.value / 10, None)
    if atom.kind == "percent" and atom.value < 100:
        return _percent(passage, atom, index)
    if atom.kind == "cents" and atom.value < 100:
        return _claim(passage, atom, index, atom.value / 100, None)
    if atom.kind == "times_cheaper" and atom.value > 1:
        return _claim(passage, atom, index, 1 / atom.value, None)
    if atom.kind in ("times", "multiplier") and 1 < atom.value <= MOST_TIMES and _times_less(passage, atom):
        return _claim(passage, atom, index, 1 / atom.value, None)
    return None


def _times_less(passage: Passage, atom: Atom) -> bool:
    """Do the times say how much cheaper it is (`4 veces más barata`, `rẻ hơn 3 lần`, `4x cheaper`)?"""
    if passage.has(atom.end, atom.end + 3, OFF):
        return True
    if atom.kind == "multiplier":
        return False
    left, _ = _clause(passage, atom.start, atom.end)
    return passage.has(max(left, atom.start - _FAR), atom.start, OFF)


def _as_before(passage: Passage, index: int, atom: Atom, claims: list[Claim]) -> Claim | None:
    """`Claude at 40% of list, GPT at 15%`: the second percentage means what the first did, of another product."""
    if atom.kind != "percent" or atom.value >= 100 or not claims or index in passage.spent:
        return None
    last = claims[-1]
    told = len(last.indexes) == 1 and passage.atoms[last.indexes[0]].kind == "percent"
    begin, _ = passage.sentence(atom.start)
    if not told or last.start < begin or atom.start - last.end > 40 or not passage.in_range(last.end, atom.start):
        return None
    if len(passage.atoms_in(last.end, atom.start)) or _LINK.search(passage.field.text, last.end, atom.start) is None:
        return None
    paid = last.low == passage.atoms[last.indexes[0]].value / 100
    share = atom.value / 100 if paid else 1 - atom.value / 100
    return last._replace(start=atom.start, end=atom.end, low=share, high=share, indexes=(index,))


def _with_series(passage: Passage, index: int, claim: Claim) -> Iterator[Claim]:
    """The claim, after those of the bare numbers listed before it (`4.2 / 0.3 / 1.1 折`)."""
    atoms, text = passage.atoms, passage.field.text
    first = index
    while (
        first > 0
        and atoms[first - 1].kind == "plain"
        and _SLASH.fullmatch(text, atoms[first - 1].end, atoms[first].start)
    ):
        first -= 1
    for earlier in range(first, index):
        atom = atoms[earlier]
        if atoms[index].kind == "zhe":
            share = _zhe(atom.value)
        elif atoms[index].kind == "percent":
            share = atom.value / 100 if claim.low == atoms[index].value / 100 else 1 - atom.value / 100
        else:
            continue
        yield claim._replace(start=atom.start, end=atom.end, low=share, high=share, indexes=(earlier,))
    yield claim


def _zhe(value: Decimal) -> Decimal:
    """折 of one digit (with decimals) counts tenths, of two digits hundredths."""
    return value / 10 if value < 10 else value / 100


def _claim(passage: Passage, atom: Atom, index: int, one: Decimal, other: Decimal | None) -> Claim:
    low, high = (one, one) if other is None else (min(one, other), max(one, other))
    from_word = (
        atom.key == "from"
        or passage.has(atom.start - 8, atom.start, "price_word.from")
        or passage.has(atom.end, atom.end + 4, "price_word.from")
    )
    official = passage.has(atom.start - _FAR, atom.end + _FAR, OFFICIAL)
    return Claim(atom.start, atom.end, low, high, from_word, official, (index,))


def _percent(passage: Passage, atom: Atom, index: int) -> Claim | None:
    """A percentage is taken off, or is what is paid, by the words nearest to it in its clause."""
    start, end = _series_bounds(passage, index)
    left, right = _clause(passage, start, end)
    text = passage.field.text
    minus = (
        text[max(0, atom.start - 1) : atom.start] == "-" and not text[max(0, atom.start - 2) : atom.start - 1].isdigit()
    )
    off_right = passage.has(end, min(right, end + _NEAR), OFF)
    off_left = passage.has(max(left, start - _LEFT), start, OFF)
    off_right = off_right or passage.head_has(atom.start, OFF)
    off_right = off_right or passage.has(end, min(right, end + _NEAR), "relation.below")
    off_right = off_right or passage.has(max(left, start - _FAR), min(right, end + _NEAR), "relation.compared")
    of_right = _official(passage, end, min(right, end + _FAR))
    of_left = _official(passage, max(left, start - _FAR), start) or passage.head_has(atom.start, OFFICIAL)
    if off_right or off_left or minus:
        if not (of_right or of_left or _about_products(passage, atom)):
            return None
        low = 1 - (atom.upper if atom.upper is not None else atom.value) / 100
        return _claim(passage, atom, index, low, 1 - atom.value / 100 if atom.upper is not None else None)
    if of_right or of_left:
        upper = atom.upper / 100 if atom.upper is not None else None
        return _claim(passage, atom, index, atom.value / 100, upper)
    return None


def _official(passage: Passage, start: int, end: int) -> bool:
    """Is the official price spoken of: by that name, as the original one, or as the provider's?"""
    if passage.has(start, end, OFFICIAL, "price_word.old"):
        return True
    return (
        passage.has(start, end, "price_word.price")
        and _PROVIDER.search(passage.field.text, start, end + 12) is not None
    )


def _about_products(passage: Passage, atom: Atom) -> bool:
    """Does the sentence, or the line before it, name something the discount can be on?"""
    begin, finish = passage.sentence(atom.start)
    return bool(passage.in_range(max(0, begin - 300), finish))


def _series_bounds(passage: Passage, index: int) -> tuple[int, int]:
    """Where the series of like numbers (`38% / 2% / 9%`) around the atom begins and ends."""
    atoms, text = passage.atoms, passage.field.text
    first = last = index
    while (
        first > 0
        and atoms[first - 1].kind in (atoms[index].kind, "plain")
        and _SLASH.fullmatch(text, atoms[first - 1].end, atoms[first].start)
    ):
        first -= 1
    while (
        last + 1 < len(atoms)
        and atoms[last + 1].kind == atoms[index].kind
        and _SLASH.fullmatch(text, atoms[last].end, atoms[last + 1].start)
    ):
        last += 1
    return atoms[first].start, atoms[last].end


def _clause(passage: Passage, start: int, end: int) -> tuple[int, int]:
    text = passage.field.text
    begin, finish = passage.sentence(start)
    stop = _CLAUSE.search(text, end, finish)
    left = begin
    for match in _CLAUSE.finditer(text, max(begin, start - 60), start):
        left = match.end()
    return left, stop.start() if stop is not None else finish


def _in_words(passage: Passage) -> Iterator[Claim]:
    """Half, a third, a tenth of the price, in words of the lexicon."""
    if not passage.has(0, len(passage.field.text), "relation"):
        return
    for hit in passage.field.hits_of(*_PARTS, *_STRICT_PARTS):
        named = {f"relation.{word.concept}": word for word in hit[2].words}
        word = next(named[part] for part in (*_PARTS, *_STRICT_PARTS) if part in named)
        official = passage.has(hit[0] - _FAR, hit[1] + _FAR, OFFICIAL)
        if not official and named.keys().isdisjoint(_PARTS):
            continue
        begin, finish = passage.sentence(hit[0])
        if not (official or passage.in_range(max(0, begin - 200), finish + 200)):
            continue
        share = Decimal(word.value)
        yield Claim(hit[0], hit[1], share, share, False, official)


def _tiers_cheaper(passage: Passage) -> Iterator[Claim]:
    """`5x cheaper`, whose `5x` is the name of a plan elsewhere."""
    for hit in passage.field.hits_of("tier.5x", "tier.20x"):
        if passage.has(hit[1], hit[1] + 3, OFF):
            share = 1 / Decimal(hit[2].roles["tier"].value.removesuffix("x"))
            official = passage.has(hit[0] - _FAR, hit[1] + _FAR, OFFICIAL)
            yield Claim(hit[0], hit[1], share, share, False, official)


def _fractions(passage: Passage) -> Iterator[Claim]:
    text = passage.field.text
    if "分之" in text:
        for start, end, share in find_fractions(text):
            if _official(passage, start - _FAR, end + _FAR):
                yield Claim(start, end, share, share, False, True)
    for index in range(len(passage.atoms) - 1 if "/" in text else 0):
        above, below = passage.atoms[index], passage.atoms[index + 1]
        if (
            above.kind == below.kind == "plain"
            and text[above.end : below.start] == "/"
            and 0 < above.value < below.value <= 100
            and above.value == above.value.to_integral_value()
            and _official(passage, above.start - _FAR, below.end + _FAR)
        ):
            share = above.value / below.value
            yield Claim(above.start, below.end, share, share, False, True, (index, index + 1))


def _excluded(passage: Passage, claim: Claim) -> bool:
    """Is it a discount on topping up, or a share paid to whoever brings buyers, instead of one on the price?"""
    left, right = _clause(passage, claim.start, claim.end)
    if passage.has(max(left, claim.start - 24), min(right, claim.end + 24), *_NOT_OURS):
        return True
    begin, _ = passage.sentence(claim.start)
    plain = not claim.official and not passage.in_range(left, right)
    return plain and passage.has(max(begin, claim.start - 48), claim.start, *_NOT_OURS)
