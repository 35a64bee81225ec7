"""JSON lines: the rows of the CSV with raw values, one object a line, for programs."""

from collections.abc import Iterator

import orjson

from reports.dossier import Dossier, Materials
from reports.errors import NotRenderableError
from reports.format import Format, RenderedFile
from reports.json_files import json_file
from reports.table import COLUMNS, cell_problems, table_rows

_INTEGERS = frozenset(column.name for column in COLUMNS if column.type == "integer")
_TYPES = {"integer": {"type": ["integer", "null"]}, "number": {"type": ["string", "null"]}}


def render_jsonl(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`offers.jsonl`; exact decimals are strings, so that no reader rounds them."""
    if not dossier.listings:
        raise NotRenderableError(f"case {dossier.case_id} has no listings for a table; use leaked_keys")
    lines = [orjson.dumps(row) for row in table_rows(dossier)]
    return (
        RenderedFile("offers.jsonl", "application/x-ndjson", b"\n".join(lines) + b"\n"),
        json_file("offers.schema.json", line_schema()),
    )


def line_schema() -> dict[str, object]:
    """JSON Schema of one line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One offer of an Undercut report",
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in COLUMNS],
        "properties": {
            column.name: _TYPES.get(column.type, {"type": ["string", "null"]}) | {"description": column.description}
            for column in COLUMNS
        },
    }


def check_jsonl(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """Every line is one object with every column, each of its type."""
    return tuple(_line_problems(files[0].content))


def _line_problems(content: bytes) -> Iterator[str]:
    for number, line in enumerate(content.splitlines(), 1):
        row = orjson.loads(line)
        if list(row) != [column.name for column in COLUMNS]:
            yield f"line {number} has other members than the schema"
            continue
        yield from (
            f"line {number}: {name} is no integer"
            for name in _INTEGERS
            if row[name] is not None and not isinstance(row[name], int)
        )
        yield from cell_problems(number, {name: "" if value is None else str(value) for name, value in row.items()})


FORMAT = Format("jsonl", "JSON lines", "programs", render_jsonl, check_jsonl)
