"""Adds a source's token to requests of its interface, and to no other; the token never reaches a snapshot."""

from typing import TYPE_CHECKING

from crawlers.transports.chain import require_setup, target_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class TokenGate:
    """Writes `Authorization` on the way to the wire, for the origins that the family asks first."""

    def __init__(self, crawler: "Crawler") -> None:
        setup = require_setup(crawler)
        self._token = setup.token
        self._origins = {
            target.origin for target in setup.first_targets() if target.scheme == "https" or setup.guard.exempts(target)
        }

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "TokenGate":
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: "Request") -> None:
        """Adds the header where it belongs, and takes it away anywhere else."""
        request.headers.pop("Authorization", None)
        if self._token and target_of(request).origin in self._origins:
            request.headers["Authorization"] = f"Bearer {self._token}"
