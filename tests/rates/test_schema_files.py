"""The published schemas are those of the code."""

import pytest

from rates.schema_files import schema_files
from tests.conftest import REPOSITORY

FILES = schema_files()


@pytest.mark.parametrize("name", FILES)
def test_the_published_schema_is_current(name: str) -> None:
    published = (REPOSITORY / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert published == FILES[name], (
        f"docs/reference/{name} is stale; write rates.schema_files.schema_files()[{name!r}] to it"
    )
