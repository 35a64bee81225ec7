"""Crawls against a real server on loopback: what is asked, when, and what becomes of it."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest

from crawlers.memory import ShortMemory
from crawlers.network_guard import Guard
from crawlers.step import CrawlStep
from domain.reading import FurtherRequest
from domain.source import Manners, RobotsException

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_pages_are_handed_on_with_how_they_were_got(web, crawls) -> None:
    web.page("/", b"hello", Content_Type="text/plain", X_Twice="a")
    crawled = await crawls.run()
    (page,) = crawled.pages
    assert page.body == b"hello"
    snapshot = page.snapshot
    assert snapshot.source == "shops/tiny"
    assert snapshot.status == 200
    assert snapshot.headers["content-type"] == "text/plain"
    assert snapshot.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert snapshot.body_bytes == 5
    assert snapshot.fetched_at == crawls.world.now
    assert snapshot.transport == "plain"
    assert snapshot.capture["connected_address"] == "127.0.0.1"
    assert snapshot.capture["robots"].startswith("open: robots.txt of 2026-03-01T12:00:00Z, status 404")
    assert snapshot.capture["user_agent"] == "Undercut/0.0 (+https://undercut.example.test/contact)"
    assert "certificate_sha256" not in snapshot.capture
    assert crawled.end.pages == 1
    assert crawled.end.stop_reason == ""


async def test_we_say_who_we_are_and_nothing_else(web, crawls) -> None:
    web.page("/", f'<a href="http://shop.example.test:{web.port}/next">', Set_Cookie="a=b")
    web.page("/next")
    await crawls.run()
    assert web.paths() == ["/robots.txt", "/", "/next"]
    for seen in web.seen:
        assert seen.headers["user-agent"] == "Undercut/0.0 (+https://undercut.example.test/contact)"
        assert not {"cookie", "referer", "authorization"} & set(seen.headers)
        assert seen.headers["accept-encoding"] == "gzip, deflate, br, zstd"


async def test_context_travels_and_a_body_makes_a_post(web, crawls) -> None:
    web.page("/list", b"{}")
    url = f"http://shop.example.test:{web.port}/list"
    crawls.first = (FurtherRequest(url, context={"rate": "7.3"}, body='{"page":1}', headers={"X-Page": "1"}),)
    crawled = await crawls.run(lambda page: CrawlStep())
    (page,) = crawled.pages
    assert page.snapshot.context == {"rate": "7.3"}
    assert page.snapshot.capture["method"] == "POST"
    posted = web.seen[-1]
    assert (posted.method, posted.body) == ("POST", b'{"page":1}')
    assert posted.headers["content-type"] == "application/json"
    assert posted.headers["x-page"] == "1"


async def test_gaps_hold_between_all_requests_of_a_host_and_from_crawl_to_crawl(web, crawls) -> None:
    base = f"http://shop.example.test:{web.port}"
    web.page("/", "".join(f'<a href="{base}/{number}">' for number in range(20)))
    for number in range(20):
        web.page(f"/{number}")
    await crawls.run()
    crawls.source = replace(crawls.source, name="shops/other")
    await crawls.run()
    assert len(web.seen) == 1 + 21 * 2
    gaps = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(web.seen)]
    assert min(gaps) >= 10.0
    assert max(gaps) <= 12.0


async def test_two_crawls_of_one_host_share_its_turns(web, crawls) -> None:
    base = f"http://shop.example.test:{web.port}"
    crawls.first = tuple(FurtherRequest(f"{base}/{number}") for number in range(12))
    crawls.world.settle_seconds = 0.02
    other = replace(crawls, source=replace(crawls.source, name="shops/other"))
    await asyncio.gather(crawls.run(), other.run())
    assert web.paths().count("/0") == 2
    gaps = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(web.seen)]
    assert min(gaps) >= 10.0


async def test_an_allowed_loopback_host_is_not_waited_for(web, crawls) -> None:
    crawls.guard = Guard.allowing([f"127.0.0.1:{web.port}"])
    crawls.first = tuple(FurtherRequest(f"http://127.0.0.1:{web.port}/{number}") for number in range(10))
    await crawls.run()
    assert crawls.world.rested == []
    assert crawls.memory.hosts == {}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_within_the_site_is_followed_politely(web, crawls, status) -> None:
    web.page("/", status=status, Location="/moved?x=1")
    web.page("/moved?x=1", b"here")
    crawled = await crawls.run()
    (page,) = crawled.pages
    assert page.snapshot.url_asked.endswith(f":{web.port}/")
    assert page.snapshot.url_answered.endswith("/moved?x=1")
    assert f"[{status}, " in page.snapshot.capture["redirects"]
    gaps = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(web.seen)]
    assert min(gaps) >= 10.0


@pytest.mark.parametrize(
    "location",
    ["https://login.example.com/", "//passport.example.org/x", "javascript:alert(1)", "file:///etc/passwd", ""],
)
async def test_a_redirect_out_of_the_site_is_the_answer(web, crawls, location) -> None:
    web.page("/", b"moved", status=302, Location=location)
    crawled = await crawls.run()
    (page,) = crawled.pages
    assert page.snapshot.status == 302
    assert page.snapshot.headers["location"] == location
    assert web.paths() == ["/robots.txt", "/"]


async def test_redirects_without_end_are_given_up(web, crawls) -> None:
    for number in range(10):
        web.page(f"/{number}" if number else "/", status=302, Location=f"/{number + 1}")
    crawled = await crawls.run()
    assert crawled.kinds() == ["redirects"]
    assert web.paths() == ["/robots.txt", "/", "/1", "/2", "/3", "/4", "/5"]


async def test_what_robots_forbids_is_not_asked_for_and_told(web, crawls) -> None:
    base = f"http://shop.example.test:{web.port}"
    web.page("/robots.txt", "User-agent: undercut\nDisallow: /private\nCrawl-delay: 30")
    web.page("/", f'<a href="{base}/private/x"><a href="{base}/open"><a href="{base}/hop">')
    web.page("/open")
    web.page("/hop", status=302, Location="/private/y")
    crawled = await crawls.run()
    assert web.paths() == ["/robots.txt", "/", "/open", "/hop"]
    assert crawled.kinds() == ["robots", "robots"]
    assert "forbids" in crawled.failures[0].detail
    gaps = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(web.seen[1:])]
    assert min(gaps) >= 30.0


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_robots_that_cannot_be_reached_closes_the_host(web, crawls, status) -> None:
    web.page("/robots.txt", status=status)
    web.page("/", b"never")
    crawled = await crawls.run()
    assert "/" not in web.paths()
    assert crawled.kinds() == ["robots"]


async def test_robots_is_asked_for_once_a_day_however_many_crawls_there_are(web, crawls) -> None:
    web.page("/")
    await crawls.run()
    await crawls.run()
    assert web.paths() == ["/robots.txt", "/", "/"]
    crawls.world.pass_time(86_400)
    await crawls.run()
    assert web.paths() == ["/robots.txt", "/", "/", "/robots.txt", "/"]


async def test_robots_may_be_redirected_five_times_and_no_more(web, crawls) -> None:
    for number in range(9):
        web.page(f"/r{number}", status=301, Location=f"/r{number + 1}")
    web.page("/robots.txt", status=301, Location="/r5")
    web.page("/r9", "User-agent: *\nDisallow: /")
    crawled = await crawls.run()
    assert crawled.kinds() == ["robots"]
    crawls.memory = ShortMemory()
    web.page("/robots.txt", status=301, Location="/r1")
    web.page("/")
    crawled = await crawls.run()
    assert crawled.kinds() == []


async def test_a_documented_exception_stands_in_the_page(web, crawls) -> None:
    exception = RobotsException("a published interface", "https://docs.example.test/api")
    crawls.source = replace(crawls.source, manners=Manners(robots_exception=exception))
    web.page("/robots.txt", "User-agent: *\nDisallow: /")
    web.page("/")
    crawled = await crawls.run()
    assert web.paths() == ["/"]
    robots = crawled.pages[0].snapshot.capture["robots"]
    assert robots == "not asked: a published interface (https://docs.example.test/api)"


async def test_a_stopping_step_ends_the_crawl_within_one_request(web, crawls) -> None:
    base = f"http://shop.example.test:{web.port}"
    crawls.first = tuple(FurtherRequest(f"{base}/{number}") for number in range(10))
    for number in range(10):
        web.page(f"/{number}")
    crawled = await crawls.run(lambda page: CrawlStep(stop=True, refused=True, reason="blocked: challenge"))
    assert web.paths() == ["/robots.txt", "/0"]
    assert crawled.kinds() == []
    assert crawled.end.stop_reason == "blocked: challenge"
    state = crawls.memory.hosts["shop.example.test"]
    assert state.back_off_level == 1
    assert state.pause_reason == "blocked: challenge"


async def test_a_crawl_whose_time_is_over_does_not_wait_for_its_next_turn(web, crawls) -> None:
    async def rest(seconds):
        await asyncio.sleep(60)

    crawls.limits = replace(crawls.limits, crawl_seconds=0.3)
    crawled = await crawls.run(rest=rest)
    assert crawled.end.stop_reason == "the crawl's 0.3 s are over"
    assert crawled.kinds() == []
    assert web.paths() == ["/robots.txt"]


async def test_a_refused_host_is_left_alone_by_the_next_crawl_for_longer_each_time(web, crawls) -> None:
    web.page("/", status=429, Retry_After="200")
    crawled = await crawls.run(lambda page: CrawlStep(stop=True, refused=True, settled=False, reason="rate_limited"))
    assert crawled.pages[0].snapshot.status == 429
    crawled = await crawls.run()
    assert crawled.kinds() == ["not_yet"]
    (failure,) = crawled.failures
    assert (failure.next_try_at - crawls.world.now).total_seconds() == pytest.approx(200)
    assert web.paths().count("/") == 1
    crawls.world.pass_time(201)
    web.page("/")
    await crawls.run()
    assert web.paths().count("/") == 2
    assert crawls.memory.hosts["shop.example.test"].back_off_level == 0


async def test_the_daily_budget_of_a_host_ends_the_crawl(web, crawls) -> None:
    base = f"http://shop.example.test:{web.port}"
    crawls.source = replace(crawls.source, manners=Manners(pages_per_day=4))
    crawls.first = tuple(FurtherRequest(f"{base}/{number}") for number in range(10))
    crawled = await crawls.run()
    assert len(web.seen) == 4
    assert crawled.kinds() == ["budget"]
    assert crawled.end.stop_reason.startswith("budget: ")


async def test_a_crawl_asks_for_no_more_pages_than_its_limit(web, crawls) -> None:
    base = f"http://shop.example.test:{web.port}"
    web.page("/", "".join(f'<a href="{base}/{number}">' for number in range(20)))
    crawls.limits = replace(crawls.limits, pages=5)
    crawled = await crawls.run()
    assert len(crawled.pages) == 5
    assert set(crawled.kinds()) == {"budget"}


async def test_links_out_of_the_site_are_told_and_not_asked_for(web, crawls) -> None:
    links = ["https://elsewhere.example.org/", "http://127.0.0.1:1/", "http://169.254.169.254/", "file:///etc/passwd"]
    web.page("/", "".join(f'<a href="{link}">' for link in links))
    crawled = await crawls.run()
    assert crawled.kinds() == ["off_site", "off_site", "off_site", "guard"]
    assert web.paths() == ["/robots.txt", "/"]


async def test_unchanged_pages_are_not_sent_again(web, crawls) -> None:
    def answer(seen):
        if seen.headers.get("if-none-match") == '"v1"':
            return 304, {"ETag": '"v1"'}, b""
        return 200, {"ETag": '"v1"', "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT"}, b"content"

    web.answers["/"] = answer
    first = await crawls.run(lambda page: CrawlStep(settled=False))
    again = await crawls.run(lambda page: CrawlStep(settled=True))
    third = await crawls.run()
    assert [c.pages[0].snapshot.status for c in (first, again, third)] == [200, 200, 304]
    assert web.seen[-1].headers["if-modified-since"] == "Sun, 01 Mar 2026 10:00:00 GMT"
    assert third.pages[0].body == b""


async def test_what_a_handler_raises_ends_the_crawl_and_is_raised_again(web, crawls) -> None:
    base = f"http://shop.example.test:{web.port}"
    crawls.first = tuple(FurtherRequest(f"{base}/{number}") for number in range(10))

    def broken(page):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        await crawls.run(broken)
    assert web.paths() == ["/robots.txt", "/0"]


async def test_an_interfaces_token_goes_there_and_nowhere_else(web, crawls) -> None:
    api = f"api.localhost:{web.port}"
    crawls.guard = Guard.allowing([api])
    crawls.source = replace(crawls.source, start_urls=(f"http://{api}/",))
    web.page("/", status=302, Location=f"http://raw.api.localhost:{web.port}/x")
    crawled = await crawls.run(token="ghp_" + "x" * 36)
    assert web.seen[-1].headers["authorization"] == "Bearer ghp_" + "x" * 36
    assert "ghp_" not in repr(crawled.pages)
    # The same token is not sent in the clear to a host that is not loopback's.
    web.seen.clear()
    place = f"shop.example.test:{web.port}"
    crawls.guard = Guard.allowing([place])
    crawls.source = replace(crawls.source, start_urls=(f"http://{place}/",))
    await crawls.run(token="ghp_" + "x" * 36)
    assert all("authorization" not in seen.headers for seen in web.seen)
