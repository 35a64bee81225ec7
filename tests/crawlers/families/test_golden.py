"""Every family reads its golden cases as a person typed them; a family without cases is not finished."""

import pytest

from crawlers.registry import families
from tests.crawlers.families.golden import FOLDER, GoldenCase, differences, golden_cases

CASES = golden_cases()
LARGEST_PAGE = 200_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.family}-{case.name}")
def test_a_page_is_read_as_expected(case: GoldenCase) -> None:
    reading = families()[case.family].read(case.page)
    found = differences(reading, case.expected)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("family", families())
def test_every_family_has_cases(family: str) -> None:
    names = {case.name for case in CASES if case.family == family}
    missing = {"normal", "empty", "removed", "refused", "changed"} - {name.partition("_")[0] for name in names}
    assert not missing, f"tests/golden/{family} lacks {', '.join(sorted(missing))}"


def test_every_case_says_where_it_is_from_and_is_small() -> None:
    for meta in FOLDER.glob("*/*/meta.json"):
        assert '"provenance"' in meta.read_text(encoding="utf-8"), f"{meta} does not say where its page is from"
    large = [page for page in FOLDER.glob("*/*/page.*") if page.stat().st_size > LARGEST_PAGE]
    assert not large
