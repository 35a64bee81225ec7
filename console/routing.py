"""From a request to a page: who asks, whether they may, and only then what they asked for. Denied by default."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, quote

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from console.render import render_page
from console.security import SAFE_METHODS, comes_from_here, host_is_known, token_fits
from console.services import Services
from domain.errors import UndercutError
from line.access import LoginRefusedError, Permission, permissions_of, session_of
from line.decide import ConflictError
from storage.accounts import Account
from storage.errors import UnknownRecordError

MOST_FORM_BYTES = 1_000_000
MOST_FIELDS = 600
MOST_NUMBER = 2**31
COOKIE: Final = "undercut_session"
SECURE_COOKIE: Final = "__Host-undercut_session"
PUBLIC: Final = None
"""In place of a permission: a page for people who are not logged in. Written out wherever it is meant."""


class PageError(UndercutError):
    """A request that gets an error page; `status` is its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Visit:
    """One request by one person, with everything that its page works with."""

    request: Request
    services: Services
    now: datetime
    account: Account | None = None
    csrf: str = ""
    token: str = ""
    permissions: frozenset[Permission] = frozenset()
    form: dict[str, list[str]] = field(default_factory=dict)

    @property
    def person(self) -> str:
        """The name of who asks."""
        return self.account.name if self.account else ""

    @property
    def roles(self) -> frozenset[str]:
        """What who asks is here."""
        return self.account.roles if self.account else frozenset()

    def may(self, permission: str) -> bool:
        """May this person do that?"""
        return Permission(permission) in self.permissions

    def field(self, name: str, default: str = "") -> str:
        """One field of the form."""
        return self.form.get(name, [default])[0]

    def fields(self, name: str) -> list[str]:
        """Every value of a field of the form."""
        return self.form.get(name, [])

    def number(self, name: str) -> int:
        """A number out of the address; one that no row can have is none of ours."""
        number = int(self.path[name])
        if number > MOST_NUMBER:
            raise PageError(404, "there is no such page")
        return number

    @property
    def path(self) -> dict[str, str]:
        """The named parts of the address."""
        return {name: str(value) for name, value in self.request.path_params.items()}

    def page(self, template: str, *, status: int = 200, **shown: object) -> HTMLResponse:
        """A rendered page."""
        return HTMLResponse(render_page(template, visit=self, **shown), status_code=status)


Handler = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its method, what is asked of who wants it (or PUBLIC), and its page."""

    method: str
    path: str
    needs: Permission | None
    handler: Handler


def endpoint(route: Route, services: Services) -> Callable[[Request], Awaitable[Response]]:
    """The route as the server calls it: every check is here, so that no page can forget one."""

    async def answer(request: Request) -> Response:
        visit = Visit(request, services, services.clock())
        try:
            form = {} if request.method in SAFE_METHODS else await _read_form(request)
            return await run_in_threadpool(_answer, route, visit, form)
        except UndercutError as error:
            return await run_in_threadpool(error_page, visit, error)

    return answer


def _answer(route: Route, visit: Visit, form: dict[str, list[str]]) -> Response:
    if not host_is_known(visit.request, visit.services.hosts):
        raise PageError(421, "the console does not answer to this name; start it with --name to give it one")
    if not all(value.isascii() and value.isprintable() for value in visit.path.values()):
        raise PageError(404, "there is no such page")
    visit.form = form
    _recognise(visit)
    changes = visit.request.method not in SAFE_METHODS
    if changes and not comes_from_here(visit.request):
        raise PageError(403, "this request was not made by a page of the console")
    if route.needs is PUBLIC:
        return route.handler(visit)
    if visit.account is None:
        return _to_login(visit)
    if route.needs not in visit.permissions:
        raise PageError(403, f"your roles do not include the permission “{route.needs.value}”; ask an operator")
    if changes and not token_fits(visit.csrf, visit.field("csrf") or visit.request.headers.get("x-csrf-token", "")):
        raise PageError(403, "the form was too old; go back, load the page again and send it once more")
    return route.handler(visit)


def _recognise(visit: Visit) -> None:
    token = visit.request.cookies.get(cookie_name(visit.services), "")
    session = session_of(visit.services.memory.accounts, token, visit.now) if token else None
    if session is not None:
        visit.account, visit.csrf, visit.token = session.account, session.csrf, token
        visit.permissions = permissions_of(session.account.roles)


def cookie_name(services: Services) -> str:
    """The session cookie; over https its name binds it to this host and path."""
    return SECURE_COOKIE if services.secure else COOKIE


def _to_login(visit: Visit) -> Response:
    request = visit.request
    # A strict cookie stays at home when somebody follows a link from elsewhere; one step from our own page brings it.
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
        return visit.page("bounce.html", target=_own_address(request))
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": "/login"})
    back = _own_address(request) if request.method == "GET" else "/"
    return RedirectResponse(f"/login?back={quote(back, safe='')}", status_code=303)


def _own_address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def own_path(wanted: str) -> str:
    """An address to go back to: only a path of ours, else the first page."""
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\\" not in wanted
    return wanted if plain and wanted.isprintable() and wanted.isascii() else "/"


async def _read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a form as browsers send it; nothing else is taken, and not more than a megabyte of it."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"application/x-www-form-urlencoded", ""}:
        raise PageError(415, "forms are sent as application/x-www-form-urlencoded")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM_BYTES:
            raise PageError(413, f"the form is longer than {MOST_FORM_BYTES} bytes")
    try:
        text = body.decode("ascii")
        return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError as error:
        raise PageError(400, "the form cannot be read; load the page again and send it once more") from error


def error_page(visit: Visit, error: UndercutError) -> Response:
    """What went wrong, in words, with a way on."""
    match error:
        case PageError():
            status = error.status
        case LoginRefusedError():
            status = 403
        case UnknownRecordError():
            status = 404
        case ConflictError():
            status = 409
        case _:
            status = 400
    return visit.page("error.html", status=status, message=str(error), code=status)
