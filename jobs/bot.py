"""The inbound bot, put together over an installation: which channel's bot it is, and what it works with."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from alerts.buttons import button_key
from alerts.channel_settings import SettingsReader
from alerts.channels.telegram import DEFAULT_BASE_URL, SETTINGS
from alerts.senders import ChannelSpec
from console.bot.api import BotApi
from console.bot.bot import Bot
from crawlers.reading_pool import ReadingPool
from domain.clock import utc_now
from jobs.config import CONFIG_VARIABLE, ConfigError
from jobs.installation import Installation
from jobs.link_fetch import link_fetcher
from line.chat_intake import FAMILY
from storage.console_memory import ConsoleMemory

KIND = "telegram"


def bot_channel(installation: Installation, name: str | None) -> tuple[str, ChannelSpec]:
    """The Telegram channel with buttons of that name, or the only one; raises ConfigError that says what to do."""
    specs = installation.channel_specs(with_secrets=False)
    fitting = [each for each, spec in specs.items() if spec.kind == KIND and spec.settings.get("buttons") == "on"]
    if name is not None and name not in fitting:
        raise ConfigError(f'channel {name!r} is no Telegram channel with buttons = "on" in its settings')
    if name is None and len(fitting) != 1:
        raise ConfigError(f'{len(fitting)} Telegram channels have buttons = "on"; name one of them, or set it for one')
    chosen = name or fitting[0]
    return chosen, installation.channel_specs(with_secrets=True)[chosen]


@contextlib.contextmanager
def open_bot(installation: Installation, spec: ChannelSpec) -> Iterator[Bot]:
    """The bot of a channel; what it forwards is read by children that end with the block."""
    reader = SettingsReader(KIND, {**spec.settings, **spec.secrets}, SETTINGS)
    token = reader.text("token")
    config_file = os.environ.get(CONFIG_VARIABLE)
    with ReadingPool(preload=(FAMILY,)) as pool:
        yield Bot(
            api=BotApi(token, reader.web_address("base_url", DEFAULT_BASE_URL)),
            memory=ConsoleMemory(installation.store),
            instruments=installation.instruments(pool.read),
            policy=installation.policy,
            house=reader.house(),
            chat_id=int(reader.number("chat_id", 0, least=-(2**53), most=2**53)),
            key=button_key(token),
            fetch_link=link_fetcher(installation.config, Path(config_file) if config_file else None),
            clock=utc_now,
            reads_channels=installation.config.terms_review(FAMILY) is not None,
        )


def run_bot(installation: Installation, spec: ChannelSpec) -> None:
    """Take updates until interrupted."""

    async def run() -> None:
        stopping = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        with open_bot(installation, spec) as bot:
            working = asyncio.create_task(bot.run(stopping))
            await stopping.wait()
            # A poll waits for half a minute; what it would bring is still there for the next start.
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
            await bot.api.close()

    asyncio.run(run())
