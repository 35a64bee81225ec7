"""Hostile cases: every format keeps its rules, and nothing planted comes out."""

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from benchmarks.report_cases import draw_case, options
from reports.errors import NotRenderableError
from reports.prepare import prepare
from reports.render import formats, render

FAST = ("csv", "dsa_notice", "html", "jsonl", "leaked_keys", "misp", "stix", "text", "xarf")


def leaks(content: bytes, planted: tuple[str, ...]) -> list[str]:
    lowered = content.lower()
    return [word for word in planted if word.encode() in content or word.lower().encode() in lowered]


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("show_handles", [False, True])
def test_hostile_cases_render_clean(seed: int, show_handles: bool) -> None:
    planted = draw_case(seed)
    dossier = prepare(planted.case, options(show_handles=show_handles))
    rendered = 0
    for name in FAST:
        try:
            made = render(dossier, name)
        except NotRenderableError:
            continue
        rendered += 1
        for file in made.files:
            assert not leaks(file.content, planted.secrets + planted.persons), (name, file.name)
    assert rendered >= len(FAST) - 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1006))
def test_hostile_packets_and_papers(seed: int) -> None:
    planted = draw_case(seed)
    made = render(prepare(planted.case, options()), "packet")
    with zipfile.ZipFile(BytesIO(made.files[0].content)) as archive:
        for name in archive.namelist():
            assert not leaks(archive.read(name), planted.secrets + planted.persons), name


@pytest.mark.slow
def test_the_stix_validator_has_neither_errors_nor_warnings(tmp_path: Path) -> None:
    for seed in range(12):
        bundle = render(prepare(draw_case(seed).case, options()), "stix").files[0]
        (tmp_path / f"{seed}.json").write_bytes(bundle.content)
    validator = Path(sys.executable).with_name("stix2_validator")
    answer = subprocess.run(
        [validator, "--version", "2.1", "--strict", "--strict-properties", "--enforce-refs",
         *sorted(tmp_path.glob("*.json"))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout[-3000:]
    assert "[!]" not in answer.stdout
    assert answer.stdout.count("[+] STIX JSON: Valid") == 12


def test_the_two_heavy_formats_are_the_only_ones_left_out_above() -> None:
    assert set(formats()) - set(FAST) == {"pdf", "packet"}
