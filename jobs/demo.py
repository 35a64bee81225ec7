"""The demo: opens the street, writes a configuration for it, and runs the real thing over it."""

import asyncio
import os
import shutil
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from alerts.signing import IDEMPOTENCY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, verify
from crawlers.reading_pool import ReadingPool
from domain.alert import Alert
from domain.clock import utc_now
from domain.errors import UndercutError
from jobs.config import CONFIG_VARIABLE, Config, load_config
from jobs.installation import Installation
from line.imports import HowImported, import_file
from storage.outbox import NoticeState
from street.expectations import RaisedAlert, find_differences, load_expectations
from street.receivers.running import BOT_TOKEN, CHAT_ID, Receivers, receivers_in_thread
from street.running import street_in_process
from street.saved_pages import write_saved_pages
from street.source_files import write_sources

STREET_TOKEN = "UNDERCUT_STREET_TOKEN"  # noqa: S105 - the name of a variable; the street takes any value
BOT_TOKEN_FILE, WEBHOOK_FILE, SECRET_FILE = "bot-token", "webhook-address", "webhook-secret"
SENDER = "alerts@undercut.example.test"
DUTY = "duty@example.test"
TELEGRAM_FAMILIES = ("telegram_preview", "telegram_post", "telegram_bot_api")
MOST_ALERTS = 10_000
MOST_NOTICES = 100_000
REQUESTS_TIMEOUT_SECONDS = 10.0
WEBHOOK_SECRET = "a-secret-of-the-demo-alone"  # noqa: S105 - opens nothing but the demo's own receiver


@dataclass(frozen=True, slots=True)
class DemoStreet:
    """The open street with the configuration that watches it, and the receivers that are told."""

    config: Config
    config_file: Path
    sites: Mapping[str, str]
    receivers: Receivers


@contextmanager
def open_demo(folder: Path) -> Iterator[DemoStreet]:
    """A fresh data folder, the street in a process of its own, and the configuration that allows its hosts by name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with street_in_process() as street, receivers_in_thread() as receivers:
        names = [f"street/{path.stem}" for path in write_sources(street.sites, folder / "sources")]
        config_file = folder / "undercut.toml"
        _write_secrets(folder, receivers)
        settings = _configuration(street.sites, names) + _channels(folder.absolute(), receivers)
        config_file.write_text(settings, encoding="utf-8")
        os.environ[CONFIG_VARIABLE] = str(config_file)
        os.environ.setdefault(STREET_TOKEN, "any-value-will-do")
        yield DemoStreet(load_config(config_file), config_file, street.sites, receivers)


def differences(installation: Installation, street: DemoStreet) -> tuple[str, ...]:
    """How the round fell short of the street's hand-written expectations: one sentence each, none where all is well."""
    raised = [_raised(alert) for alert in installation.store.alerts.list(limit=MOST_ALERTS).alerts]
    states = {name: state.last_state.value for name, state in installation.store.sources.states().items()}
    return find_differences(raised, states=states, requested=_requested(street.sites))


def known_shortfalls() -> tuple[str, ...]:
    """What the product is known to miss on the street, written down with the reason; the check holds it to the list."""
    return tuple(f"{known.start.strip()}: {known.why}" for known in load_expectations().known_shortfalls)


def import_saved_pages(installation: Installation) -> int:
    """Bring in what an analyst of the street saved of places that show nothing to a program; gives how many listings.

    Raises UndercutError where one of them was not read.
    """
    return asyncio.run(_import_saved_pages(installation))


async def _import_saved_pages(installation: Installation) -> int:
    now, listings = utc_now(), 0
    with ReadingPool() as pool:
        instruments = installation.instruments(pool.read)
        for page, file in write_saved_pages(installation.config.data_folder / "saved"):
            how = HowImported(now, family=page.family, url=page.url, by="the street's own analyst")
            told = await import_file(file, how, instruments)
            if told.failed:
                raise UndercutError(f"the street's saved page {file} was not read: {told.error or told.states()}")
            listings += told.total("listings")
    return listings


def undelivered(installation: Installation) -> int:
    """How many notices are not delivered."""
    counts = installation.store.outbox.counts()
    return sum(count for state, count in counts.items() if str(state) != "delivered")


def taken_by(receivers: Receivers) -> dict[str, int]:
    """How many messages each receiver took."""
    return {
        "telegram": len(receivers.bot_api.sent),
        "mail": len(receivers.mailbox.mails),
        "webhook": len(receivers.webhook.taken),
    }


