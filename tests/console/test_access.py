"""Who gets in, who may do what, and what a request needs beside."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from console.pages import ROUTES
from console.routing import COOKIE, PUBLIC, own_path
from console.security import HEADERS
from line.access import (
    GRANTED,
    AccessError,
    LoginRefusedError,
    Permission,
    Role,
    TooManyTriesError,
    first_link,
    invite,
    join,
    log_in,
    permissions_of,
)
from storage.accounts import LinkSpentError
from tests.console.conftest import HOST, PASSWORD, House

# Written out by hand, so that a route's permission is changed in two places or not at all.
READERS = {"viewer", "analyst", "lead", "operator", "auditor"}
DECIDERS = {"analyst", "lead"}
EXPORTERS = {"analyst", "lead", "auditor"}
TABLE = {
    "GET /": READERS, "POST /looked": READERS, "POST /views": READERS, "POST /views/{number:int}/forget": READERS,
    "GET /queue.csv": EXPORTERS, "GET /verdicts.jsonl": EXPORTERS,
    "POST /bulk/preview": DECIDERS, "POST /bulk/apply": DECIDERS, "POST /bulk/{batch}/undo": DECIDERS,
    "GET /alerts/{alert_id}": READERS,
    "POST /alerts/{alert_id}/screenshot": {"lead", "auditor"},
    "GET /alerts/{alert_id}/screenshot/{opened}": {"lead", "auditor"},
    **{f"POST /alerts/{{alert_id}}/{act}": DECIDERS for act in (
        "decide", "undo", "reverse", "claim", "release", "hand-over", "snooze", "note", "skip")},
    "GET /cases": READERS, "POST /cases": DECIDERS, "GET /cases/{number:int}": READERS,
    **{f"POST /cases/{{number:int}}/{act}": DECIDERS for act in (
        "write", "tasks/{entry:int}/done", "assign", "close", "reopen", "merge")},
    "GET /reports": READERS, "GET /reports/new": DECIDERS, "POST /reports": DECIDERS,
    "GET /reports/{report_id}": EXPORTERS, "GET /reports/{report_id}/files/{number:int}": EXPORTERS,
    **{f"POST /reports/{{report_id}}/{act}": DECIDERS for act in (
        "review", "again", "approve", "send-back", "hand-over", "heard")},
    "GET /leads": READERS, "POST /leads": DECIDERS, "POST /leads/{number:int}": {"lead"},
    "GET /start": {"operator"}, "POST /start": {"operator"}, "POST /start/crawl": {"operator"},
    "GET /sources": READERS, "GET /rates": READERS, "GET /search": READERS, "GET /palette": READERS,
    "GET /assess": READERS, "POST /assess": READERS, "GET /help": READERS, "POST /logout": READERS,
    "GET /people": {"operator"}, "POST /people": {"operator"}, "POST /people/{number:int}": {"operator"},
}  # fmt: skip
OPEN_TO_ALL = {"GET /login", "POST /login", "GET /setup/{token}", "POST /setup/{token}"}


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def test_every_route_stands_in_the_table() -> None:
    routes = {f"{route.method} {route.path}": route for route in ROUTES}
    assert set(routes) == {*TABLE, *OPEN_TO_ALL}
    assert {name for name, route in routes.items() if route.needs is PUBLIC} == OPEN_TO_ALL


@pytest.mark.parametrize("role", list(Role))
def test_every_route_lets_in_whom_the_table_names_and_nobody_else(house: House, role: Role) -> None:
    browser = house.person(role)
    for name, allowed in TABLE.items():
        method, path = name.split(" ")
        answer = browser.get(filled(path)) if method == "GET" else browser.post(filled(path))
        refused = answer.status_code == 403 and "do not include the permission" in answer.text
        assert refused == (role.value not in allowed), (name, role, answer.status_code)
        if path == "/logout":
            browser = house.person(role, name=f"{role}-again")


def test_nobody_gets_further_than_the_login(house: House) -> None:
    browser = house.browser()
    for name in TABLE:
        method, path = name.split(" ")
        answer = browser.get(filled(path)) if method == "GET" else browser.post(filled(path))
        assert answer.status_code == 303, name
        assert answer.headers["location"].startswith("/login")


def test_state_changes_need_the_form_token_and_our_own_page(house: House) -> None:
    stranger = house.person(Role.LEAD, Role.OPERATOR, name="other")
    for route in ROUTES:
        if route.method != "POST" or route.needs is PUBLIC:
            continue
        browser = house.person(Role.LEAD, Role.OPERATOR, name=f"all {route.path}")
        path = filled(route.path)
        for attempt in (
            browser.post(path, csrf=""),
            browser.post(path, csrf="wrong"),
            browser.post(path, csrf=stranger.csrf),
            browser.post(path, headers={"sec-fetch-site": "cross-site"}),
            browser.post(path, headers={"sec-fetch-site": "same-site"}),
            browser.post(path, headers={"origin": "https://evil.example.test"}),
            browser.client.post(path, data={"csrf": browser.csrf}),
        ):
            assert attempt.status_code == 403, (route.path, attempt.status_code)
        assert browser.get(path).status_code in {404, 405, 200}


def test_a_post_to_the_login_must_come_from_our_own_page(house: House) -> None:
    house.person(Role.ANALYST, name="Ana")
    form = {"name": "Ana", "password": PASSWORD}
    client = house.browser().client
    assert client.post("/login", data=form).status_code == 403
    assert client.post("/login", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/login", data=form, headers={"sec-fetch-site": "same-origin"}).status_code == 303


def test_every_answer_carries_the_headers(house: House) -> None:
    browser = house.person(Role.ANALYST)
    for path in ("/", "/login", "/nowhere", "/static/console.css", "/alerts/none", "/people"):
        answer = browser.get(path)
        for name, value in HEADERS:
            assert answer.headers[name.decode()] == value.decode(), path
        assert ("no-store" in answer.headers.get("cache-control", "")) == (not path.startswith("/static")), path


def test_another_host_name_is_not_answered(house: House) -> None:
    assert house.person(Role.ANALYST).get("/", host="evil.example.test").status_code == 421


def test_the_first_link_works_once_and_there_is_no_default_password(house: House) -> None:
    accounts = house.memory.accounts
    token = first_link(accounts, house.clock())
    assert token is not None
    browser = house.browser()
    assert "at least 12 characters" in browser.get(f"/setup/{token}").text
    form = {"name": "Mara", "password": PASSWORD, "again": PASSWORD}
    assert browser.post(f"/setup/{token}", **{**form, "again": "another one"}).status_code == 400
    assert browser.post(f"/setup/{token}", **{**form, "password": "short", "again": "short"}).status_code == 400
    answer = browser.post(f"/setup/{token}", **form)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert accounts.all()[0].roles == {"lead", "operator"}
    assert PASSWORD not in accounts.all()[0].password_hash
    assert accounts.all()[0].password_hash.startswith("$argon2id$")
    assert first_link(accounts, house.clock()) is None
    assert browser.post(f"/setup/{token}", **form).status_code == 400


def test_a_link_ends_after_a_day(house: House) -> None:
    token = invite(house.memory.accounts, frozenset({"viewer"}), "test", house.clock())
    house.clock.advance(hours=24)
    with pytest.raises(LinkSpentError):
        join(house.memory.accounts, token, "Late", PASSWORD, house.clock())


def test_names_differ_by_more_than_capitals(house: House) -> None:
    house.person(Role.VIEWER, name="Ana")
    token = invite(house.memory.accounts, frozenset({"viewer"}), "test", house.clock())
    browser = house.browser()
    answer = browser.post(f"/setup/{token}", name="ANA", password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 400
    assert "already" in answer.text


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaaaa", "x" * 201])
def test_weak_passwords_are_refused(house: House, password: str) -> None:
    token = invite(house.memory.accounts, frozenset({"viewer"}), "test", house.clock())
    with pytest.raises(AccessError):
        join(house.memory.accounts, token, "Ana", password, house.clock())


def test_login_gives_a_new_token_each_time_and_ends_the_one_it_came_with(house: House) -> None:
    browser = house.person(Role.ANALYST, name="Ana")
    old = browser.token
    answer = browser.post("/login", name="Ana", password=PASSWORD)
    new = answer.cookies[COOKIE]
    assert new != old
    assert house.memory.accounts.session(old, house.clock(), idle=timedelta(1), longest=timedelta(1)) is None
    tokens = {log_in(house.memory.accounts, "ana", PASSWORD, "::1", house.clock()).token for _ in range(5)}
    assert len(tokens) == 5


def test_a_planted_token_is_worth_nothing(house: House) -> None:
    assert house.browser("planted-by-somebody").get("/").status_code == 303


def test_sessions_end_when_idle_when_old_and_at_logout(house: House) -> None:
    browser = house.person(Role.ANALYST, name="Ana")
    assert browser.get("/").status_code == 200
    house.clock.advance(minutes=59)
    assert browser.get("/").status_code == 200
    house.clock.advance(minutes=61)
    assert browser.get("/").status_code == 303
    other = house.browser(log_in(house.memory.accounts, "Ana", PASSWORD, "::1", house.clock()).token)
    for _ in range(15):
        house.clock.advance(minutes=50)
        last = other.get("/").status_code
    assert last == 303
    third = house.browser(log_in(house.memory.accounts, "Ana", PASSWORD, "::1", house.clock()).token)
    assert third.post("/logout").status_code == 303
    assert third.get("/").status_code == 303


def test_changed_roles_end_the_sessions(house: House) -> None:
    operator = house.person(Role.OPERATOR, name="Op")
    ana = house.person(Role.ANALYST, name="Ana")
    number = next(one.number for one in house.memory.accounts.all() if one.name == "Ana")
    assert operator.post(f"/people/{number}", role="viewer", active="1").status_code == 303
    assert ana.get("/").status_code == 303
    own = next(one.number for one in house.memory.accounts.all() if one.name == "Op")
    assert operator.post(f"/people/{own}", role="viewer", active="1").status_code == 400


def test_guessing_is_slow_from_one_address_and_from_many(house: House) -> None:
    house.person(Role.ANALYST, name="Ana")
    checked = 0
    for attempt in range(280):
        try:
            log_in(house.memory.accounts, "Ana", f"wrong {attempt}", f"192.0.2.{attempt % 100}", house.clock())
        except TooManyTriesError:
            pass
        except LoginRefusedError:
            checked += 1
        house.clock.advance(seconds=3)
    assert checked <= 10
    with pytest.raises(TooManyTriesError):
        log_in(house.memory.accounts, "Ana", PASSWORD, "192.0.2.1", house.clock())
    house.clock.advance(minutes=16)
    assert log_in(house.memory.accounts, "Ana", PASSWORD, "192.0.2.1", house.clock()).account.name == "Ana"


def test_the_login_page_says_the_same_of_every_failure(house: House) -> None:
    house.person(Role.ANALYST, name="Ana")
    told = {
        re.sub(r'value="[^"]*"', "", house.browser().post("/login", name=name, password="no such password").text)
        for name in ("Ana", "Nobody")
    }
    assert len(told) == 1


def test_roles_grant_nothing_that_is_not_written_down() -> None:
    assert permissions_of(frozenset({"viewer", "emperor"})) == GRANTED[Role.VIEWER]
    assert permissions_of(frozenset()) == frozenset()
    assert Permission.DECIDE not in permissions_of(frozenset({"operator", "auditor", "viewer"}))


@pytest.mark.parametrize(
    "wanted", ["//evil.example.test", "https://evil.example.test", "/\\evil", "javascript:1", "", "/a\nb", "/é"]
)
def test_after_login_only_our_own_pages_are_gone_to(wanted: str) -> None:
    assert own_path(wanted) == "/"


def test_a_link_from_elsewhere_takes_one_step_of_our_own(house: House) -> None:
    answer = house.browser().get("/alerts/abc?in=q", **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert 'content="0;url=/alerts/abc?in=q"' in answer.text


def test_forms_of_other_kinds_and_sizes_are_refused(house: House) -> None:
    browser = house.person(Role.ANALYST)
    here = {"sec-fetch-site": "same-origin"}
    assert (
        browser.client.post("/looked", content=b"{}", headers=here | {"content-type": "application/json"}).status_code
        == 415
    )
    form = here | {"content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/looked", content=b"a=" + b"x" * 1_000_001, headers=form).status_code == 413
    assert (
        browser.client.post("/looked", content=b"&".join(b"a=1" for _ in range(700)), headers=form).status_code == 400
    )


def test_static_files_stay_in_their_folder(house: House) -> None:
    client: TestClient = house.browser().client
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/vendor/../../app.py"):
        assert client.get(path).status_code in {404, 303}, path
    assert HOST in house.services.hosts
