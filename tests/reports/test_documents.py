"""Every format has its how-to page and golden output, and the published schemas are those that the code checks with."""

import pytest

from reports.render import formats
from reports.schema_files import FOLDER, schema_files
from tests.conftest import REPOSITORY
from tests.reports.goldens import FOLDER as GOLDEN


@pytest.mark.parametrize("name", sorted(formats()))
def test_every_format_is_documented_and_has_a_golden_output(name: str) -> None:
    page = REPOSITORY / "docs" / "how-to" / f"report-{name.replace('_', '-')}.md"
    assert page.is_file(), f"write {page.name}: whom it is for, how to make it, what to check, what it cannot say"
    assert f"`{name}`" in (REPOSITORY / "docs" / "reference" / "report-formats.md").read_text(encoding="utf-8")
    assert any((GOLDEN / name).rglob("*"))


def test_published_schemas_are_current() -> None:
    stale = [name for name, content in schema_files().items() if (FOLDER / name).read_bytes() != content]
    assert not stale, f"run `python -m reports.schema_files`: {stale}"
