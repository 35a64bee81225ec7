"""One Telegram post on its own page, as the embed shows it: t.me/<channel>/<id>?embed=1, also for public groups."""

from crawlers.families._html import by_class, load_html
from crawlers.families._state import not_understood, reads
from crawlers.families._telegram import (
    PAGE_MARKS,
    landing_state,
    message_listing,
    post_error,
    post_id,
    post_of,
    recognise_telegram,
)
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "telegram_post"
PREVIEW = "https://t.me"


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The embed of every post named in `posts` (`channel/123`) or given as a start URL."""
    posts = [f"{PREVIEW}/{post}" for post in source.options.get("posts", ())]
    posts += [url.partition("?")[0] for url in source.start_urls if post_of(url)]
    return tuple(FurtherRequest(f"{post}?embed=1") for post in dict.fromkeys(posts))


@reads(Expected("html", PAGE_MARKS))
def read(page: Page) -> Reading:
    """The post, or gone where the page says that it is not found."""
    document = load_html(page)
    marks = by_class(document)
    missing = post_error(marks, page.snapshot.url_asked)
    if missing is not None:
        return missing
    blocks = [block for block in marks.get("tgme_widget_message", ()) if post_id(block.get("data-post", ""))]
    if blocks:
        listing = message_listing(page, blocks[0])
        if listing is None:
            return Reading(ReadingState.EMPTY, "a service message or a post without content")
        return Reading(ReadingState.FRESH, listings=(listing,))
    return landing_state(document, marks) or not_understood("no post on the page: the embed's layout may have changed")


def recognise(page: Page) -> Recognition | None:
    """An embed by its host and its markup."""
    return recognise_telegram(page, NAME, ("body_widget_post", "widget_frame_base"))


FAMILY = Family(
    name=NAME,
    software="Telegram post embed",
    platform="telegram",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
