"""Under which source an imported page is remembered, so that the same thing imported again is the same listing."""

from urllib.parse import quote, urlsplit

from crawlers.family import Family

ONE_PLACE = frozenset({"marketplace", "telegram", "github"})
"""Platforms whose ids are unique over the whole platform. Of other software there are many sites, each with its own."""

LINES = "import/lines"
FEEDER = "import/feeder"


def import_source(family: Family, url: str) -> str:
    """`import/<family>`, followed by the host where the same software runs in many places.

    The file's format is no part of it: a page that was saved twice in two ways is one page.
    """
    if family.platform in ONE_PLACE:
        return f"import/{family.name}"
    return f"import/{family.name}/{quote(_host(url), safe='.:-[]')}"


def unknown_address(sha256: str) -> str:
    """The address of a page whose file does not hold one: a name under `.invalid` that is the page's own."""
    return f"https://{sha256[:24]}.saved.invalid/"


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()[:300]
    except ValueError:
        return "unknown"
