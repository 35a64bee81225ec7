"""What forums and feeds have in common, and the one rule of who a post's author is to what it offers.

People ask, warn, review and report on forums; to name them as sellers would accuse the wrong person. An author is the
seller of what the post offers only where the place itself is one of trade (a node or category for buying and selling,
from the source's `trade_places` or a platform's own), or where the title says so with the tag that traders use. In all
other cases the author is the publisher, and what the text says is for the signals to weigh.
"""

from collections.abc import Iterable

from crawlers.families._html import HtmlError, links_of, load_html_text
from crawlers.families._text import one_line
from domain.listing import Handle, HandleRole
from domain.snapshot import Page
from domain.source import Source

FORUM = "forum"
MOST_LINKS = 100
MOST_MARKUP = 200_000

_SALE_TAGS = (
    "[wts]", "(wts)", "wts ", "wts:", "[fs]", "[selling]", "selling ", "for sale", "[h]", "出售", "出 ", "出一", "出几",
    "[出]", "【出】", "[售]", "【售】", "转让", "[拼车]", "【拼车】", "продам", "продаю", "[продажа]",
)  # fmt: skip


def author_role(title: str, places: Iterable[str], trade_places: Iterable[str]) -> HandleRole:
    """Seller in a place of trade or under a title that says so, else publisher."""
    trade = {place.casefold() for place in trade_places}
    if any(place.casefold() in trade for place in places if place):
        return HandleRole.SELLER
    return HandleRole.SELLER if one_line(title).casefold().startswith(_SALE_TAGS) else HandleRole.PUBLISHER


def author(platform: str, name: str, url: str | None, role: HandleRole) -> tuple[Handle, ...]:
    """The author, or nobody where the place names nobody."""
    said = one_line(name)[:200]
    return (Handle(platform, said, role, url),) if said and said != "[deleted]" else ()


def trade_context(source: Source) -> dict[str, str]:
    """The places of trade that the source names, as they travel with its pages."""
    named = source.options.get("trade_places", ())
    return {"trade_places": "\n".join(named)} if named else {}


def trade_places_in(page: Page) -> tuple[str, ...]:
    """The places of trade that the source of this page names."""
    return tuple(place for place in page.snapshot.context.get("trade_places", "").split("\n") if place)


def links_in(markup: str, base: str) -> tuple[str, ...]:
    """Where a post's HTML leads; nothing for plain text."""
    if "<a" not in markup.lower():
        return ()
    try:
        return links_of(load_html_text(markup[:MOST_MARKUP]), base)[:MOST_LINKS]
    except HtmlError:
        return ()
