"""The people who may come in: invite, change roles, close accounts."""

from fastapi.responses import RedirectResponse, Response

from console.routing import PageError, Route, Visit
from line.access import GRANTED, Permission, Role, invite


def index(visit: Visit) -> Response:
    """Everybody, and a form that makes a one-time link."""
    return _shown(visit)


def _shown(visit: Visit, link: str = "") -> Response:
    roles = [(role.value, ", ".join(sorted(GRANTED[role]))) for role in Role]
    return visit.page("people.html", accounts=visit.services.memory.accounts.all(), roles=roles, link=link)


def _roles(visit: Visit) -> frozenset[str]:
    chosen = frozenset(visit.fields("role"))
    if not chosen or chosen - {role.value for role in Role}:
        raise PageError(400, "choose at least one role")
    return chosen


def make_link(visit: Visit) -> Response:
    """A one-time link for somebody new; it is shown once."""
    token = invite(visit.services.memory.accounts, _roles(visit), visit.person, visit.now)
    scheme = "https" if visit.services.secure else "http"
    return _shown(visit, f"{scheme}://{visit.request.headers['host']}/setup/{token}")


def change(visit: Visit) -> Response:
    """Other roles, or a closed account; nobody takes the last operator away."""
    accounts = visit.services.memory.accounts
    number, roles, active = visit.number("number"), _roles(visit), bool(visit.field("active"))
    operators = [one for one in accounts.all() if one.active and Role.OPERATOR.value in one.roles]
    loses = Role.OPERATOR.value not in roles or not active
    if loses and [one.number for one in operators] == [number]:
        raise PageError(400, "this is the last operator; make another one first")
    accounts.change(number, roles=roles, active=active)
    return RedirectResponse("/people", status_code=303)


ROUTES = (
    Route("GET", "/people", Permission.MANAGE, index),
    Route("POST", "/people", Permission.MANAGE, make_link),
    Route("POST", "/people/{number:int}", Permission.MANAGE, change),
)
