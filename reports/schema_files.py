"""The published schemas of reports, written to `docs/reference/` by `python -m reports.schema_files`."""

from importlib.resources import files
from pathlib import Path

import orjson

from reports.directory import Recipient
from reports.formats.jsonl import line_schema

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
_SHIPPED = ("dsa-notice", "leaked-keys", "stix-offers")


def schema_files() -> dict[str, bytes]:
    """File name to content, of every schema that readers of our reports may need."""
    made = {
        f"report-{name}.schema.json": files("reports").joinpath("schemas", f"{name}.schema.json").read_bytes()
        for name in _SHIPPED
    }
    own = {"report-offers-line": line_schema(), "report-recipient": Recipient.model_json_schema()}
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return made | {f"{name}.schema.json": orjson.dumps(value, option=options) for name, value in own.items()}


if __name__ == "__main__":
    for name, content in schema_files().items():
        (FOLDER / name).write_bytes(content)
