"""One installation, put together: its configuration, its memory, and what it judges with. The composition root.

Everything is opened when it is first asked for, so that a command pays only for what it uses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from alerts.policy import Policy, load_policy, parse_policy
from alerts.routing import Routing
from alerts.senders import ChannelSpec, routing_of
from crawlers.network_guard import Guard
from crawlers.registry import parse_source
from crawlers.registry import sources as shipped_sources
from crawlers.spiders.setup import Identity
from detectors.assess import Detector, load_detector
from detectors.authorisation import Overlay
from detectors.overlay_file import parse_overlay
from domain.source import Source
from jobs.config import Config, ConfigError, load_config, read_secret
from jobs.shipped import shipped_detector, shipped_rates
from line.page import Instruments, ReadPage
from rates.book import RateBook, load_rate_book
from rates.updates import RateUpdate, parse_update
from storage.issuer_seal import IssuerKey, load_issuer_key
from storage.overlay import OverlayKind
from storage.store import Store, open_store

VERSION = "0.1.0"
POLICY_ENTRY = "policy"
LOGS_FOLDER = "logs"


class Installation:
    """What one configuration amounts to. `store` opens the database; the rest is read from files and the store."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._store: Store | None = None

    @property
    def store(self) -> Store:
        """The memory, opened (and migrated) on first use; raises a StorageError that says what is wrong."""
        if self._store is None:
            folder = self.config.data_folder
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ConfigError(f"cannot use the data folder {folder}: {error.strerror}") from error
            self._store = open_store(self.config.database, folder, master_key_file=self.config.master_key_file)
        return self._store

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @cached_property
    def rates(self) -> RateBook:
        """Official prices: what is shipped, and the updates that the store holds."""
        return load_rate_book(self.rate_updates) if self.rate_updates else shipped_rates()

    @cached_property
    def rate_updates(self) -> tuple[RateUpdate, ...]:
        """The updates of prices and currency rates that the store holds."""
        entries = self.store.overlay.current(OverlayKind.RATE_UPDATE)
        return tuple(parse_update(entry.name, entry.content.encode()) for entry in entries)

    @cached_property
    def detector(self) -> Detector:
        """The detector with the operator's words and authorised channels."""
        overlay = self._detector_overlay()
        unchanged = not self.rate_updates and overlay == Overlay()
        return shipped_detector() if unchanged else load_detector(overlay, self.rates)

    @cached_property
    def policy(self) -> Policy:
        """The store's policy, else the configured file, else the shipped one."""
        entries = self.store.overlay.current(OverlayKind.POLICY)
        if entries:
            return parse_policy(entries[0].content, f"the policy in the store, version {entries[0].version}")
        return load_policy(self.config.policy)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every source by name: shipped ones, those of the configured folder, and those added to the store."""
        found = dict(shipped_sources())
        if self.config.sources_folder is not None:
            found |= _sources_in(self.config.sources_folder)
        for entry in self.store.overlay.current(OverlayKind.SOURCE):
            found[entry.name] = parse_source(entry.name, entry.content.encode(), place=f"the store's {entry.name}")
        return found

    def sources_anew(self) -> dict[str, Source]:
        """Every source, looked up again: for a process that runs for long while sources come and go."""
        self.__dict__.pop("sources", None)
        return self.sources

    def channel_specs(self, *, with_secrets: bool) -> dict[str, ChannelSpec]:
        """The configured channels; secrets are read only where something will be sent."""
        return {
            name: ChannelSpec(
                kind=setting.kind,
                settings=setting.settings,
                secrets={key: read_secret(place) for key, place in setting.secrets_from.items()}
                if with_secrets
                else {},
                routes=setting.routes,
            )
            for name, setting in self.config.channels.items()
        }

    @cached_property
    def routing(self) -> Routing:
        """Who hears what."""
        return routing_of(self.channel_specs(with_secrets=False))

    @cached_property
    def guard(self) -> Guard:
        """What may be connected to beyond the public internet: nothing but what the operator named."""
        return Guard.allowing(self.config.allowed_hosts)

    @property
    def identity(self) -> Identity:
        """Who asks, in every request."""
        return Identity(VERSION, self.config.contact)

    def instruments(self, read: ReadPage) -> Instruments:
        """Everything the line works with."""
        return Instruments(self.store, read, self.rates, self.detector, self.policy, self.routing, self.issuer_keys)

    @cached_property
    def issuer_keys(self) -> dict[str, IssuerKey]:
        """The public keys that issuers lodged, by provider; keys of theirs that are found are sealed to them."""
        lodged = {}
        for provider, path in self.config.issuer_keys.items():
            try:
                lodged[provider] = load_issuer_key(provider, path.read_bytes())
            except OSError as error:
                raise ConfigError(f"issuer_keys.{provider}: cannot read {path}: {error.strerror}") from error
        return lodged

    def _detector_overlay(self) -> Overlay:
        words = self.store.overlay.current(OverlayKind.WORDS)
        channels = self.store.overlay.current(OverlayKind.AUTHORISED_CHANNELS)
        return parse_overlay(
            {entry.name: entry.content for entry in words}, {entry.name: entry.content for entry in channels}
        )


@contextmanager
def open_installation(config: Config | None = None) -> Iterator[Installation]:
    """The installation of a configuration (the one in use without it), closed at the end."""
    installation = Installation(config or load_config())
    try:
        yield installation
    finally:
        installation.close()


def _sources_in(folder: Path) -> dict[str, Source]:
    if not folder.is_dir():
        raise ConfigError(f"sources_folder {folder} is no folder; create it or take the setting out")
    found = {}
    for path in sorted(folder.glob("*/*.yml")):
        name = f"{path.parent.name}/{path.stem}"
        found[name] = parse_source(name, path.read_bytes(), place=str(path))
    return found
