"""The reference of `line_overhead`: a plain Scrapy spider that only fetches pages and writes the listings' fields.

`python -m benchmarks.plain_spider ADDRESSES OUTPUT`: a JSON file of addresses in, JSON lines out; prints how many pages
and the seconds between the first and the last.
"""

import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import HtmlResponse, Response

REQUESTS_AT_ONCE = 4
SETTINGS = {
    "CONCURRENT_REQUESTS": REQUESTS_AT_ONCE,
    "CONCURRENT_REQUESTS_PER_DOMAIN": REQUESTS_AT_ONCE,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "ERROR",
    "REMOTE_CONTROL_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "TELNETCONSOLE_ENABLED": False,
}


class PlainSpider(Spider):
    """Fetches every address and writes each post's fields."""

    name = "plain"

    def __init__(self, addresses: list[str], output: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.addresses = addresses
        self.output = output.open("w", encoding="utf-8")
        self.times: list[float] = []

    async def start(self) -> AsyncIterator[Request]:
        """Every address."""
        for address in self.addresses:
            yield Request(address)

    def parse(self, response: Response, **kwargs: Any) -> None:
        """Write the listings of a page."""
        if not isinstance(response, HtmlResponse):
            return
        for listing in _listings(response):
            self.output.write(json.dumps(listing, ensure_ascii=False) + "\n")
        self.times.append(time.perf_counter())

    def closed(self, reason: str) -> None:
        """The file is whole."""
        self.output.close()


def _listings(response: HtmlResponse) -> Iterator[dict[str, object]]:
    for post in response.css("div.tgme_widget_message[data-post]"):
        text = post.css(".js-message_text")
        yield {
            "external_id": post.attrib["data-post"],
            "url": post.css("a.tgme_widget_message_date::attr(href)").get(),
            "title": response.css(".tgme_channel_info_header_title span::text").get(),
            "text": "\n".join(text.css("::text").getall()),
            "posted_at": post.css("time::attr(datetime)").get(),
            "views": post.css(".tgme_widget_message_views::text").get(),
            "links": text.css("a::attr(href)").getall(),
            "images": post.css("a.tgme_widget_message_photo_wrap::attr(style)").getall(),
        }


def main(arguments: list[str]) -> int:
    """0 when every page was fetched."""
    addresses = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    process = AsyncCrawlerProcess(SETTINGS)
    crawler = process.create_crawler(PlainSpider)
    process.crawl(crawler, addresses=addresses, output=Path(arguments[1]))
    process.start()
    spider = crawler.spider
    times = spider.times if isinstance(spider, PlainSpider) else []
    print(json.dumps({"pages": len(times), "seconds": times[-1] - times[0] if times else 0.0}))
    return 0 if len(times) == len(addresses) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
