"""One visit of one page in the browser: what it loads is decided request by request, what it shows is taken down."""

import asyncio
import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, Page, Request, Route, WebSocketRoute
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from crawlers.network_guard import RefusedTargetError, Target, parse_target
from crawlers.spiders.failures import NoPageError
from crawlers.spiders.sites import site_of
from crawlers.step import FailureKind
from crawlers.transports.browser_process import BrowserProcess
from crawlers.transports.browser_proxy import GuardedProxy
from crawlers.transports.browser_rules import VisitRules
from domain.hostile_text import one_line

VIEWPORT = (1280, 900)
TALLEST_SCREENSHOT = 8_000
LOAD_SECONDS = 10.0
SETTLE_SECONDS = 4.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Visited:
    """What a page came to: the answer's status and headers, the document as it stands once scripts have run.

    `document_sha256` is the digest of what the place sent before that. `loaded` and `refused` count what the page asked
    for beside itself. A redirect is not followed: it comes with its status and an empty body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    document_sha256: str = ""
    screenshot: bytes | None = None
    loaded: int = 0
    refused: int = 0


@dataclass  # without slots: Playwright notes its wrappers on whoever handles its events
class Visit:
    """A visit in its making. `most_bytes` bounds the document."""

    target: Target
    process: BrowserProcess
    proxy: GuardedProxy
    user_agent: str
    most_bytes: int
    with_screenshot: bool = False
    _asked: bool = False
    _loaded: int = 0
    _refused: int = 0
    _redirect: tuple[int, dict[str, str]] | None = None
    _crashed: bool = False
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def run(self, seconds: float) -> Visited:
        """Visit the page; raises NoPageError for whatever keeps it from being seen in time and within limits."""
        self.proxy.begin_visit()
        self.proxy.open_to(self.target)
        try:
            async with asyncio.timeout(seconds):
                context = await self._context()
                try:
                    return await self._in(context)
                finally:
                    await context.close()
        except TimeoutError as error:
            # A page that never lets go holds its renderer; the next page gets another.
            self.process.kill()
            raise NoPageError(FailureKind.TIMEOUT, f"the page was not done in {seconds:g} s") from error
        except PlaywrightError as error:
            raise self._told(error) from error
        finally:
            for task in self._tasks:
                task.cancel()

    async def _context(self) -> BrowserContext:
        context = await self.process.browser.new_context(
            user_agent=self.user_agent,
            viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]},
            locale="en-US",
            timezone_id="UTC",
            accept_downloads=False,
            service_workers="block",
            ignore_https_errors=False,
            permissions=[],
        )
        await context.route("**/*", self._on_request)
        await context.route_web_socket("**/*", self._on_socket)
        return context

    async def _in(self, context: BrowserContext) -> Visited:
        page = await context.new_page()
        context.on("page", lambda popup: self._later(popup.close()))
        page.on("dialog", lambda dialog: self._later(dialog.dismiss()))
        page.on("crash", lambda _page: self._note_crash())
        await self._stop_redirects(context, page)
        try:
            response = await page.goto(self.target.href, wait_until="commit")
        except PlaywrightError:
            if self._redirect is not None:
                status, headers = self._redirect
                return Visited(status, headers, b"", loaded=self._loaded, refused=self._refused)
            raise
        reason = self.proxy.reasons.get(self.target.place)
        if response is None or reason is not None:
            raise reason or NoPageError(FailureKind.CONNECTION, "the browser got no answer")
        # What has not come by then does not come; the page is taken as it stands.
        with contextlib.suppress(PlaywrightTimeoutError):
            await page.wait_for_load_state("load", timeout=LOAD_SECONDS * 1000)
            await page.wait_for_load_state("networkidle", timeout=SETTLE_SECONDS * 1000)
        if parse_target(page.url).origin != self.target.origin:
            raise NoPageError(FailureKind.GUARD, "the page left its own address")
        sent = await response.body()
        headers = await response.all_headers()
        shown = "html" in headers.get("content-type", "html").lower()
        body = (await page.content()).encode("utf-8", "replace") if shown else sent
        if len(body) > self.most_bytes:
            raise NoPageError(FailureKind.TOO_LARGE, "the document is larger than a page may be")
        return Visited(
            status=response.status,
            headers=_kept(headers, shown=shown),
            body=body,
            document_sha256=hashlib.sha256(sent).hexdigest() if shown else "",
            screenshot=await self._screenshot(context, page) if self.with_screenshot and shown else None,
            loaded=self._loaded,
            refused=self._refused + self.proxy.refused,
        )

    async def _stop_redirects(self, context: BrowserContext, page: Page) -> None:
        """Redirects of the page are ours to follow, through every gate; Playwright follows them unasked."""
        session = await context.new_cdp_session(page)

        async def on_paused(event: dict[str, Any]) -> None:
            status = event.get("responseStatusCode", 0)
            headers = {str(pair["name"]).lower(): str(pair["value"]) for pair in event.get("responseHeaders", ())}
            if status in _REDIRECTS and "location" in headers:
                self._redirect = self._redirect or (status, _kept(headers, shown=False))
                order, more = "Fetch.failRequest", {"errorReason": "Aborted"}
            else:
                order, more = "Fetch.continueRequest", {}
            with contextlib.suppress(PlaywrightError):
                await session.send(order, {"requestId": event["requestId"], **more})

        session.on("Fetch.requestPaused", lambda event: self._later(on_paused(event)))
        pattern = {"urlPattern": "*", "resourceType": "Document", "requestStage": "Response"}
        await session.send("Fetch.enable", {"patterns": [pattern]})

    async def _on_request(self, route: Route, request: Request) -> None:
        with contextlib.suppress(PlaywrightError):
            if self._may_load(request):
                await route.continue_()
            else:
                # Any other reason would put the browser's own error page in the place of the page.
                await route.abort("aborted")

    def _may_load(self, request: Request) -> bool:
        try:
            target = parse_target(request.url)
        except RefusedTargetError:
            self._refused += 1
            return False
        if not self._asked and request.is_navigation_request() and target.href == self.target.href:
            self._asked = True
            return True
        rules = VisitRules(site_of(self.target), with_pictures=self.with_screenshot)
        if rules.why_not(request.resource_type, request.method, target, loaded=self._loaded) is not None:
            self._refused += 1
            return False
        self._loaded += 1
        self.proxy.open_to(target)
        return True

    async def _on_socket(self, socket: WebSocketRoute) -> None:
        self._refused += 1
        with contextlib.suppress(PlaywrightError):
            await socket.close()

    async def _screenshot(self, context: BrowserContext, page: Page) -> bytes:
        """The whole page, or as much of a tall one as fits into a picture that can be looked at."""
        session = await context.new_cdp_session(page)
        metrics = await session.send("Page.getLayoutMetrics")
        height = min(max(int(metrics["cssContentSize"]["height"]), VIEWPORT[1]), TALLEST_SCREENSHOT)
        clip = {"x": 0.0, "y": 0.0, "width": float(VIEWPORT[0]), "height": float(height)}
        return await page.screenshot(full_page=True, clip=clip, type="png", animations="disabled")  # type: ignore[arg-type]

    def _later(self, work: Any) -> None:
        async def quietly() -> None:
            with contextlib.suppress(PlaywrightError):
                await work

        task = asyncio.ensure_future(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _note_crash(self) -> None:
        self._crashed = True

    def _told(self, error: PlaywrightError) -> NoPageError:
        """What the browser says went wrong, in our words."""
        said = error.message
        if self.process.too_large or self._crashed or "crash" in said.lower():
            return NoPageError(FailureKind.TOO_LARGE, "the page took more memory than a page may")
        reason = self.proxy.reasons.get(self.target.place)
        if reason is not None:
            return reason
        if "ERR_CERT" in said or "ERR_SSL" in said:
            return NoPageError(FailureKind.CERTIFICATE, "the host's certificate or encryption is not acceptable")
        if "download" in said.lower():
            return NoPageError(FailureKind.GUARD, "the address is a download and no page")
        return NoPageError(FailureKind.CONNECTION, f"the browser got no page ({one_line(said, 80)})")


def _kept(headers: Mapping[str, str], *, shown: bool) -> dict[str, str]:
    """Headers of the answer, without those that describe the bytes on the wire; a shown document is always UTF-8."""
    wire = ("content-encoding", "content-length", "transfer-encoding", "set-cookie")
    kept = {name: value.replace("\n", ", ")[:8_192] for name, value in headers.items() if name not in wire}
    if shown:
        kept["content-type"] = "text/html; charset=utf-8"
    return kept
