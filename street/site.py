"""What a site of the street is, and how the sites are found: a file in `sites/` that defines `open_sites`."""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import street.sites
from street.errors import StreetError
from street.messages import Request, Response, plain


@dataclass(frozen=True, slots=True)
class Options:
    """What a start may choose: how much the load site offers, in how many channels, and from which seed."""

    load_pages: int = 50
    load_channels: int = 1
    seed: int = 2026


@dataclass(frozen=True, slots=True)
class Site:
    """One place of the street, on a port of its own.

    `name` is what source files call it (`{telegram}`), `purpose` one sentence for people, `answer` turns a request
    into a response and never waits. `robots` is what `/robots.txt` answers; None leaves that path to `answer`.
    """

    name: str
    purpose: str
    answer: Callable[[Request], Response]
    robots: Response | None = None

    def respond(self, request: Request) -> Response:
        """The answer to any request, robots.txt included."""
        if self.robots is not None and request.path == "/robots.txt":
            return self.robots
        return self.answer(request)


NO_ROBOTS = plain("not found\n", 404)
"""A site that has no robots.txt; everything may be read."""


def every_site(options: Options) -> tuple[Site, ...]:
    """All sites, in order of their files' names; raises StreetError for a broken file or a name that occurs twice."""
    sites: list[Site] = []
    for module_info in sorted(pkgutil.iter_modules(street.sites.__path__), key=lambda info: info.name):
        if module_info.name.startswith("_"):
            continue
        module = importlib.import_module(f"street.sites.{module_info.name}")
        opened: Callable[[Options], Sequence[Site]] | None = getattr(module, "open_sites", None)
        if opened is None:
            raise StreetError(f"{module.__name__} must define open_sites(options); a helper's name starts with _")
        sites += opened(options)
    names = [site.name for site in sites]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StreetError(f"two sites of the street are called {', '.join(twice)}; rename one")
    return tuple(sites)
