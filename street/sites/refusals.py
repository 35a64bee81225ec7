"""Places that refuse: a challenge, a login wall, a busy host, closed or broken robots rules.

Each stands on a port of its own and answers every path alike, so that any family can be pointed at it.
"""

from collections.abc import Sequence

from street.content import text_of
from street.messages import Request, Response, html, plain, redirect
from street.site import NO_ROBOTS, Options, Site
from street.sites.telegram import answer as telegram_answer


def open_sites(options: Options) -> Sequence[Site]:
    """The refusing sites."""
    return (
        Site("challenge", "every page is a challenge for a person with a browser (403)", _challenge, NO_ROBOTS),
        Site("soft_challenge", "the same challenge, but with status 200", _soft_challenge, NO_ROBOTS),
        Site("login_wall", "every page leads to a login form", _login_wall, NO_ROBOTS),
        Site("busy", "every page says 429 and to come back in two minutes", _busy, NO_ROBOTS),
        Site("robots_closed", "robots.txt closes everything; the posts behind it must never be asked for",
             telegram_answer, plain("User-agent: *\nDisallow: /\n")),
        Site("robots_broken", "robots.txt answers 500, so nothing may be asked for",
             telegram_answer, plain("internal error\n", 500)),
    )  # fmt: skip


def _challenge(request: Request) -> Response:
    page = html(text_of("refusals/challenge.html"), 403)
    return page.with_headers({"Server": "cloudflare", "cf-mitigated": "challenge", "CF-RAY": "0000000000000000-XXX"})


def _soft_challenge(request: Request) -> Response:
    return html(text_of("refusals/challenge.html"))


def _login_wall(request: Request) -> Response:
    if request.path == "/login":
        return html(text_of("refusals/login.html"))
    return redirect("/login?return_to=%2F")


def _busy(request: Request) -> Response:
    return html(text_of("refusals/busy.html"), 429).with_headers({"Retry-After": "120"})