def receiver_problems(installation: Installation, receivers: Receivers) -> tuple[str, ...]:
    """What the receivers have to complain of: a sentence each, none where every notice came once and as promised."""
    delivered = installation.store.outbox.list(NoticeState.DELIVERED, limit=MOST_NOTICES)
    problems = [
        f"{channel} took {taken} messages of {told} that count as delivered"
        for channel, taken in taken_by(receivers).items()
        if taken != (told := sum(notice.channel == channel for notice in delivered))
    ]
    keys = [request.headers[IDEMPOTENCY_HEADER.lower()] for request in receivers.webhook.taken]
    if len(set(keys)) != len(keys):
        problems.append("a webhook came twice with one key")
    for request in receivers.webhook.taken:
        stamp, signature = (request.headers.get(name.lower(), "") for name in (TIMESTAMP_HEADER, SIGNATURE_HEADER))
        # Held to its own time: a round on a busy machine takes longer than a signature is good for.
        signed_at = datetime.fromtimestamp(int(stamp or "0"), UTC)
        if not verify(WEBHOOK_SECRET, stamp, request.body, signature, signed_at):
            problems.append("a webhook's signature does not fit")
    pressed = {kind for sent in receivers.bot_api.sent for kind, _ in sent.active}
    if pressed:
        problems.append(f"something in a chat could be pressed: {', '.join(sorted(pressed))}")
    return tuple(problems)


def _write_secrets(folder: Path, receivers: Receivers) -> None:
    """Secrets lie in files of their own, as an operator would keep them."""
    secrets = {
        BOT_TOKEN_FILE: BOT_TOKEN,
        WEBHOOK_FILE: f"{receivers.webhook.address}/hook",
        SECRET_FILE: WEBHOOK_SECRET,
    }
    for name, secret in secrets.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(secret, encoding="utf-8")


def _channels(folder: Path, receivers: Receivers) -> str:
    """Three receivers on loopback, each told everything: one round must not be held back by what people bear."""
    return f"""
[channels.telegram]
kind = "telegram"
settings = {{ chat_id = "{CHAT_ID}", base_url = "{receivers.bot_api.base_url}" }}
secrets_from = {{ token = "file:{folder / BOT_TOKEN_FILE}" }}
routes = {{ budget_per_hour = 0 }}

[channels.mail]
kind = "email"
routes = {{ budget_per_hour = 0 }}

[channels.mail.settings]
host = "127.0.0.1"
port = "{receivers.mailbox.port}"
security = "none"
from = "{SENDER}"
to = "{DUTY}"

[channels.webhook]
kind = "webhook"
settings = {{ detail = "full" }}
secrets_from = {{ url = "file:{folder / WEBHOOK_FILE}", secret = "file:{folder / SECRET_FILE}" }}
"""


def _configuration(sites: Mapping[str, str], names: Sequence[str]) -> str:
    hosts = sorted({urlsplit(address).netloc for address in sites.values()})
    lines = [
        "# Written by `undercut demo`: the street's hosts are allowed by name, as an operator would allow his own.",
        'data_folder = "."',
        'sources_folder = "sources"',
        f"only_sources = {_toml_list(names)}",
        f"allowed_hosts = {_toml_list(hosts)}",
        "crawl_deadline_seconds = 120.0",
        "",
        "[channels.terminal]",
        'kind = "terminal"',
    ]
    for family in TELEGRAM_FAMILIES:
        lines += [
            "",
            f"[terms_reviews.{family}]",
            'reviewed_by = "the street\'s own keeper"',
            "reviewed_on = 2026-11-24",
        ]
    return "\n".join(lines) + "\n"


def _toml_list(values: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def _raised(alert: Alert) -> RaisedAlert:
    offers = [priced.offer for priced in alert.finding.offers]
    return RaisedAlert(
        source=alert.source,
        external_id=alert.external_id,
        kinds=tuple(offer.kind.value for offer in offers),
        products=tuple(offer.product for offer in offers),
        lowest_share=alert.finding.lowest_share,
        lane=alert.finding.lane.value,
    )


def _requested(sites: Mapping[str, str]) -> dict[str, list[str]]:
    """What each site of the street was asked for, by the street's own log."""
    address = f"{sites['directory'].rstrip('/')}/requests.json"
    with urllib.request.urlopen(address, timeout=REQUESTS_TIMEOUT_SECONDS) as answer:  # noqa: S310 - our own street
        told = orjson.loads(answer.read())
    return {site: list(entry["paths"]) if isinstance(entry, dict) else list(entry) for site, entry in told.items()}
