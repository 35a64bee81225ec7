"""A request that brought no page is remembered with its source, so that an operator is told what to mend."""

from crawlers.step import CrawlFailure, FailureKind
from domain.reading import ReadingState
from storage.store import Store

# What the place did to us, in the words of a reading. Everything else (a budget spent, a turn not come yet, a network
# that is down) says nothing about the place and leaves its state as it was.
_STATES = {
    FailureKind.BOMB: ReadingState.NOT_UNDERSTOOD,
    FailureKind.TOO_LARGE: ReadingState.NOT_UNDERSTOOD,
    FailureKind.TRUNCATED: ReadingState.NOT_UNDERSTOOD,
    FailureKind.REDIRECTS: ReadingState.NOT_UNDERSTOOD,
    FailureKind.ROBOTS: ReadingState.BLOCKED,
    FailureKind.CERTIFICATE: ReadingState.BLOCKED,
}


def record_failure(failure: CrawlFailure, store: Store) -> None:
    """Remember a failure that says something about the place."""
    state = _STATES.get(failure.kind)
    if state is not None:
        store.sources.note_failure(failure.source, state, f"{failure.kind}: {failure.detail}", failure.failed_at)
