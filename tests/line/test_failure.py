"""A request without a page says what it says about the place, and nothing more."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.step import CrawlFailure, FailureKind
from domain.reading import ReadingState
from line.failure import record_failure
from storage.store import open_store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (FailureKind.BOMB, ReadingState.NOT_UNDERSTOOD),
        (FailureKind.TOO_LARGE, ReadingState.NOT_UNDERSTOOD),
        (FailureKind.ROBOTS, ReadingState.BLOCKED),
        (FailureKind.TIMEOUT, None),
        (FailureKind.BUDGET, None),
        (FailureKind.NOT_YET, None),
    ],
)
def test_only_what_the_place_did_changes_its_state(
    tmp_path: Path, kind: FailureKind, state: ReadingState | None
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'undercut.sqlite'}", tmp_path)
    try:
        record_failure(CrawlFailure("shops/example", "https://shop.example.test/", kind, "why", NOW), store)
        found = store.sources.state("shops/example")
    finally:
        store.close()
    assert (found.last_state if found else None) == state
    assert found is None or found.last_success_at is None
