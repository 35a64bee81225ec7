"""From a page that was received to its notices handed to receivers, by the product's own parts."""

import asyncio
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.senders import ChannelSpec, routing_of
from benchmarks.figure import Figure, Measurement
from benchmarks.figures.line_throughput import FAMILY, channel_page
from crawlers.reading_pool import ReadingPool
from jobs.config import Config
from jobs.dbos_engine import DbosEngine
from jobs.deliveries import DELIVER, Deliveries
from jobs.installation import Installation
from line.page import Instruments, process_page
from street.receivers.running import BOT_TOKEN, CHAT_ID, Receivers, receivers_in_thread

QUICK_PAGES = 12
FULL_PAGES = 300
WARM_PAGES = 3
BETWEEN_PAGES_SECONDS = 0.1
PATIENCE_SECONDS = 30.0


def measure(quick: bool, seed: int) -> Measurement:
    """Pages of twenty listings arrive steadily; each notice is timed from its page to its receiver."""
    pages = QUICK_PAGES if quick else FULL_PAGES
    with TemporaryDirectory(prefix="undercut-bench-") as folder, receivers_in_thread() as receivers:
        installation = Installation(Config(data_folder=Path(folder)))
        try:
            seconds, told_pages = _told(installation, Path(folder), receivers, pages, seed)
        finally:
            installation.close()
    seconds.sort()
    return Measurement(
        seconds[int(len(seconds) * 0.95)],
        {
            "pages": told_pages,
            "notices": len(seconds),
            "median_s": round(seconds[len(seconds) // 2], 3),
            "worst_s": round(seconds[-1], 3),
        },
    )


def _channels(receivers: Receivers) -> Mapping[str, ChannelSpec]:
    everything = {"budget_per_hour": 0}
    return {
        "telegram": ChannelSpec(
            "telegram",
            {"chat_id": CHAT_ID, "base_url": receivers.bot_api.base_url},
            {"token": BOT_TOKEN},
            everything,
        ),
        "webhook": ChannelSpec(
            "webhook", {}, {"url": receivers.webhook.address, "secret": "a-secret-of-the-benchmark"}, everything
        ),
    }


def _told(
    installation: Installation, folder: Path, receivers: Receivers, pages: int, seed: int
) -> tuple[list[float], int]:
    specs = _channels(receivers)
    deliveries = Deliveries(installation.store, lambda: specs, routing_of(specs))
    engine = DbosEngine(
        f"sqlite:///{folder / 'engine.sqlite'}", "benchmark", {DELIVER: deliveries.handle}, crawls_at_once=1
    )
    engine.launch()
    deliveries.start(engine)
    told_pages = 0
    seconds: list[float] = []
    try:
        with ReadingPool(preload=(FAMILY,)) as pool:
            made = installation.instruments(pool.read)
            instruments = Instruments(made.store, made.read, made.rates, made.detector, made.policy, routing_of(specs))
            for number in range(pages + WARM_PAGES):
                page = channel_page(number, seed, pages + WARM_PAGES)
                ends = [receivers.bot_api.http, receivers.webhook]
                before = [len(end.taken) for end in ends]
                started = time.perf_counter()
                outcome = asyncio.run(process_page(page, FAMILY, instruments))
                deliveries.ring()
                each = outcome.recorded.notices // len(specs)
                _wait_for(receivers, [count + each for count in before])
                if number >= WARM_PAGES:
                    seconds += [
                        at - started for end, first in zip(ends, before, strict=True) for at in end.taken_at[first:]
                    ]
                    told_pages += 1
                threading.Event().wait(BETWEEN_PAGES_SECONDS)
    finally:
        deliveries.close(PATIENCE_SECONDS)
        engine.close()
    return seconds, told_pages


def _wait_for(receivers: Receivers, counts: list[int]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while len(receivers.bot_api.http.taken) < counts[0] or len(receivers.webhook.taken) < counts[1]:
        if time.monotonic() > ends:
            raise TimeoutError(f"notices were not handed over within {PATIENCE_SECONDS:.0f} s")
        threading.Event().wait(0.002)


FIGURE = Figure(
    name="alert_latency",
    title="page received to its notices handed to their receivers, 95th percentile",
    goal=1.0,
    unit="s",
    measure=measure,
    at_least=False,
)
