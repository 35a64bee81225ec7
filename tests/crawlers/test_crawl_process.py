"""A crawl as a process of its own, as jobs start it: it reads pages in children, listens to nobody, and ends."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.slow

SCRIPT = """
import json, sys
sys.path[:0] = [{repository!r}, {tests!r}]
from datetime import timedelta
import psutil
from crawlers.network_guard import Guard
from crawlers.reading_pool import ReadingPool
from crawlers.spiders.runner import crawl
from crawlers.spiders.setup import CrawlSetup, Identity
from crawlers.step import step_after
from domain.source import Source
from pool_families import ordinary
from dataclasses import replace
from domain.reading import FurtherRequest

place = {place!r}
source = Source("shops/x", "ordinary", (f"http://{{place}}/",), "tests", "tests", timedelta(hours=1))
family = replace(ordinary.FAMILY, first_requests=lambda source: tuple(map(FurtherRequest, source.start_urls)))
pool = ReadingPool(package="pool_families")
listening = []

async def handle(page):
    listening.extend(c for c in psutil.Process().net_connections("inet") if c.status == psutil.CONN_LISTEN)
    reading = await pool.read("ordinary", page)
    print(json.dumps({{"state": reading.state, "listings": len(reading.listings)}}), flush=True)
    return step_after(reading)

async def resolve(host):
    return ["127.0.0.1"]

async def on_failure(failure):
    print(json.dumps({{"kind": failure.kind, "url": failure.url}}), flush=True)

setup = CrawlSetup(
    source=source, family=family, handle=handle, on_failure=on_failure, identity=Identity("0.0"),
    guard=Guard.allowing([place]), resolve=resolve,
)
with pool:
    end = crawl(setup)
print(json.dumps({{"pages": end.pages, "stop": end.stop_reason, "listening": len(listening)}}), flush=True)
"""


def script_for(place: str) -> str:
    return SCRIPT.format(repository=str(REPOSITORY), tests=str(Path(__file__).parent), place=place)


def test_it_runs_from_start_to_end(httpserver) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/").respond_with_data("<ul><li><a>Claude Max</a><b>¥120</b></li></ul>")
    script = script_for(f"localhost:{httpserver.port}")
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines == [
        {"state": "fresh", "listings": 1},
        {"kind": "off_site", "url": "https://shop.example.test/2"},
        {"pages": 1, "stop": "", "listening": 0},
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to_and_does_not_wait_for_its_next_turn(httpserver, number) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 120", status=200)
    script = script_for(f"shop.example.test:{httpserver.port}")
    crawling = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    while not httpserver.log:
        time.sleep(0.05)
    crawling.send_signal(number)
    said, _ = crawling.communicate(timeout=8)
    assert crawling.returncode == 0
    assert json.loads(said)["stop"] == f"it was told to end ({number.name})"


def test_scrapys_own_commands_know_the_spider_and_cannot_start_it() -> None:
    listed = subprocess.run([sys.executable, "-m", "scrapy", "list"], cwd=REPOSITORY, capture_output=True, text=True)
    assert listed.stdout.split() == ["source"]
    started = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "source"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert "started by `undercut watch`" in started.stderr
    fetched = subprocess.run(
        [sys.executable, "-m", "scrapy", "fetch", "http://127.0.0.1:9/"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert "only crawls that Undercut starts" in fetched.stderr
