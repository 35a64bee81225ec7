"""Our folder names are our import names; nobody else may claim them."""

from importlib.metadata import distributions

import pytest

from tests.conftest import REPOSITORY

OURS = sorted(path.parent.name for path in REPOSITORY.glob("*/__init__.py") if path.parent.name not in {"tests"})


def test_the_house_has_the_rooms_of_the_plan() -> None:
    assert OURS == [
        "alerts", "benchmarks", "console", "crawlers", "detectors", "domain", "jobs", "line", "rates", "reports",
        "storage", "street",
    ]  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_no_installed_distribution_claims_the_name(name: str) -> None:
    claimants = set()
    for distribution in distributions():
        if distribution.metadata["Name"] == "undercut":
            continue
        top_level = (distribution.read_text("top_level.txt") or "").split()
        files = {file.parts[0] for file in distribution.files or () if len(file.parts) > 1}
        if name in top_level or name in files:
            claimants.add(distribution.metadata["Name"])
    assert not claimants, f"{claimants} install a top-level {name!r}; rename ours or drop the dependency"
