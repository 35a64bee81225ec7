"""JSON as reports write it: UTF-8, indented, keys in the order given, ending in a line break."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import orjson

from reports.format import RenderedFile


def json_file(name: str, value: object, media_type: str = "application/json") -> RenderedFile:
    """One JSON file."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return RenderedFile(name, media_type, orjson.dumps(value, option=options))


def without_nothing(mapping: dict[str, Any]) -> dict[str, Any]:
    """The mapping without what is None or empty: most formats forbid empty members."""
    return {key: value for key, value in mapping.items() if value not in (None, "", [], {}, ())}


@lru_cache(maxsize=16)
def schema_validator(name: str) -> jsonschema.Draft202012Validator:
    """The validator of one of our published schemas (`reports/schemas/<name>.schema.json`), formats checked too."""
    schema = orjson.loads(files("reports").joinpath("schemas", f"{name}.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def schema_problems(name: str, value: object) -> tuple[str, ...]:
    """Everything in the value that breaks the schema, each with its place."""
    return tuple(
        f"{'/'.join(str(part) for part in error.absolute_path) or 'top'}: {error.message[:200]}"
        for error in schema_validator(name).iter_errors(value)
    )
