"""The browser transport with a real Chromium on loopback: scripts run, and nothing gets out that should not."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from crawlers.network_guard import Guard
from crawlers.spiders.setup import CrawlLimits
from crawlers.step import CrawlStep
from crawlers.transports.browser_process import BrowserProcess, find_chromium
from domain.reading import FurtherRequest
from domain.snapshot import Page
from tests.crawlers.conftest import Crawls, Web, World

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium on this machine"),
]

SCRIPTED = """<!doctype html><title>shop</title><div id=items>loading</div><script src="/app.js"></script>"""
APP = """
fetch('/api/list').then(answer => answer.json()).then(list => {
  document.getElementById('items').innerHTML = list.map(one => '<p class=item>' + one + '</p>').join('');
});
"""
SECRET = b"planted-secret-3f9a"


@pytest.fixture
def browser_crawls(crawls: Crawls) -> Crawls:
    crawls.source = replace(crawls.source, transport="browser")
    crawls.limits = CrawlLimits(answer_seconds=30.0, longest_wait_seconds=100.0)
    return crawls


@pytest_asyncio.fixture(loop_scope="session")
async def inner(world: World, reactor: object) -> AsyncIterator[Web]:
    """A service of our own network that nobody allowed: every path answers the secret."""
    site = Web(world)
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    cors = {"Access-Control-Allow-Origin": "*"}
    site._answer = lambda seen: _whole(cors, b"<p>" + SECRET + b"</p>")  # type: ignore[method-assign]
    yield site
    site.close()
    server.close()
    await server.wait_closed()


def _whole(headers: dict[str, str], body: bytes) -> bytes:
    lines = ["HTTP/1.1 200 X", *(f"{name}: {value}" for name, value in headers.items()), f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def stop(page: Page) -> CrawlStep:
    return CrawlStep()


async def test_a_page_is_read_as_its_scripts_leave_it(web: Web, browser_crawls: Crawls) -> None:
    web.page("/", SCRIPTED, content_type="text/html; charset=utf-8")
    web.page("/app.js", APP, content_type="text/javascript")
    web.page("/api/list", json.dumps(["Claude Max ¥280", "GPT Plus ¥95"]), content_type="application/json")
    crawled = await browser_crawls.run(stop)
    (page,) = crawled.pages
    assert b'<p class="item">Claude Max \xc2\xa5280</p>' in page.body
    assert (page.snapshot.status, page.snapshot.transport) == (200, "browser")
    assert page.snapshot.capture["browser"].startswith("Chromium ")
    assert page.snapshot.capture["connected_address"] == "127.0.0.1"
    assert int(page.snapshot.capture["loaded"]) >= 2
    assert page.snapshot.screenshot_sha256 is None
    asked = {seen.path: seen.headers["user-agent"] for seen in web.seen}
    assert list(asked)[:2] == ["/robots.txt", "/"]
    assert all(agent.startswith("Undercut/") for path, agent in asked.items())


# ruff: noqa: E501 - each page on a line of its own
def hostile_pages(inner: str, rebound: str, file: str) -> dict[str, str]:
    """Pages that try to have something fetched from `inner`, from a name that leads there, or from the disk."""
    show = ".then(a => a.text()).then(t => document.body.append(t))"
    return {
        "iframe": f"<iframe src='{inner}/a'></iframe>",
        "iframe srcdoc": f"<iframe srcdoc=\"<img src='{inner}/a'><iframe src='{inner}/b'></iframe>\"></iframe>",
        "iframe of a name": f"<iframe src='{rebound}/a'></iframe>",
        "frameset": f"<frameset><frame src='{inner}/a'></frameset>",
        "object": f"<object data='{inner}/a' type='text/html'></object>",
        "embed": f"<embed src='{inner}/a'>",
        "img": f"<img src='{inner}/a.png'><img srcset='{inner}/b.png 2x'>",
        "picture": f"<picture><source srcset='{inner}/a.webp'><img src='/none'></picture>",
        "css": f"<link rel=stylesheet href='{inner}/a.css'><style>@import '{inner}/b.css'; *{{background:url({inner}/c)}}</style>",
        "font": f"<style>@font-face{{font-family:x;src:url({inner}/f.woff)}} p{{font-family:x}}</style><p>text",
        "script": f"<script src='{inner}/a.js'></script>",
        "module": f"<script type=module>import('{inner}/a.js').catch(e => document.body.append(e))</script>",
        "script of a name": f"<script src='{rebound}/a.js'></script>",
        "fetch": f"<body><script>fetch('{inner}/a'){show}</script>",
        "fetch, opaque": f"<script>fetch('{inner}/a', {{mode: 'no-cors'}})</script>",
        "fetch of a name": f"<body><script>fetch('{rebound}/a'){show}</script>",
        "fetch, posted": f"<script>fetch('{inner}/a', {{method: 'POST', mode: 'no-cors', body: 'x'}})</script>",
        "xhr": f"<script>x = new XMLHttpRequest(); x.open('GET', '{inner}/a'); x.send()</script>",
        "beacon": f"<script>navigator.sendBeacon('{inner}/a', 'x')</script>",
        "ping": f"<a id=a ping='{inner}/a' href='#x'>x</a><script>document.getElementById('a').click()</script>",
        "event source": f"<script>new EventSource('{inner}/a')</script>",
        "websocket": f"<script>new WebSocket('{inner.replace('http', 'ws')}/a')</script>",
        "websocket of a name": f"<script>new WebSocket('{rebound.replace('http', 'ws')}/a')</script>",
        "web transport": f"<script>new WebTransport('{inner.replace('http:', 'https:')}/a')</script>",
        "webrtc": "<script>p = new RTCPeerConnection({iceServers: [{urls: 'stun:"
        + inner.partition("//")[2]
        + "'}]}); p.createDataChannel('x');"
        "p.createOffer().then(o => p.setLocalDescription(o))</script>",
        "worker": f"<script>new Worker(URL.createObjectURL(new Blob([\"fetch('{inner}/a')\"])))</script>",
        "worker that imports": f"<script>new Worker(URL.createObjectURL(new Blob([\"importScripts('{inner}/a')\"])))</script>",
        "worker with a socket": f"<script>new Worker(URL.createObjectURL(new Blob([\"new WebSocket('{inner.replace('http', 'ws')}/a')\"])))</script>",
        "shared worker": f"<script>new SharedWorker('data:text/javascript,fetch(\"{inner}/a\")')</script>",
        "service worker": "<script>navigator.serviceWorker.register('/sw.js')</script>",
        "worklet": f"<script>CSS.paintWorklet && CSS.paintWorklet.addModule('{inner}/a.js')</script>",
        "prefetch": f"<link rel=prefetch href='{inner}/a'><link rel=preload as=fetch href='{inner}/b'>",
        "preconnect": f"<link rel=preconnect href='{inner}'><link rel=dns-prefetch href='{inner}'>",
        "prerender": f'<script type=speculationrules>{{"prerender": [{{"urls": ["{inner}/a"]}}]}}</script>',
        "meta refresh": f"<meta http-equiv=refresh content='0;url={inner}/a'>",
        "meta refresh, later": f"<meta http-equiv=refresh content='1;url={inner}/a'>",
        "location": f"<script>location = '{inner}/a'</script>",
        "location, within the site": "<script>location = '/closed'</script>",
        "form": f"<form id=f action='{inner}/a' method=post></form><script>document.getElementById('f').submit()</script>",
        "popup": f"<script>window.open('{inner}/a')</script>",
        "popup, clicked": f"<a id=a target=_blank href='{inner}/a'>x</a><script>document.getElementById('a').click()</script>",
        "download": f"<a id=a download href='{inner}/a'>x</a><script>document.getElementById('a').click()</script>",
        "manifest and icon": f"<link rel=manifest href='{inner}/a'><link rel=icon href='{inner}/b'>",
        "video": f"<video src='{inner}/a.mp4' autoplay poster='{inner}/p.png'></video><audio src='{inner}/a.mp3'></audio>",
        "svg": f"<svg><image href='{inner}/a.png'/><use href='{inner}/b.svg#x'/></svg>",
        "base": f"<base href='{inner}/'><img src='a'><script src='b.js'></script>",
        "csp report": f"<meta http-equiv=Content-Security-Policy content=\"img-src 'none'; report-uri {inner}/a\"><img src=/x>",
        "file": f"<iframe src='{file}'></iframe><script>location = '{file}'</script>",
        "file, fetched": f"<body><script>fetch('{file}'){show}</script><script src='{file}'></script>",
        "view-source": f"<script>location = 'view-source:{file}'</script><iframe src='view-source:{inner}/a'></iframe>",
        "chrome": "<script>location = 'chrome://version'</script><iframe src='chrome://settings'></iframe>",
        "about and data": f"<iframe src=\"data:text/html,<img src='{inner}/a'><script src='{inner}/b'></script>\"></iframe>",
        "javascript": f"<script>location = 'javascript:fetch(\"{inner}/a\")'</script>",
        "rounds of 302": "<img src='/to-inner'><script src='/to-inner'></script>",
        "fetch through a redirect": f"<body><script>fetch('/to-inner'){show}</script>",
        "frame through a redirect": "<iframe src='/to-inner'></iframe>",
    }


@pytest.mark.timeout(600)
async def test_nothing_that_a_page_tries_reaches_our_own_network_or_disk(
    web: Web, inner: Web, browser_crawls: Crawls, tmp_path: Path
) -> None:
    file = tmp_path / "secret.txt"
    file.write_bytes(SECRET)
    spellings = [
        f"http://127.0.0.1:{inner.port}",
        f"http://localhost:{inner.port}",
        f"http://[::ffff:7f00:1]:{inner.port}",
    ]
    rebound = f"http://rebound.example.test:{inner.port}"
    browser_crawls.hosts["rebound.example.test"] = ["127.0.0.1"]
    web.page("/sw.js", f"fetch('{spellings[0]}/a')", content_type="text/javascript")
    web.page("/robots.txt", "User-agent: *\nDisallow: /closed")
    web.page("/to-inner", status=302, location=f"{spellings[0]}/redirected")
    web.page("/closed", SECRET)
    requests = []
    for number, (name, body) in enumerate(hostile_pages("INNER", rebound, file.as_uri()).items()):
        here = spellings[number % len(spellings)]
        web.page(f"/{number}", f"<!doctype html><p>{name}</p>{body.replace('INNER', here)}", content_type="text/html")
        requests.append(FurtherRequest(f"http://shop.example.test:{web.port}/{number}"))
    web.page("/last", "<!doctype html><p>still here</p>", content_type="text/html")
    requests += [
        FurtherRequest(f"http://shop.example.test:{web.port}/to-inner"),
        FurtherRequest(f"http://shop.example.test:{web.port}/last"),
    ]
    browser_crawls.first = tuple(requests)
    crawled = await browser_crawls.run(stop)

    assert inner.seen == []
    assert not [page.snapshot.url_asked for page in crawled.pages if SECRET in page.body]
    assert "/closed" not in web.paths()
    assert "still here" in crawled.pages[-1].body.decode()
    assert len(crawled.pages) + len(crawled.failures) == len(requests)
    assert len(crawled.pages) >= len(requests) - 2, [(failure.url, failure.detail) for failure in crawled.failures]
    redirect = next(page for page in crawled.pages if page.snapshot.url_asked.endswith("/to-inner"))
    assert (redirect.snapshot.status, redirect.body) == (302, b"")


async def test_limits_cost_a_page_and_the_crawl_goes_on(web: Web, browser_crawls: Crawls) -> None:
    hungry = "<script>all = []; for (;;) all.push(new Uint8Array(50e6).fill(1))</script>"
    pages = {
        "/loop": "<p>x</p><script>for (;;);</script>",
        "/memory": hungry,
        "/large": "<script>document.write('<p>' + 'x'.repeat(12e6) + '</p>')</script>",
        "/last": "<p>still here</p>",
    }
    for path, body in pages.items():
        web.page(path, f"<!doctype html>{body}", content_type="text/html")
    web.page("/file", b"\x00\x01", content_type="application/octet-stream", content_disposition="attachment")
    place = f"http://shop.example.test:{web.port}"
    browser_crawls.first = tuple(
        FurtherRequest(place + path) for path in ("/loop", "/memory", "/large", "/file", "/last")
    )
    browser_crawls.limits = CrawlLimits(answer_seconds=20.0, longest_wait_seconds=100.0)
    crawled = await browser_crawls.run(stop)
    failed = {failure.url.removeprefix(place): str(failure.kind) for failure in crawled.failures}
    assert failed["/loop"] == "timeout"
    assert failed["/memory"] in ("too_large", "timeout")
    assert failed["/large"] in ("too_large", "timeout")
    assert failed["/file"] == "guard"
    assert crawled.paths() == ["/last"]


async def test_redirects_and_robots_hold_as_for_any_transport(web: Web, browser_crawls: Crawls) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /closed")
    web.page("/moved", status=302, location="/there")
    web.page("/out", status=302, location="https://login.example.org/")
    web.page("/to-closed", status=302, location="/closed")
    web.page("/there", "<!doctype html><p>there</p>", content_type="text/html")
    web.page("/closed", "<p>never</p>", content_type="text/html")
    place = f"http://shop.example.test:{web.port}"
    browser_crawls.first = tuple(FurtherRequest(place + path) for path in ("/moved", "/out", "/to-closed", "/closed"))
    crawled = await browser_crawls.run(stop)
    out, moved = crawled.pages
    assert moved.snapshot.url_answered == f"{place}/there"
    assert json.loads(moved.snapshot.capture["redirects"]) == [[302, f"{place}/moved"]]
    assert (out.snapshot.status, out.snapshot.headers["location"]) == (302, "https://login.example.org/")
    assert crawled.kinds() == ["robots", "robots"]
    assert "/closed" not in web.paths()


async def test_a_screenshot_is_kept_where_the_source_asks(web: Web, browser_crawls: Crawls) -> None:
    web.page("/", "<!doctype html><p style='height:30000px'>tall</p><img src=/a.png>", content_type="text/html")
    kept: list[bytes] = []

    def keep(body: bytes) -> str:
        kept.append(body)
        return "digest"

    unasked = await browser_crawls.run(stop, keep=keep)
    assert (kept, unasked.pages[0].snapshot.screenshot_sha256) == ([], None)
    assert "/a.png" not in web.paths()
    browser_crawls.source = replace(browser_crawls.source, options={"screenshot": ("yes",)})
    asked = await browser_crawls.run(stop, keep=keep)
    (picture,) = kept
    assert asked.pages[0].snapshot.screenshot_sha256 == "digest"
    assert "/a.png" in web.paths()
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (1280, 8_000)


async def test_an_answer_that_is_no_html_is_kept_as_it_came(web: Web, browser_crawls: Crawls) -> None:
    web.page("/", b'{"a":  1}', content_type="application/json")
    (page,) = (await browser_crawls.run(stop)).pages
    assert page.body == b'{"a":  1}'
    assert "document_sha256" not in page.snapshot.capture


async def test_a_place_that_the_operator_allowed_by_name_is_reached(
    web: Web, inner: Web, browser_crawls: Crawls
) -> None:
    """The same script that is refused above: what keeps it out there is the guard, and not a page that tries nothing."""
    web.page(
        "/", f"<!doctype html><script src='http://127.0.0.1:{inner.port}/a.js'></script>", content_type="text/html"
    )
    browser_crawls.guard = Guard(browser_crawls.guard.allowed_places | {f"127.0.0.1:{inner.port}"})
    await browser_crawls.run(stop)
    assert inner.paths() == ["/a.js"]


async def test_the_memory_of_pages_is_seen_and_too_much_of_it_ends_the_browser(reactor: object) -> None:
    async with BrowserProcess("http://127.0.0.1:9") as process:
        page = await process.browser.new_page()
        before = process.memory_bytes()
        await page.evaluate("() => { window.held = new Uint8Array(300e6).fill(1); }")
        assert process.memory_bytes() - before > 250_000_000
    async with BrowserProcess("http://127.0.0.1:9", most_memory_bytes=1_000_000) as process:
        for _ in range(100):
            if process.too_large:
                break
            await asyncio.sleep(0.1)
        assert (process.too_large, process.killed) == (True, True)
