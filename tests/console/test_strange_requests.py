"""Whatever is sent to whichever page: a page comes back that says what is wrong, never a crash."""

import re

import pytest

from console.pages import ROUTES
from line.access import Role
from tests.console.conftest import House

STRANGE = (
    "", "0", "-1", "1e9", "NaN", "Infinity", "99999999999999999999", "\x00", "\u202e", "'\"<>&", "%00", "a" * 900,
    "١٢", "²", "2026-13-40", "9999h", "²h", "\U0001f600", "../../etc/passwd", "any", "[[", "confirmed:none",
)  # fmt: skip
NAMES = (
    "alert", "amount", "below", "case", "choice", "clause", "cols", "currency", "in", "into", "kind", "lane", "name",
    "new", "note", "on", "outcome", "page", "product", "q", "query", "reason", "role", "seen", "seller", "sort",
    "source", "status", "text", "title", "to", "until", "version", "needs", "batch", "done", "active",
)  # fmt: skip


def addresses(path: str, alert: str, value: str) -> list[str]:
    """The address of a real thing, and of a strange one."""
    real = re.sub(r"\{[^}]*:int\}", "1", path).replace("{alert_id}", alert)
    return [re.sub(r"\{[^}]*\}", "x", real), re.sub(r"\{[^}]*\}", value, path)]


@pytest.mark.parametrize("value", STRANGE)
def test_no_page_falls_over(house: House, value: str) -> None:
    alert = house.alert()
    browser = house.person(Role.LEAD, Role.OPERATOR, name="Lea")
    browser.post("/cases", alert=alert, title="One")
    strange_path = "".join(character for character in value[:40] if character.isalnum()) or "%00"
    for route in ROUTES:
        if "setup" in route.path or route.path == "/logout":
            continue
        for address in addresses(route.path, alert, strange_path):
            if route.method == "GET":
                answer = browser.client.get(address, params=dict.fromkeys(NAMES, value))
            else:
                answer = browser.post(address, **dict.fromkeys(NAMES, value))
            assert answer.status_code < 500, (route, address)
            browser = browser if browser.csrf else house.person(Role.LEAD, Role.OPERATOR, name=f"Lea {address}")


def test_an_error_of_our_own_is_not_taken_for_a_strange_request(house: House) -> None:
    from dataclasses import replace

    def broken(source: object) -> str | None:
        raise ValueError("a fault in the program")

    house.services = replace(house.services, why_not=broken, sources={"one": None})  # type: ignore[dict-item]
    browser = house.person(Role.VIEWER)
    with pytest.raises(ValueError, match="a fault in the program"):
        browser.get("/sources")
