"""Runs one crawl to its end and says how it went."""

import asyncio
import logging
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, AsyncCrawlerRunner

from crawlers.settings import scrapy_settings
from crawlers.spiders.base import SourceSpider
from crawlers.spiders.setup import CrawlSetup

if TYPE_CHECKING:
    from scrapy import signals
from scrapy.crawler import Crawler


@dataclass(frozen=True, slots=True)
class CrawlEnd:
    """How a crawl ended: what was asked for, handed on and told of, and why it stopped early (empty if it did not)."""

    asked: int
    pages: int
    failures: int
    stop_reason: str


def crawl(setup: CrawlSetup) -> CrawlEnd:
    """Crawl one source in this process, which can do so once; blocks until the end.

    Raises SetupError and RefusedTargetError for a source that cannot be crawled, and whatever `handle`, `on_failure`
    or the memory raised.
    """
    process = AsyncCrawlerProcess(scrapy_settings(setup))
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # Scrapy opens it to DEBUG, and so writes every request
    crawler = process.create_crawler(SourceSpider)
    crawler.signals.connect(_end_when_told, signals.spider_opened)
    ending = process.crawl(crawler, setup=setup)
    process.start(install_signal_handlers=False)
    ending.result()
    return _end_of(crawler)


async def crawl_in_loop(setup: CrawlSetup) -> CrawlEnd:
    """The same within a running loop whose Twisted reactor is installed and started; for tests and benchmarks."""
    runner = AsyncCrawlerRunner(scrapy_settings(setup))
    crawler = runner.create_crawler(SourceSpider)
    await runner.crawl(crawler, setup=setup)
    return _end_of(crawler)


def _end_when_told(spider: SourceSpider) -> None:
    """An interruption drops what waits for its turn; Scrapy's own handler would wait for it, minutes perhaps."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, spider.stop, f"it was told to end ({number.name})")


def _end_of(crawler: "Crawler") -> CrawlEnd:
    spider = crawler.spider
    if not isinstance(spider, SourceSpider):
        raise TypeError(f"the crawl ran {type(spider).__name__}")
    if spider.crash is not None:
        raise spider.crash
    return CrawlEnd(spider.asked, spider.pages, spider.failures, spider.stop_reason)
