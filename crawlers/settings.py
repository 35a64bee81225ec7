"""The Scrapy settings of every crawl, in one place; the names are Scrapy's.

As `scrapy.cfg` names this module, any `scrapy` command run in this tree has them too.
"""

from typing import Any

# As modules, because Scrapy takes every name in capitals here for a setting.
from crawlers import politeness
from crawlers.spiders.setup import CrawlSetup, SetupError
from crawlers.transports import chain

BOT_NAME = "undercut"
SPIDER_MODULES = ["crawlers.spiders"]

# Nothing listens, and nobody executes anything from outside; both are on by default.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# The wire: only web addresses, only checked certificates, no proxy that would resolve names for us.
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": chain.HANDLERS["plain"],
    "https": chain.HANDLERS["plain"],
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
HTTPPROXY_ENABLED = False
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_FAIL_ON_DATALOSS = True

# Our own chain takes the place of these.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = chain.CHAIN
ROBOTSTXT_OBEY = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
COMPRESSION_ENABLED = False
AUTOTHROTTLE_ENABLED = False
HTTPCACHE_ENABLED = False

# Gaps are kept by the politeness gate, which sees every process. One request at a time, on loopback too: the next page
# comes while one is read, more at once were not faster, and a refusal stops a crawl before anything else is asked.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0

# Pages are asked for in the order in which a family names them.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"

# 429 and 503 are never retried within a crawl, they begin a pause; nor is a host that took too long, it may mean to.
RETRY_ENABLED = True
RETRY_TIMES = 2
RETRY_HTTP_CODES = [408, 500, 502, 504, 522, 524]
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectError",
    "twisted.internet.error.ConnectionClosed",
]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

# Nobody is told where we come from, and nobody recognises us by a cookie.
COOKIES_ENABLED = False
REFERER_ENABLED = False
USER_AGENT = "Undercut"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "en,zh;q=0.8,ru;q=0.7,*;q=0.5",
}

# Refusals are pages too.
HTTPERROR_ALLOW_ALL = True

EXTENSIONS_BASE: dict[str, int] = {}
LOG_LEVEL = "WARNING"
LOG_INSTALL_ROOT_HANDLER = False
STATS_DUMP = False
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def scrapy_settings(setup: CrawlSetup) -> dict[str, Any]:
    """The settings of one crawl: the fixed ones above, its identity, its transport and its limits.

    Raises SetupError for a transport that does not exist.
    """
    handler = chain.HANDLERS.get(setup.transport)
    if handler is None:
        known = ", ".join(sorted(chain.HANDLERS))
        raise SetupError(f"{setup.source.name} names the transport {setup.transport!r}; there are: {known}")
    if setup.transport == "replay" and setup.replay_from is None:
        raise SetupError(f"{setup.source.name} is to be replayed, and no archive is named to replay it from")
    if setup.limits.answer_seconds > politeness.ANSWER_SECONDS:
        raise SetupError(f"an answer may take {politeness.ANSWER_SECONDS:g} s at most: so long a turn is held for it")
    fixed = {name: value for name, value in globals().items() if name.isupper()}
    return fixed | {
        "DOWNLOAD_HANDLERS": DOWNLOAD_HANDLERS | {"http": handler, "https": handler},
        "USER_AGENT": setup.identity.user_agent,
        "DOWNLOAD_TIMEOUT": setup.limits.answer_seconds,
    }
