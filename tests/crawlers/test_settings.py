"""The settings of a crawl, and that nothing in the tree can loosen its manners."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object, walk_modules_iter

from crawlers import settings as crawl_settings
from crawlers.memory import ShortMemory
from crawlers.network_guard import parse_target
from crawlers.politeness import GENERAL_FLOOR, PUBLISHED_FLOORS, pace_for
from crawlers.settings import scrapy_settings
from crawlers.spiders.base import SourceSpider
from crawlers.spiders.setup import CrawlLimits, CrawlSetup, Identity, SetupError
from crawlers.step import CrawlStep
from crawlers.transports.chain import CHAIN, HANDLERS
from domain.source import Access, Manners
from tests.conftest import REPOSITORY

CRAWLERS = REPOSITORY / "crawlers"


async def handle(page: object) -> CrawlStep:
    return CrawlStep()


async def on_failure(failure: object) -> None:
    return None


@pytest.fixture
def setup(tiny_family, tiny_source) -> CrawlSetup:
    return CrawlSetup(
        source=tiny_source("https://shop.example.test/"),
        family=tiny_family(),
        handle=handle,
        on_failure=on_failure,
        identity=Identity("1.2.3", "https://undercut.example.test/contact"),
    )


def test_what_is_open_or_lax_by_default_is_closed(setup) -> None:
    settings = scrapy_settings(setup)
    expected: dict[str, Any] = {
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_MAXSIZE": 10 * 1024 * 1024,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "USER_AGENT": "Undercut/1.2.3 (+https://undercut.example.test/contact)",
    }
    assert {name: settings[name] for name in expected} == expected
    assert not {429, 503} & set(settings["RETRY_HTTP_CODES"])
    others = {scheme: path for scheme, path in settings["DOWNLOAD_HANDLERS"].items() if scheme not in ("http", "https")}
    assert others == {"data": None, "file": None, "ftp": None, "s3": None}
    assert set(default_settings.DOWNLOAD_HANDLERS_BASE) == set(settings["DOWNLOAD_HANDLERS"])
    assert not any("remote_control" in name or "telnet" in name for name in settings["EXTENSIONS_BASE"])


def test_every_name_is_one_that_this_scrapy_knows() -> None:
    known = set(default_settings.__all__)
    ours = {name for name in vars(crawl_settings) if name.isupper()}
    assert not ours - known


def test_every_transport_has_the_whole_chain(setup, tmp_path) -> None:
    for transport in HANDLERS:
        archive = tmp_path if transport == "replay" else None
        chosen = replace(setup, source=replace(setup.source, transport=transport), replay_from=archive)
        settings = scrapy_settings(chosen)
        assert settings["DOWNLOADER_MIDDLEWARES"] == CHAIN
        assert settings["DOWNLOADER_MIDDLEWARES_BASE"] == {}
        differences = {name for name, value in scrapy_settings(setup).items() if settings[name] != value}
        assert differences <= {"DOWNLOAD_HANDLERS"}
    for path in (*CHAIN, *HANDLERS.values()):
        load_object(path)


def test_robots_come_first_and_politeness_last() -> None:
    order = [path.rpartition(".")[2] for path, _ in sorted(CHAIN.items(), key=lambda item: item[1])]
    assert order[:2] == ["TargetGate", "RobotsGate"]
    assert order[-1] == "PolitenessGate"


def test_no_answer_may_outlast_its_turn(setup) -> None:
    with pytest.raises(SetupError, match="60 s at most"):
        scrapy_settings(replace(setup, limits=CrawlLimits(answer_seconds=61)))


def test_a_replay_needs_an_archive(setup) -> None:
    with pytest.raises(SetupError, match="no archive"):
        scrapy_settings(replace(setup, source=replace(setup.source, transport="replay")))


def test_what_is_replayed_leaves_no_memory(setup, tmp_path) -> None:
    memory = ShortMemory()
    assert replace(setup, memory=memory).memory is memory
    assert replace(setup, memory=memory, replay_from=tmp_path).memory is not memory


def test_an_unknown_transport_is_named(setup) -> None:
    with pytest.raises(SetupError, match="there are: "):
        scrapy_settings(replace(setup, source=replace(setup.source, transport="carrier pigeon")))


@pytest.mark.parametrize("access", [Access.IMPORT_ONLY, Access.OPERATOR_SESSION])
def test_places_that_no_crawler_may_read_are_not_crawled(setup, access) -> None:
    with pytest.raises(SetupError, match="not read by a crawler"):
        replace(setup, source=replace(setup.source, access=access)).first_requests()


def test_a_missing_token_is_named_by_its_variable(setup) -> None:
    source = replace(setup.source, access=Access.API_TOKEN, token_variable="EXAMPLE_TOKEN")
    with pytest.raises(SetupError, match="EXAMPLE_TOKEN"):
        replace(setup, source=source).first_requests()
    assert replace(setup, source=source, token="x").first_requests()
    assert "secret-token" not in repr(replace(setup, token="secret-token"))


def test_no_spider_has_settings_of_its_own() -> None:
    spiders = [
        thing
        for module in walk_modules_iter("crawlers.spiders")
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, SourceSpider)
    ]
    assert spiders
    for spider in spiders:
        assert spider.custom_settings is None
        assert not hasattr(spider, "download_delay")
        assert not hasattr(spider, "handle_httpstatus_list")


LOOSENING = re.compile(
    r"dont_obey_robotstxt|custom_settings|download_delay|DOWNLOAD_DELAY|DOWNLOAD_SLOTS|download_slot|ROBOTSTXT_OBEY"
    r"|RANDOMIZE_DOWNLOAD_DELAY|update_settings|robotstxt_obey"
)


def test_no_file_but_the_settings_speaks_of_what_could_loosen_the_manners() -> None:
    speaking = [
        str(path.relative_to(CRAWLERS))
        for path in CRAWLERS.rglob("*.py")
        if path.name != "settings.py" and LOOSENING.search(path.read_text(encoding="utf-8"))
    ]
    assert speaking == []


def shipped_sources() -> list[Path]:
    return sorted((CRAWLERS / "sources").rglob("*.yml"))


@pytest.mark.parametrize("path", shipped_sources(), ids=lambda path: path.stem)
def test_no_shipped_source_asks_for_less_than_its_hosts_floor(path: Path) -> None:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    manners = written.get("manners", {})
    for url in written.get("start_urls", []):
        floor = PUBLISHED_FLOORS.get(parse_target(url).host, GENERAL_FLOOR)
        assert manners.get("delay_seconds", 10.0) >= floor.delay_seconds, path
        assert manners.get("pages_per_day", 500) <= floor.most_pages_per_day, path


@pytest.mark.parametrize("host", ["shop.example.test", "t.me", "github.com", *PUBLISHED_FLOORS])
def test_no_manners_loosen_a_floor(host: str) -> None:
    floor = PUBLISHED_FLOORS.get(host, GENERAL_FLOOR)
    pace = pace_for(host, Manners(delay_seconds=-5, pages_per_day=10**9), crawl_delay_seconds=0)
    assert pace.least_seconds >= floor.delay_seconds
    assert pace.pages_per_day == floor.most_pages_per_day
    assert not pace.exempt


def test_the_explanation_of_our_manners_names_every_floor() -> None:
    told = (REPOSITORY / "docs" / "explanation" / "manners.md").read_text(encoding="utf-8")
    for host, floor in PUBLISHED_FLOORS.items():
        row = f"| `{host}` | {floor.delay_seconds:g} s | {floor.most_pages_per_day:,} |"
        assert row in told, f"docs/explanation/manners.md lacks: {row}"


def test_a_place_whose_terms_limit_programs_is_read_only_with_somebodys_word(setup) -> None:
    limited = replace(setup.source, terms_limit_programs=True)
    with pytest.raises(SetupError, match="nobody's review is named"):
        replace(setup, source=limited).first_requests()
    assert replace(setup, source=limited, permission="terms reviewed by A. Person").first_requests()
