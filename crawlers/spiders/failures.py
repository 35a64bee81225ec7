"""Which failure an exception of the network is, in our own words."""

from collections.abc import Iterator
from datetime import datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web.client import ResponseFailed

from crawlers.network_guard import RefusedTargetError
from crawlers.step import FailureKind
from domain.errors import UndercutError

NETWORK_ERRORS: tuple[type[Exception], ...] = (
    CannotResolveHostError,
    ConnectError,
    ConnectionClosed,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
"""What asking may raise without anybody being at fault here."""


# The libraries beneath Twisted whose errors mean that encryption or a certificate failed.
_TLS_LIBRARIES = frozenset({"OpenSSL", "service_identity"})


class CrawlStoppedError(IgnoreRequest):
    """The crawl has ended; this request is dropped without a word."""


class NoPageError(UndercutError):
    """A request is not made, or its answer not taken, for a reason of ours.

    `next_try_at` is when it may be tried again, where that is known.
    """

    def __init__(self, kind: FailureKind, detail: str, next_try_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.next_try_at = next_try_at


def classify(error: BaseException) -> NoPageError | None:
    """The failure that an exception is; None for one that is a defect and must not be passed over."""
    if isinstance(error, NoPageError):
        return error
    if isinstance(error, RefusedTargetError | UnsupportedURLSchemeError):
        return NoPageError(FailureKind.GUARD, str(error))
    causes = tuple(_causes(error))
    if any(type(cause).__module__.partition(".")[0] in _TLS_LIBRARIES for cause in causes):
        return NoPageError(FailureKind.CERTIFICATE, "the host's certificate or encryption is not acceptable")
    if any(isinstance(cause, CannotResolveHostError) for cause in causes):
        return NoPageError(FailureKind.NAME_UNKNOWN, "the host's name leads to no address")
    if isinstance(error, DownloadTimeoutError):
        return NoPageError(FailureKind.TIMEOUT, "the host did not answer in time")
    if isinstance(error, DownloadCancelledError):
        return NoPageError(FailureKind.TOO_LARGE, "the answer is larger than a page may be")
    if isinstance(error, ResponseDataLossError):
        return NoPageError(FailureKind.TRUNCATED, "the answer ended before its end")
    if isinstance(error, NETWORK_ERRORS):
        return NoPageError(FailureKind.CONNECTION, f"no connection held ({type(error).__name__})")
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it was raised from, failures of Twisted unpacked."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if current.__cause__ is not None:
            waiting.append(current.__cause__)
        if isinstance(current, ResponseFailed):
            waiting += [reason.value for reason in current.reasons if reason.value is not None]
