"""Prices by the token: `¥1 / ¥6（输入 / 输出）每百万`, `$3 in, $15 out per 1M`, `0.002$ / 1K`."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from detectors.reading.atoms import Atom
from detectors.reading.passage import Passage
from domain.offer import Unit
from rates.catalogue import ProductKind

DIRECTIONS = {
    "unit.input": Unit.PER_MTOK_IN,
    "unit.output": Unit.PER_MTOK_OUT,
    "unit.cache_read": Unit.PER_MTOK_CACHE_READ,
    "unit.cache_write": Unit.PER_MTOK_CACHE_WRITE,
}
IN_ORDER = "directions not said: the first price taken as input, the second as output"
PER_MILLION = "taken as the price of a million tokens, as price lists give it"
_IN_OR_OUT = re.compile(r"\b(?:in|out)\b")
_FAR = 60
_REACH = 18


class TokenPrice(NamedTuple):
    """The price of a million tokens in one direction."""

    start: int
    end: int
    price: Decimal
    currency: str
    unit: Unit
    atom_index: int
    at_least: bool = False
    assumptions: tuple[str, ...] = ()


def find_token_prices(passage: Passage) -> list[TokenPrice]:
    """Every price by the token, in order; the atoms used are spent."""
    if not passage.tables.starts and not passage.field.hits_of("unit.mtok", "unit.ktok"):
        return []
    found = list(_in_tables(passage))
    directions_used: set[int] = set()
    for group, unit_end, thousand in _groups(passage):
        factor = Decimal(1000) if thousand else Decimal(1)
        found.extend(_directed(passage, group, factor, directions_used, unit_end))
        passage.spent.update(group)
    found.extend(_said_once(passage, directions_used))
    found.sort(key=lambda price: price.start)
    return found


def _said_once(passage: Passage, used: set[int]) -> Iterator[TokenPrice]:
    """`Opus 4.8 ¥6 / ¥30, GPT-5.5 ¥0.9 / ¥5.4, all per million tokens`: pairs after models, with the unit said once."""
    for hit in passage.field.hits_of("unit.mtok", "unit.ktok"):
        begin, finish = passage.line(hit[0])
        factor = Decimal(1000) if "unit.ktok" in hit[2].concepts else Decimal(1)
        for index in passage.atoms_in(begin, finish):
            pair = passage.atoms[index : index + 2]
            spent = {index, index + 1} & passage.spent
            if (
                spent
                or len(pair) < 2
                or {atom.kind for atom in pair} != {"money"}
                or pair[0].currency != pair[1].currency
            ):
                continue
            models = passage.in_range(max(begin, pair[0].start - 30), pair[0].start)
            slash = passage.field.text[pair[0].end : pair[1].start].strip() == "/"
            if slash and any(found.kind is ProductKind.MODEL for found in models):
                yield from _directed(passage, [index, index + 1], factor, used)
                passage.spent.update((index, index + 1))


def _in_tables(passage: Passage) -> Iterator[TokenPrice]:
    """Amounts under heads of input and output, in rows that name a model."""
    if not passage.tables.starts:
        return
    for index, atom in enumerate(passage.atoms):
        if index in passage.spent or atom.kind not in ("money", "plain"):
            continue
        unit, currency = _head_direction(passage, atom), atom.currency or _head_currency(passage, atom)
        begin, _ = passage.line(atom.start)
        if (
            unit is None
            or not currency
            or not any(found.kind is ProductKind.MODEL for found in passage.in_range(begin, atom.start))
        ):
            continue
        thousand = atom.per == "ktok" or passage.head_has(atom.start, "unit.ktok")
        said = atom.per in ("mtok", "ktok") or passage.head_has(atom.start, "unit.mtok", "unit.ktok")
        passage.spent.add(index)
        yield TokenPrice(
            atom.start,
            atom.end,
            atom.value * (1000 if thousand else 1),
            currency,
            unit,
            index,
            assumptions=() if said else (PER_MILLION,),
        )


def _head_direction(passage: Passage, atom: Atom) -> Unit | None:
    """Input or output, by the head of the column."""
    for concept, unit in DIRECTIONS.items():
        if passage.head_has(atom.start, concept):
            return unit
    head = passage.tables.head_of(atom.start)
    bare = _IN_OR_OUT.search(passage.field.text, *head) if head is not None else None
    return None if bare is None else Unit.PER_MTOK_IN if bare.group() == "in" else Unit.PER_MTOK_OUT


def _head_currency(passage: Passage, atom: Atom) -> str:
    """The currency that the head of the column names (`输入 ¥/M`)."""
    head = passage.tables.head_of(atom.start)
    for hit in passage.field.hits_between(*head) if head is not None else ():
        word = hit[2].roles.get("currency")
        if word is not None:
            return {"¥": "JPY" if passage.language == "ja" else "CNY", "DAO": "USD"}.get(word.value, word.value)
    text = passage.field.text[slice(*head)] if head is not None else ""
    return "USD" if "$" in text else "CNY" if "¥" in text else ""


def _groups(passage: Passage) -> Iterator[tuple[list[int], int, bool]]:
    """Neighbouring amounts that one `per million` (or per thousand) is said of, and where that ends."""
    for hit in passage.field.hits_of("unit.mtok", "unit.ktok"):
        group = _before(passage, hit[0], hit[1]) or _after(passage, hit[1])
        if group:
            yield group, hit[1], "unit.ktok" in hit[2].concepts


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
        if (group and passage.in_range(reach, atom.start)) or atom.start - reach > 40:
            break
        group.append(index)
        reach = atom.end
        if len(group) == 4:
            break
    return group


def _directed(
    passage: Passage, group: list[int], factor: Decimal, used: set[int], unit_end: int = 0
) -> Iterator[TokenPrice]:
    """Each amount of the group with its direction."""
    atoms = [passage.atoms[index] for index in group]
    currency = next((atom.currency for atom in atoms if atom.currency), "")
    if not currency:
        return
    units = _directions(passage, atoms, used, unit_end)
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


def in_columns(passage: Passage, prices: list[TokenPrice]) -> list[TokenPrice]:
    """Of undirected prices in the cells of one row, two are input and output; of more nobody can tell."""
    arranged: list[TokenPrice] = []
    row: list[TokenPrice] = []
    for price in prices:
        if row and (price.unit is not Unit.PER_MTOK or not _same_row(passage, row[-1], price)):
            arranged.extend(_row(row))
            row = []
        if price.unit is Unit.PER_MTOK:
            row.append(price)
        else:
            arranged.append(price)
    return [*arranged, *_row(row)]


def _same_row(passage: Passage, one: TokenPrice, other: TokenPrice) -> bool:
    between = passage.field.text[one.end : other.start]
    return "\n" not in between and not passage.in_range(one.end, other.start)


def _row(row: list[TokenPrice]) -> list[TokenPrice]:
    if len(row) == 2 and row[0].price < row[1].price <= row[0].price * 10:
        directions = (Unit.PER_MTOK_IN, Unit.PER_MTOK_OUT)
        return [price._replace(unit=unit, assumptions=(IN_ORDER,)) for price, unit in zip(row, directions, strict=True)]
    return row if len(row) == 1 else []


Direction = tuple[int, Unit]
"""Where a word of direction begins, and what it says."""


def _words(passage: Passage, start: int, end: int, used: set[int]) -> list[Direction]:
    """The words of direction within these places that no other amount has taken."""
    return [
        (hit[0], next(DIRECTIONS[concept] for concept in hit[2].concepts if concept in DIRECTIONS))
        for hit in passage.field.hits_between(max(0, start), end)
        if hit[0] not in used and not DIRECTIONS.keys().isdisjoint(hit[2].concepts)
    ]


def _directions(
    passage: Passage, atoms: list[Atom], used: set[int], unit_end: int
) -> list[tuple[Unit, tuple[str, ...]]]:
    """The direction of each amount: by words in the same order, by the word that touches it, else in and out."""
    begin, finish = passage.line(atoms[0].start)
    before = _words(passage, max(begin, atoms[0].start - _REACH), atoms[0].start, used)
    after = _words(passage, atoms[-1].number_end, min(finish, max(atoms[-1].end, unit_end) + _REACH), used)
    between = _words(passage, atoms[0].number_end, atoms[-1].start, used)
    if len(atoms) > 1 and not between:
        for listed in (before, after):
            if len(listed) == len(atoms):
                used.update(place for place, _ in listed)
                return [(unit, ()) for _, unit in listed]
    own = [_own(passage, atoms, position, bool(before), used) for position in range(len(atoms))]
    if len(atoms) == 2 and own == [None, None] and atoms[0].value < atoms[1].value <= atoms[0].value * 10:
        return [(Unit.PER_MTOK_IN, (IN_ORDER,)), (Unit.PER_MTOK_OUT, (IN_ORDER,))]
    return [(unit or Unit.PER_MTOK, ()) for unit in own]


def _own(passage: Passage, atoms: list[Atom], position: int, named_first: bool, used: set[int]) -> Unit | None:
    """The direction said of one amount: before it where the first of the group has its word before it, else after."""
    atom = atoms[position]
    begin, finish = passage.line(atom.start)
    floor = atoms[position - 1].number_end if position else max(begin, atom.start - _REACH)
    limit = atoms[position + 1].start if position + 1 < len(atoms) else min(finish, atom.end + _REACH)
    before = _words(passage, floor, atom.start, used)
    after = _words(passage, atom.number_end, limit, used)
    chosen = (before[-1:] or after[:1]) if named_first else (after[:1] or before[-1:])
    for place, unit in chosen:
        used.add(place)
        return unit
    return None
