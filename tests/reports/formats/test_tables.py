"""CSV: quoted, CRLF, no formula under any separator; JSON lines keep raw values."""

import csv
import io
import re

import orjson
import pytest

from benchmarks.report_cases import PAYLOADS
from reports.format import RenderedFile
from reports.formats.csv import check_csv, neutral_cell, render_csv
from reports.redaction import visible_text
from reports.render import render
from tests.reports.cases import dossier, materials

FORMULA = re.compile(r"[\s\"]*[=+\-@＝＋－＠]")


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_cell_opens_a_formula_under_any_separator(payload: str, separator: str) -> None:
    cell = neutral_cell(" ".join(visible_text(payload).split()))
    text = f'"a","{cell.replace(chr(34), chr(34) * 2)}","b"\r\n'
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        assert not [part for part in row if FORMULA.match(part)]


def test_every_field_is_quoted_and_lines_end_in_crlf() -> None:
    content = render(dossier(), "csv").files[0].content
    assert content.endswith(b'"\r\n')
    assert all(line.startswith(b'"') for line in content.split(b"\r\n")[:-1])


def test_the_schema_describes_the_columns() -> None:
    files = render(dossier(), "csv").files
    fields = orjson.loads(files[1].content)["resources"][0]["schema"]["fields"]
    header = next(csv.reader(io.StringIO(files[0].content.decode(), newline="")))
    assert [field["name"] for field in fields] == header


def test_json_lines_keep_what_csv_must_change() -> None:
    text = render(dossier(show_handles=True), "csv").files[0].content.decode()
    rows = [orjson.loads(line) for line in render(dossier(show_handles=True), "jsonl").files[0].content.splitlines()]
    assert rows[0]["seller"] == "@lantern_shop"
    assert '"\'@lantern_shop"' in text


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [(b"\r\n", b"\n", "CRLF"), (b'"7.14"', b'"x"', ""), (b'"0.0714"', b'"seven"', "no number"),
     (b'"2026-11-18T09:30:00Z"', b'"yesterday"', "no datetime"), (b'"anthropic"', b'"=1+1"', "formula"),
     (b'"row",', b"", "header")],
)  # fmt: skip
def test_a_broken_file_is_caught(old: bytes, new: bytes, word: str) -> None:
    files = render_csv(dossier(), materials())
    broken = RenderedFile("offers.csv", "text/csv", files[0].content.replace(old, new))
    problems = check_csv((broken, files[1]))
    assert any(word in problem for problem in problems) == bool(word), problems
