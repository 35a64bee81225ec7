"""Ways in and out: login, logout, and the one-time link with which a person chooses a name and a password."""

from fastapi.responses import RedirectResponse, Response

from console.routing import PUBLIC, Route, Visit, cookie_name, own_path
from domain.errors import UndercutError
from line.access import (
    AccessError,
    LoginRefusedError,
    NewSession,
    Permission,
    TooManyTriesError,
    join,
    log_in,
    permissions_of,
)
from storage.accounts import AccountExistsError


def login_form(visit: Visit) -> Response:
    """The login page; who is in already goes on."""
    back = own_path(visit.request.query_params.get("back", "/"))
    if visit.account is not None:
        return RedirectResponse(back, status_code=303)
    return visit.page("login.html", back=back, problem="", name="")


def login(visit: Visit) -> Response:
    """Try a name and a password; on success a new session under a new token."""
    back, name = own_path(visit.field("back", "/")), visit.field("name")[:200]
    address = visit.request.client.host if visit.request.client else "unknown"
    accounts = visit.services.memory.accounts
    try:
        session = log_in(accounts, name, visit.field("password"), address, visit.now)
    except TooManyTriesError as error:
        answer = visit.page("login.html", status=429, back=back, problem=str(error), name=name)
        answer.headers["retry-after"] = str(error.wait_seconds)
        return answer
    except LoginRefusedError as error:
        return visit.page("login.html", status=403, back=back, problem=str(error), name=name)
    return _enter(visit, session, back)


def logout(visit: Visit) -> Response:
    """End the session, here and in the memory."""
    visit.services.memory.accounts.close_session(visit.token)
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(cookie_name(visit.services), path="/", secure=visit.services.secure, httponly=True)
    return answer


def setup_form(visit: Visit) -> Response:
    """What a one-time link opens."""
    token = visit.path["token"]
    invitation = visit.services.memory.accounts.invitation(token, visit.now)
    return visit.page("setup.html", token=token, invitation=invitation, problem="", name="")


def setup(visit: Visit) -> Response:
    """Use a one-time link up: make the account and log it in."""
    token, name, password = visit.path["token"], visit.field("name"), visit.field("password")
    accounts = visit.services.memory.accounts
    invitation = accounts.invitation(token, visit.now)
    try:
        if password != visit.field("again"):
            raise AccessError("the two passwords differ")
        session = join(accounts, token, name, password, visit.now)
    except (AccessError, AccountExistsError) as error:
        return _setup_again(visit, token, invitation, error)
    memory = visit.services.memory
    fresh = Permission.MANAGE in permissions_of(invitation.roles) and not memory.queue.health()[0]
    return _enter(visit, session, "/start" if fresh else "/")


def _setup_again(visit: Visit, token: str, invitation: object, error: UndercutError) -> Response:
    return visit.page(
        "setup.html", status=400, token=token, invitation=invitation, problem=str(error), name=visit.field("name")[:200]
    )


def _enter(visit: Visit, session: NewSession, to: str) -> Response:
    # Whatever session the browser had ends here: a token that somebody planted is worth nothing afterwards.
    if visit.token:
        visit.services.memory.accounts.close_session(visit.token)
    answer = RedirectResponse(to, status_code=303)
    answer.set_cookie(
        cookie_name(visit.services),
        session.token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=visit.services.secure,
    )
    return answer


def help_page(visit: Visit) -> Response:
    """The keys, and what the words mean."""
    from line.review_reasons import CHOICES

    return visit.page("help.html", choices=CHOICES)


ROUTES = (
    Route("GET", "/login", PUBLIC, login_form),
    Route("POST", "/login", PUBLIC, login),
    Route("GET", "/setup/{token}", PUBLIC, setup_form),
    Route("POST", "/setup/{token}", PUBLIC, setup),
    Route("POST", "/logout", Permission.READ, logout),
    Route("GET", "/help", Permission.READ, help_page),
)
