"""What a visited page may load, decided for each request before it is sent. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from crawlers.network_guard import Target
from crawlers.spiders.sites import site_of

MOST_REQUESTS = 200


class Load(StrEnum):
    """What a page wants something for, in the words of the browser (`resourceType`)."""

    DOCUMENT = "document"
    STYLESHEET = "stylesheet"
    SCRIPT = "script"
    IMAGE = "image"
    FONT = "font"
    XHR = "xhr"
    FETCH = "fetch"


_ASSETS = frozenset({Load.STYLESHEET, Load.SCRIPT})
_PICTURES = frozenset({Load.IMAGE, Load.FONT})
_DATA = frozenset({Load.XHR, Load.FETCH})


@dataclass(frozen=True, slots=True)
class VisitRules:
    """The rules of one visit: the page's site, and whether pictures are wanted (for a screenshot)."""

    site: str
    with_pictures: bool = False

    def why_not(self, kind: str, method: str, target: Target, *, loaded: int) -> str | None:
        """Why a page may not load this; None where it may.

        Data comes from the page's own site. Programs, styles and pictures may come from elsewhere, since shops keep
        them there. Frames, further pages, beacons, streams and sockets are never loaded.
        """
        if loaded >= MOST_REQUESTS:
            return f"a page loads {MOST_REQUESTS} things at most"
        if kind in _DATA:
            if method not in ("GET", "HEAD", "POST"):
                return f"{method} changes things"
            return None if site_of(target) == self.site else "data of another site"
        if method != "GET":
            return f"{method} of what should only be read"
        if kind in _ASSETS or (kind in _PICTURES and self.with_pictures):
            return None
        return f"pages load no {kind} here"
