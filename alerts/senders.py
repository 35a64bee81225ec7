"""From configuration to open channels: which kinds there are, who hears what, and how often each may speak."""

import difflib
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alerts import channels
from alerts.channel import Channel, Sender
from alerts.channel_settings import ChannelSettingsError
from alerts.routing import Routing, build_routing
from domain.plugins import PluginError, find_plugins


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """One configured channel: its kind, its settings, its secrets (already read), and its routes table."""

    kind: str
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, Any] = field(default_factory=dict)


def channel_kinds() -> dict[str, Channel]:
    """Every kind of channel on disk, by name."""
    return find_plugins(channels, "CHANNEL", Channel)


def channel_kind(kind: str) -> Channel:
    """One kind, without loading the libraries of the others; ChannelSettingsError names the nearest for an unknown."""
    names = [info.name for info in pkgutil.iter_modules(channels.__path__) if not info.name.startswith("_")]
    if kind not in names:
        near = difflib.get_close_matches(kind, names, n=1)
        mend = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(names))}"
        raise ChannelSettingsError(f"no kind of channel is named {kind!r}; {mend}")
    channel = getattr(importlib.import_module(f"{channels.__name__}.{kind}"), "CHANNEL", None)
    if not isinstance(channel, Channel):
        raise PluginError(f"{channels.__name__}.{kind} must define CHANNEL of type Channel")
    return channel


def open_senders(specs: Mapping[str, ChannelSpec]) -> dict[str, Sender]:
    """A sender for every configured channel, by its name; raises ChannelSettingsError naming channel and mend.

    Open, use and close them in one event loop: their connections belong to it.
    """
    return {name: _open(name, spec) for name, spec in specs.items()}


def routing_of(specs: Mapping[str, ChannelSpec]) -> Routing:
    """Who hears what and how often; raises RoutingError, or ChannelSettingsError for an unknown kind."""
    budgets = {name: channel_kind(spec.kind).budget_per_hour for name, spec in specs.items()}
    return build_routing({name: spec.routes for name, spec in specs.items()}, budgets)


def _open(name: str, spec: ChannelSpec) -> Sender:
    channel = channel_kind(spec.kind)
    exposed = sorted(channel.secrets & spec.settings.keys())
    if exposed:
        raise ChannelSettingsError(
            f"channel {name!r}: {', '.join(exposed)} is a secret; keep it in an environment variable or a file "
            "and name that under secrets_from"
        )
    try:
        return channel.open({**spec.settings, **spec.secrets})
    except ChannelSettingsError as error:
        raise ChannelSettingsError(f"channel {name!r}: {error}") from error
