"""How far a crawl may page on: the bound stands in a source's options and travels in the context of each page."""

from domain.snapshot import Page
from domain.source import Source

MOST_PAGES = 1_000


def page_bound(source: Source, usual: int, most: int = MOST_PAGES) -> int:
    """The pages that one crawl may ask for, from the source's option `pages`; at least 1, `usual` where not said."""
    return max(1, min(_count(next(iter(source.options.get("pages", ())), ""), usual), most))


def pages_left_in(page: Page) -> int:
    """How many more pages may be asked for after this one, as its context says; none where it does not."""
    return min(_count(page.snapshot.context.get("pages_left", ""), 0), MOST_PAGES)


def _count(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise
