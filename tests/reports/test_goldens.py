"""Each format's output is what a person read and accepted; `python -m tests.reports.goldens` writes it anew."""

from tests.reports.goldens import FOLDER, golden_outputs


def test_outputs_are_the_golden_ones() -> None:
    made = golden_outputs()
    kept = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert set(made) == kept
    different = [path for path, content in made.items() if (FOLDER / path).read_bytes() != content]
    assert not different, f"look at what changed, then run `python -m tests.reports.goldens`: {different}"
