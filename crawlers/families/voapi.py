"""VoAPI, closed software: its page hands the site's name, menu and currencies to its scripts; prices show after login.

What its page says of the site is one listing without prices; shops that its menu leads to are leads.
"""

from collections.abc import Iterator, Mapping

from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonValue, as_array, as_object, as_text, look_up
from crawlers.families._recognition import ANSWER, MARKUP, Mark, carries, head_of, recognition
from crawlers.families._relay import Site, plain_notice, site_gone, site_listing
from crawlers.families._scripts import inline_object
from crawlers.families._state import empty, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.lead import Lead
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "voapi"
MOST_MENU = 50
_SOFTWARE_PLACES = ("https://github.com/VoAPI", "https://github.com/voapi")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The front page of each site."""
    return tuple(FurtherRequest(f"{site_root(url)}/") for url in source.start_urls)


@reads(Expected("html", ("window.voif", 'content="voapi"')), own=site_gone)
def read(page: Page) -> Reading:
    """A listing of the site, from what its page hands to its scripts."""
    settings = inline_object(page, "window.voif")
    if not settings:
        return not_understood("no VoAPI settings in the page: the software or its layout is another")
    menu = [as_object(value) for value in as_array(settings.get("menus"))[:MOST_MENU]]
    links = tuple(dict.fromkeys(url for item in menu if (url := absolute_url(as_text(item.get("value")), ""))))
    site = Site(site_root(page.snapshot.url_answered), one_line(as_text(settings.get("name")))[:200], links=links)
    text = _text(page, settings, menu)
    if not (site.title or text):
        return empty("the page says nothing of its site")
    own = site.host
    leads = tuple(
        Lead(url, "in the menu of a relay", page.snapshot.url_answered)
        for url in links
        if own not in url and not url.startswith(_SOFTWARE_PLACES)
    )
    return Reading(
        ReadingState.FRESH,
        "the page of the site; prices show after a login",
        listings=(site_listing(page, site, text),),
        leads=leads,
    )


def _text(page: Page, settings: Mapping[str, JsonValue], menu: list[dict[str, JsonValue]]) -> str:
    parts = [head_of(page).description]
    parts += [", ".join(one_line(as_text(item.get("name"))) for item in menu if as_text(item.get("name")))]
    parts += [plain_notice(as_text(look_up(settings.get("setting"), "footer")))]
    return "\n\n".join(part for part in parts if part)


def recognise(page: Page) -> Recognition | None:
    """By the generator its page names and the settings in it."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if head_of(page).generator == "VoAPI":
        yield Mark(MARKUP, 0.7, "generator VoAPI")
    if carries(page, b"window.voif="):
        yield Mark(ANSWER, 0.7, "settings window.voif")


FAMILY = Family(
    name=NAME, software="VoAPI", platform="relay", read=read, first_requests=first_requests, recognise=recognise
)
