"""What crawling remembers, kept in the store: turns the crawlers' nouns into what storage keeps, and back."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from pydantic import TypeAdapter

from crawlers.memory import RobotsRecord, Validators
from crawlers.politeness import HostState
from domain.secrets import mask_secrets
from storage.crawl_memory import CrawlMemory, KeptRobots

Result = TypeVar("Result")

_HOST_STATE: TypeAdapter[HostState] = TypeAdapter(HostState)


class StoredCrawlMemory:
    """The crawlers' memory port over the store; each call is a short transaction in a thread of its own."""

    def __init__(self, kept: CrawlMemory) -> None:
        self._kept = kept

    async def change_host(self, host: str, change: Callable[[HostState], tuple[HostState, Result]]) -> Result:
        """Apply a pure change to a host's state in one transaction, and give its result."""

        def change_document(document: str | None) -> tuple[str, Result]:
            before = HostState() if document is None else _HOST_STATE.validate_json(document)
            after, result = change(before)
            return _HOST_STATE.dump_json(after).decode(), result

        return await asyncio.to_thread(self._kept.change_host, host, change_document)

    async def robots(self, origin: str) -> RobotsRecord | None:
        """The remembered robots.txt of an origin."""
        kept = await asyncio.to_thread(self._kept.robots, origin)
        return None if kept is None else RobotsRecord(kept.status, kept.body, kept.fetched_at, kept.note)

    async def keep_robots(self, origin: str, record: RobotsRecord) -> None:
        """Remember a robots.txt."""
        kept = KeptRobots(record.status, record.body, record.fetched_at, record.note)
        await asyncio.to_thread(self._kept.keep_robots, origin, kept)

    async def validators(self, source: str, url: str) -> Validators | None:
        """What the page gave when this source last understood it; addresses are remembered without secrets."""
        url = mask_secrets(url)
        kept = await asyncio.to_thread(self._kept.validators, source, url)
        return None if kept is None else Validators(*kept)

    async def keep_validators(self, source: str, url: str, validators: Validators) -> None:
        """Remember what the page gave."""
        url = mask_secrets(url)

        def keep() -> None:
            self._kept.keep_validators(source, url, etag=validators.etag, last_modified=validators.last_modified)

        await asyncio.to_thread(keep)
