"""Rows of data: `("Super Grok 月卡", 49, "grok")`, `VALUES ('ChatGPT Plus', 50000, ...)`.

Sellers' catalogues leak as code. In a row that names a plan the first bare number after the name is the price, unless
the statement says which column is (`INSERT INTO goods (name, days, price)`).
"""

import re
from collections.abc import Iterator

from detectors.reading.passage import Passage
from detectors.reading.products import Found
from rates.catalogue import ProductKind

MOST_RECORDS = 200

_RECORD = re.compile(r"[(\[]\s{0,3}([^()\[\]]{6,500})[)\]]")
_COLUMNS = re.compile(r"insert into [\w.\"`]{1,60}\s{0,3}\(([^()]{3,400})\)\s{0,3}values?")
_CODE_AFTER = re.compile(r"[\"'\s,)]{0,6}[\"'](usd|eur|cny|rmb|rub|vnd|idr|try|brl|inr|uah|usdt)[\"']")
_STANDS_ALONE = re.compile(r"\s{0,3}[,)\]]")


def find_records(passage: Passage) -> Iterator[tuple[int, Found, str]]:
    """The price of each row that names a plan: the index of its atom, the plan, and the currency that the row names."""
    text = passage.field.text
    if not passage.atoms or not any(found.kind is ProductKind.PLAN for found in passage.products):
        return
    column = _price_column(passage)
    for count, record in enumerate(_RECORD.finditer(text)):
        if count == MOST_RECORDS:
            return
        start, end = record.span(1)
        if "," not in text[start:end]:
            continue
        plan = next((found for found in passage.in_range(start, end) if found.kind is ProductKind.PLAN), None)
        if plan is None:
            continue
        index = _by_column(passage, start, end, column) if column is not None else None
        if index is None:
            index = _first_number(passage, plan.end, end)
        if index is not None:
            code = _CODE_AFTER.match(text, passage.atoms[index].end)
            yield index, plan, {"rmb": "CNY"}.get(code[1], code[1].upper()) if code is not None else ""


def _price_column(passage: Passage) -> int | None:
    """Which column of an INSERT statement holds the price."""
    statement = _COLUMNS.search(passage.field.text)
    if statement is None:
        return None
    place = statement.start(1)
    for number, name in enumerate(statement[1].split(",")):
        if passage.has(place, place + len(name), "price_word.price"):
            return number
        place += len(name) + 1
    return None


def _by_column(passage: Passage, start: int, end: int, column: int) -> int | None:
    """The number in the column, counting the commas that stand outside of quotes."""
    text = passage.field.text
    place, quote, number = start, "", 0
    while place < end and number < column:
        letter = text[place]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == ",":
            number += 1
        place += 1
    if number < column:
        return None
    found = passage.atoms_in(place, min(end, place + 6))
    return found[0] if len(found) and passage.atoms[found[0]].kind in ("plain", "money") else None


def _first_number(passage: Passage, start: int, end: int) -> int | None:
    """The first number after the plan's name that fills a field of its own."""
    text = passage.field.text
    for index in passage.atoms_in(start, end):
        atom = passage.atoms[index]
        before = text[max(start, atom.start - 3) : atom.start].strip(" \n\"'")
        alone = before.endswith(",") and _STANDS_ALONE.match(text, atom.end) is not None
        if atom.kind in ("plain", "money") and alone:
            return index
    return None
