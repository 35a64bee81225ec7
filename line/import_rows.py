"""Imported texts that are listings already: lines in the shape of `assess`, and items of AIL's feeders."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from crawlers.saved.feeder import FeederItem, FeederItemError, read_feeder_item
from domain.listing import Handle, HandleRole, Listing
from domain.reading import Reading, ReadingState
from domain.snapshot import Page
from line.assess import LineError, line_object, listing_of
from line.import_names import FEEDER, LINES

MOST_PROBLEMS = 20

ReadRows = Callable[[Page], Reading]
"""Reads a page of rows; a row that cannot be read is a problem of the reading and costs nothing else."""


def read_lines(page: Page) -> Reading:
    """Lines in the shape that `undercut assess` reads."""
    today = page.snapshot.fetched_at.date()

    def listing(line: bytes) -> Listing:
        return replace(listing_of(line_object(line), today), source=LINES)

    return _read(page, listing)


def read_feeder_lines(page: Page) -> Reading:
    """Items of AIL's feeders, one a line, or one alone."""
    return _read(page, lambda line: feeder_listing(read_feeder_item(line), page.snapshot.fetched_at))


def feeder_listing(item: FeederItem, received_at: datetime) -> Listing:
    """The listing that a fed message is. Who wrote it is its seller, as for messages that we read ourselves."""
    who = item.author if item.is_group else item.place or item.author
    handles = [Handle(item.platform, who, HandleRole.SELLER)] if who else []
    if item.is_group and item.place:
        handles.append(Handle(item.platform, item.place, HandleRole.HOST))
    return Listing(
        source=FEEDER,
        external_id=f"{item.feeder}/{item.external_id}"[:300],
        url=item.url,
        platform=item.platform,
        title="",
        text=item.text,
        observed_at=received_at,
        posted_at=item.posted_at,
        one_time=True,
        handles=tuple(handles),
    )


def _read(page: Page, listing_in: Callable[[bytes], Listing]) -> Reading:
    found: dict[str, Listing] = {}
    problems: list[str] = []
    first = int(page.snapshot.context.get("first_line", "1"))
    for number, line in enumerate(page.body.split(b"\n"), first):
        if not line.strip():
            continue
        try:
            listing = listing_in(line)
        except (LineError, FeederItemError) as error:
            problems.append(f"line {number}: {error}")
            continue
        found[listing.external_id] = listing
    shown = tuple(problems[:MOST_PROBLEMS]) + (("and more",) if len(problems) > MOST_PROBLEMS else ())
    if not found:
        return Reading(ReadingState.NOT_UNDERSTOOD, problems[0] if problems else "no line in it", problems=shown)
    return Reading(ReadingState.FRESH, listings=tuple(found.values()), problems=shown)
