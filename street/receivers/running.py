"""The three receivers, open in a thread of their own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

from street.receivers.bot_api import BotApiServer
from street.receivers.http_receiver import HttpReceiver
from street.receivers.mailbox import Mailbox

STOPPING_SECONDS = 10.0
BOT_TOKEN = "123456789:street-bot-token-of-no-worth-at-all"  # noqa: S105 - opens nothing but the street's own server
CHAT_ID = "-1001234567890"


@dataclass(frozen=True, slots=True)
class Receivers:
    """The open receivers; what they took may be read from any thread."""

    bot_api: BotApiServer
    webhook: HttpReceiver
    mailbox: Mailbox


@contextmanager
def receivers_in_thread() -> Iterator[Receivers]:
    """All three until the block ends."""
    receivers = Receivers(BotApiServer(BOT_TOKEN, CHAT_ID), HttpReceiver(), Mailbox())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="receivers", daemon=True)
    thread.start()
    stack = AsyncExitStack()

    async def open_all() -> None:
        for one in (receivers.bot_api, receivers.webhook, receivers.mailbox):
            await stack.enter_async_context(one.serving())

    try:
        asyncio.run_coroutine_threadsafe(open_all(), loop).result(STOPPING_SECONDS)
        yield receivers
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(STOPPING_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(STOPPING_SECONDS)
        loop.close()
