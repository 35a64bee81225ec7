"""Tables in markdown and HTML: what the head of a column says of the numbers under it.

`| 模型 | 官方价 | 本站输入 |`: a number in the second column is the official price, one in the third is for input.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from detectors.reading.field import Field

MOST_ROWS = 400
MOST_CELLS = 24

_ROW = re.compile(r"[^\n]{3,2000}")
_RULE = re.compile(r"[\s|:\-+]{3,400}")
_CELL = re.compile(r"\|")
_HTML_ROW = re.compile(r"<tr[^>]{0,200}>")
_HTML_ROW_END = re.compile(r"</tr>|<tr[^>]{0,200}>|</table>")
_HTML_CELL = re.compile(r"<t[dh][^>]{0,200}>")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tables:
    """Where cells begin, and the head of the column of each."""

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    heads: tuple[Range, ...] = ()

    def head_of(self, place: int) -> Range | None:
        """The head of the column that the place stands under, None outside of tables."""
        index = bisect_right(self.starts, place) - 1
        if index < 0 or place >= self.ends[index]:
            return None
        return self.heads[index]


NO_TABLES = Tables()


def find_tables(field: Field) -> Tables:
    """The cells of every table that has a head row."""
    text = field.text
    cells: list[tuple[int, int, Range]] = []
    if "|" in text and "-|" in text.replace(" ", "").replace(":", "-"):
        cells.extend(_markdown(text))
    if "<tr" in text:
        cells.extend(_html(text))
    cells.sort()
    return Tables(tuple(cell[0] for cell in cells), tuple(cell[1] for cell in cells), tuple(cell[2] for cell in cells))


def _markdown(text: str) -> list[tuple[int, int, Range]]:
    """Rows under a rule of dashes take their heads from the row above it."""
    found: list[tuple[int, int, Range]] = []
    above: list[Range] = []
    heads: list[Range] = []
    rows = 0
    for row in _ROW.finditer(text):
        cells = _cells(text, *row.span())
        if len(cells) < 2:
            above, heads = [], []
            continue
        if _RULE.fullmatch(text, *row.span()) is not None and "-" in row.group():
            heads = above
        elif heads:
            found.extend((start, end, head) for (start, end), head in zip(cells, heads, strict=False))
            rows += 1
        above = cells
        if rows == MOST_ROWS:
            break
    return found


def _cells(text: str, start: int, end: int) -> list[Range]:
    """The places between the bars of a row."""
    bars = [bar.start() for bar in _CELL.finditer(text, start, end)][: MOST_CELLS + 1]
    if not bars:
        return []
    edges = bars if text[start:end].lstrip().startswith("|") else [start - 1, *bars]
    if edges[-1] < end - 1 and text[edges[-1] + 1 : end].strip():
        edges = [*edges, end]
    return [(left + 1, right) for left, right in pairwise(edges)]


def _html(text: str) -> list[tuple[int, int, Range]]:
    found: list[tuple[int, int, Range]] = []
    heads: list[Range] = []
    for count, row in enumerate(_HTML_ROW.finditer(text)):
        if count == MOST_ROWS:
            break
        close = _HTML_ROW_END.search(text, row.end(), row.end() + 4000)
        end = close.start() if close is not None else min(len(text), row.end() + 4000)
        opens = [(cell.start(), cell.end()) for cell in _HTML_CELL.finditer(text, row.end(), end)][:MOST_CELLS]
        cells = [
            (start, opens[index + 1][0] if index + 1 < len(opens) else end) for index, (_, start) in enumerate(opens)
        ]
        if "<th" in text[row.end() : end]:
            heads = cells
        elif heads and len(cells) == len(heads):
            found.extend((start, finish, head) for (start, finish), head in zip(cells, heads, strict=True))
    return found
