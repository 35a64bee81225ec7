"""How commands print: tables for people, JSON lines for programs, and never a character that acts on a terminal."""

import sys
from collections.abc import Iterable, Sequence

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.hostile_text import clean_text

WIDTH_OF_A_FILE = 180


def print_json(value: object) -> None:
    """One JSON line on standard output."""
    sys.stdout.write(orjson.dumps(value).decode("utf-8") + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None) -> None:
    """A table on standard output; cells are shown as plain cleaned text, never as markup."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean_text(cell)) for cell in row))
    # A file or a pipe has no width of its own; squeezing into eighty columns would make it unreadable.
    Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE).print(table)


def say(line: str) -> None:
    """A line of progress on standard error."""
    sys.stderr.write(clean_text(line) + "\n")
