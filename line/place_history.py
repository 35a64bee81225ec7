"""A sudden nothing is not understood: what a place gave before decides what an answer without listings is worth.

Looked up only for answers that hold nothing, which are few; a page with listings costs one look into a dictionary.
"""

from collections import OrderedDict

from crawlers.soft_blocks import PlaceHistory, check_yield
from domain.reading import Reading, ReadingState
from domain.secrets import mask_secrets
from domain.snapshot import Page
from storage.store import Store

LOOKED_BACK = 8
MOST_SEEN = 10_000
BELIEVED_AFTER = 3
"""A place that gave nothing so many times in a row is believed to be empty."""


class SeenPages:
    """The pages that one crawl has seen, by digest, so that one page for every page number is noticed."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, str] = OrderedDict()

    def note(self, page: Page) -> dict[str, str]:
        """Where this very page was seen before (its digest and address, or nothing); it is noted from now on."""
        snapshot = page.snapshot
        before = self._seen.get(snapshot.sha256)
        if before is None:
            self._seen[snapshot.sha256] = snapshot.url_asked
            if len(self._seen) > MOST_SEEN:
                self._seen.popitem(last=False)
            return {}
        return {snapshot.sha256: before}


def honest_reading(reading: Reading, page: Page, store: Store, seen: SeenPages | None = None) -> Reading:
    """The reading, or `not_understood` where the place's own past says that this cannot be all."""
    if reading.state not in (ReadingState.FRESH, ReadingState.EMPTY):
        return reading
    digests = {} if seen is None else seen.note(page)
    if reading.listings and not digests:
        return reading
    return check_yield(reading, page, _history(page, store, digests))


def _history(page: Page, store: Store, digests: dict[str, str]) -> PlaceHistory:
    snapshot = page.snapshot
    earlier = store.snapshots.earlier_answers(snapshot.source, mask_secrets(snapshot.url_asked), limit=LOOKED_BACK)
    understood = [answer for answer in earlier if answer.state in (ReadingState.FRESH, ReadingState.EMPTY)]
    doubted = next(
        (number for number, answer in enumerate(earlier) if answer.state is not ReadingState.NOT_UNDERSTOOD),
        len(earlier),
    )
    if doubted >= BELIEVED_AFTER or not understood:
        return PlaceHistory(page_digests=digests)
    bodies = sorted(answer.body_bytes for answer in understood)
    return PlaceHistory(
        usual_body_bytes=bodies[len(bodies) // 2],
        recent_yields=tuple(answer.listings for answer in reversed(understood)),
        page_digests=digests,
    )
