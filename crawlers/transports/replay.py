"""The replay transport: answers from saved pages through the same chain, and never opens a connection."""

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from crawlers.spiders.failures import NoPageError
from crawlers.spiders.page import META_ARCHIVE_PLACE, META_ARCHIVED_AT
from crawlers.step import FailureKind
from crawlers.transports.archive import Archive, ArchiveError
from crawlers.transports.chain import target_of
from crawlers.transports.robots_gate import META_IS_ROBOTS

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class ReplayDownloadHandler(BaseDownloadHandler):
    """Answers every request from the archive that the setup names."""

    lazy = False

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        # Opened by the spider: what a handler raises at its start, Scrapy only logs.
        archive = getattr(crawler.spider, "archive", None)
        if not isinstance(archive, Archive):
            raise NotConfigured("the replay transport needs an archive; `replay` is chosen by naming one")
        self._archive = archive

    async def download_request(self, request: "Request") -> "Response":
        """The saved answer; raises NoPageError where there is none. A robots.txt that was not saved is not there."""
        try:
            saved = self._archive.find(request.method, target_of(request).href)
        except ArchiveError as error:
            raise NoPageError(FailureKind.NOT_ARCHIVED, str(error)) from error
        if saved is None:
            if request.meta.get(META_IS_ROBOTS):
                return responsetypes.from_args(url=request.url)(url=request.url, status=404)
            raise NoPageError(FailureKind.NOT_ARCHIVED, "this address was not saved")
        request.meta[META_ARCHIVED_AT] = saved.fetched_at
        request.meta[META_ARCHIVE_PLACE] = saved.place
        headers = Headers(saved.headers)
        response = responsetypes.from_args(headers=headers, url=request.url, body=saved.body)
        return response(url=request.url, status=saved.status, headers=headers, body=saved.body)
