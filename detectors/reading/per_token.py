"""Prices by the token: `¥1 / ¥6（输入 / 输出）每百万`, `$3 in, $15 out per 1M`, `0.002$ / 1K`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from detectors.reading.atoms import Atom
from detectors.reading.passage import Passage
from domain.offer import Unit

DIRECTIONS = {
    "unit.input": Unit.PER_MTOK_IN,
    "unit.output": Unit.PER_MTOK_OUT,
    "unit.cache_read": Unit.PER_MTOK_CACHE_READ,
    "unit.cache_write": Unit.PER_MTOK_CACHE_WRITE,
}
IN_ORDER = "directions not said: the first price taken as input, the second as output"
_BETWEEN = re.compile(r"[\s/|,，、;()（）进出入:：·*-]{0,8}")
_FAR = 60


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """The price of a million tokens in one direction."""

    start: int
    end: int
    price: Decimal
    currency: str
    unit: Unit
    index: int
    at_least: bool = False
    assumptions: tuple[str, ...] = ()


def find_token_prices(passage: Passage) -> list[TokenPrice]:
    """Every price by the token, in order; the atoms used are spent."""
    found: list[TokenPrice] = []
    for group, thousand in _groups(passage):
        found.extend(_directed(passage, group, Decimal(1000) if thousand else Decimal(1)))
        passage.spent.update(group)
    return found


def _groups(passage: Passage) -> Iterator[tuple[list[int], bool]]:
    """Neighbouring amounts that one `per million` (or per thousand) is said of."""
    for hit in passage.field.hits:
        unit = hit[2].roles.get("unit")
        if unit is None or unit.concept not in ("mtok", "ktok"):
            continue
        group = _before(passage, hit[0], hit[1]) or _after(passage, hit[1])
        if group:
            yield group, unit.concept == "ktok"


def _before(passage: Passage, unit_start: int, unit_end: int) -> list[int]:
    """The amounts just before the unit that belong together."""
    begin, _ = passage.line(unit_start)
    group: list[int] = []
    for index in reversed(passage.atoms_in(max(begin, unit_start - _FAR), unit_start)):
        atom = passage.atoms[index]
        if index in passage.spent or atom.kind not in ("money", "plain"):
            break
        reach = passage.atoms[group[0]].start if group else unit_start
        if not (atom.end >= unit_end or _joined(passage, atom.end, reach, bool(group))):
            break
        group.insert(0, index)
        if len(group) == 4:
            break
    while group and passage.atoms[group[0]].kind == "plain":
        group.pop(0)
    return group


def _joined(passage: Passage, start: int, end: int, between_amounts: bool) -> bool:
    """Is what stands between two amounts (or an amount and its unit) only signs and words of direction?"""
    gap_hits = passage.field.hits_between(start, end)
    if passage.in_range(start, end):
        return False
    if any(not (hit[2].concepts & DIRECTIONS.keys() or "unit" in hit[2].roles) for hit in gap_hits):
        return end - start <= 4
    covered = sum(hit[1] - hit[0] for hit in gap_hits)
    return end - start - covered <= (12 if between_amounts else 10)


def _after(passage: Passage, unit_end: int) -> list[int]:
    """The amounts after a unit that stands before them (`за 1 млн токенов: ввод 300 ₽, вывод 1500 ₽`)."""
    _, finish = passage.line(unit_end)
    group: list[int] = []
    reach = unit_end
    for index in passage.atoms_in(unit_end, min(finish, unit_end + _FAR)):
        atom = passage.atoms[index]
        if index in passage.spent or atom.kind != "money" or atom.per not in ("", "mtok", "ktok"):
            break
        if passage.in_range(reach, atom.start) or atom.start - reach > 24:
            break
        group.append(index)
        reach = atom.end
        if len(group) == 4:
            break
    return group


def _directed(passage: Passage, group: list[int], factor: Decimal) -> Iterator[TokenPrice]:
    """Each amount of the group with its direction."""
    atoms = [passage.atoms[index] for index in group]
    currency = next((atom.currency for atom in atoms if atom.currency), "")
    if not currency:
        return
    units = _directions(passage, atoms)
    for index, atom, (unit, assumed) in zip(group, atoms, units, strict=True):
        yield TokenPrice(
            atom.start,
            atom.end,
            atom.value * factor,
            atom.currency or currency,
            unit,
            index,
            atom.key == "from" or passage.has(atom.start - 10, atom.start, "price_word.from"),
            assumed,
        )


def _directions(passage: Passage, atoms: list[Atom]) -> list[tuple[Unit, tuple[str, ...]]]:
    """The direction of each amount: by the word that touches it, else by words in the same order, else in and out."""
    own = [_own_direction(passage, atoms, position) for position in range(len(atoms))]
    if all(unit is not None for unit in own):
        return [(unit, ()) for unit in own if unit is not None]
    begin, _ = passage.line(atoms[0].start)
    around = passage.field.hits_between(max(begin, atoms[0].start - 24), atoms[-1].end + 24)
    named = [DIRECTIONS[concept] for hit in around for concept in sorted(hit[2].concepts) if concept in DIRECTIONS]
    if len(named) == len(atoms):
        return [(unit, ()) for unit in named]
    if len(atoms) == 2 and atoms[0].value < atoms[1].value <= atoms[0].value * 10:
        return [(Unit.PER_MTOK_IN, (IN_ORDER,)), (Unit.PER_MTOK_OUT, (IN_ORDER,))]
    return [(unit or Unit.PER_MTOK, ()) for unit in own]


def _own_direction(passage: Passage, atoms: list[Atom], position: int) -> Unit | None:
    atom = atoms[position]
    limit = atoms[position + 1].start if position + 1 < len(atoms) else atom.end + 14
    floor = atoms[position - 1].end if position else max(0, atom.start - 24)
    following = passage.field.hits_between(atom.number_end, limit)
    preceding = passage.field.hits_between(floor, atom.start)
    for hit in reversed(preceding):
        unit = next((DIRECTIONS[concept] for concept in hit[2].concepts if concept in DIRECTIONS), None)
        if unit is not None and atom.start - hit[1] <= 14:
            tight = next((other for other in following if other[2].concepts & DIRECTIONS.keys()), None)
            if tight is None or tight[0] - atom.end > 3 or position == 0:
                return unit
    for hit in following:
        unit = next((DIRECTIONS[concept] for concept in hit[2].concepts if concept in DIRECTIONS), None)
        if unit is not None and hit[0] - atom.number_end <= 14:
            return unit
    return None
