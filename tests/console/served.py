"""A console that answers on loopback, and what real browsers need of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.routing import COOKIE
from line.access import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import BrowserContext, Page

    from tests.console.conftest import House

CHROMIUM = "/usr/bin/chromium"


class Served:
    """A console that answers on loopback, and the house behind it."""

    def __init__(self, house: House, address: str) -> None:
        self.house = house
        self.address = address

    def enter(self, chromium: Chromium, *roles: Role, name: str, **options: object) -> BrowserContext:
        """A browser of somebody who is logged in."""
        browser = self.house.person(*roles, name=name)
        context = chromium.new_context(**options)
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": COOKIE, "value": browser.token, "url": self.address, "sameSite": "Strict"}])
        return context


def watch(page: Page, complaints: list[str]) -> None:
    """Collect everything that the browser complains of."""
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
