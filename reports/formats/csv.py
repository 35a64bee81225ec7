"""CSV (RFC 4180) for spreadsheets, with its Table Schema in a Frictionless `datapackage.json`.

Every field is quoted, lines end in CRLF, and no cell can start a formula: not as it stands, and not when the file is
opened with another separator, which would cut cells elsewhere. Raw values stand in the JSON lines format.
"""

import csv
import io
import re

import orjson

from reports.dossier import Dossier, Materials
from reports.errors import NotRenderableError
from reports.format import Format, RenderedFile
from reports.json_files import json_file
from reports.table import COLUMNS, Cell, Column, cell_problems, table_rows

_FORMULA = re.compile(r"(^|[;,|\t\r\n\"])([\s\"']{0,8})([=+\-@＝＋－＠﹢﹣﹦﹫])")
_LINK_SEPARATOR = re.compile(r"([;,])(?=[=+\-@])")
_LINKS = frozenset({"listing_link", "official_source"})
_OPENS_FORMULA = re.compile(r"[\s\"]*[=+\-@＝＋－＠﹢﹣﹦﹫]")
_NUMBERS = frozenset(column.name for column in COLUMNS if column.type in {"integer", "number"})


def neutral_cell(text: str) -> str:
    """The text with an apostrophe before anything that a spreadsheet would take for a formula."""
    return _FORMULA.sub(r"\1\2'\3", text)


def render_csv(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`offers.csv` and `datapackage.json`."""
    if not dossier.listings:
        raise NotRenderableError(f"case {dossier.case_id} has no listings for a table; use leaked_keys")
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    for row in table_rows(dossier):
        writer.writerow([_cell_text(name, value) for name, value in row.items()])
    return (
        RenderedFile("offers.csv", "text/csv", buffer.getvalue().encode("utf-8")),
        json_file("datapackage.json", data_package(dossier.report_id)),
    )


def _cell_text(name: str, value: Cell) -> str:
    if value is None:
        return ""
    text = str(value)
    if name in _NUMBERS:
        return text
    if name in _LINKS:
        return _LINK_SEPARATOR.sub(lambda match: f"%{ord(match.group(1)):02X}", text)
    return neutral_cell(text)


def data_package(report_id: str) -> dict[str, object]:
    """The description of the file that readers of Frictionless packages understand."""
    return {
        "profile": "tabular-data-package",
        "name": "undercut-offers",
        "id": report_id,
        "resources": [
            {
                "name": "offers",
                "path": "offers.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True,
                            "header": True},
                "schema": {"primaryKey": "row", "fields": [_field(column) for column in COLUMNS]},
            }
        ],
    }  # fmt: skip


def _field(column: Column) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if column.required:
        constraints["required"] = True
    if column.pattern:
        constraints["pattern"] = column.pattern
    field: dict[str, object] = {"name": column.name, "type": column.type, "description": column.description}
    return field | ({"constraints": constraints} if constraints else {})


def check_csv(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """Read the file back strictly: header, width, types, patterns, and no cell that opens a formula."""
    content = {file.name: file.content for file in files}
    text = content["offers.csv"].decode("utf-8")
    problems = ["a line ends without CRLF"] if re.search(r"(?<!\r)\n|\r(?!\n)", text) else []
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    names = [column.name for column in COLUMNS]
    if rows[0] != names:
        return ("the header is not that of the schema",)
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(names):
            problems.append(f"row {number} has {len(row)} cells instead of {len(names)}")
            continue
        cells = dict(zip(names, row, strict=True))
        problems += cell_problems(number, cells)
        problems += [
            f"row {number}: {name} opens a formula"
            for name, value in cells.items()
            if name not in _NUMBERS and any(_OPENS_FORMULA.match(part) for part in re.split(r"[;,|\t]", value))
        ]
    fields = orjson.loads(content["datapackage.json"])["resources"][0]["schema"]["fields"]
    if [field["name"] for field in fields] != names:
        problems.append("datapackage.json describes other columns than the file has")
    return tuple(problems)


FORMAT = Format("csv", "CSV with Table Schema", "spreadsheets and data teams", render_csv, check_csv)
