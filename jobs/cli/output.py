"""How commands print: tables for people, JSON lines for programs, and never a character that acts on a terminal."""

import sys
from collections.abc import Iterable, Sequence

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.hostile_text import clean_text


def print_json(value: object) -> None:
    """One JSON line on standard output."""
    sys.stdout.write(orjson.dumps(value).decode("utf-8") + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None) -> None:
    """A table on standard output; cells are shown as plain cleaned text, never as markup."""
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(Text(clean_text(cell)) for cell in row))
    Console().print(table)


def say(line: str) -> None:
    """A line of progress on standard error."""
    sys.stderr.write(clean_text(line) + "\n")
