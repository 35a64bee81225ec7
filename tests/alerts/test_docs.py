"""What the reference says of conditions, routes and channel settings is what the code takes."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from alerts.conditions import Conditions, OfferConditions
from alerts.routing import OnCall, Route
from alerts.senders import ChannelSpec, channel_kind, channel_kinds, routing_of
from alerts.windows import Window
from tests.conftest import REPOSITORY

DOCS = REPOSITORY / "docs"


def table(model: type[BaseModel]) -> list[str]:
    """One row for every field, as the reference pages hold it."""
    return [f"| `{info.alias or name}` | {info.description} |" for name, info in model.model_fields.items()]


@pytest.mark.parametrize("model", [Conditions, OfferConditions])
def test_every_condition_stands_in_the_policy_reference(model: type[BaseModel]) -> None:
    page = (DOCS / "reference/policy.md").read_text("utf-8")
    missing = [row for row in table(model) if row not in page]
    assert not missing, "docs/reference/policy.md lacks:\n" + "\n".join(missing)


PAGES = {"apprise": "alert-chat-tools.md"}


def test_every_channel_has_a_page_with_its_settings() -> None:
    for name, kind in channel_kinds().items():
        page = (DOCS / "how-to" / PAGES.get(name, f"alert-{name}.md")).read_text("utf-8")
        missing = [row for row in rows_of(kind.settings) if row not in page]
        assert not missing, f"the page of {name} lacks:\n" + "\n".join(missing)


@pytest.mark.parametrize("model", [Route, Window, OnCall])
def test_every_route_stands_on_the_page_about_routing(model: type[BaseModel]) -> None:
    page = (DOCS / "how-to/alert-routing.md").read_text("utf-8")
    missing = [row for row in table(model) if row not in page]
    assert not missing, "docs/how-to/alert-routing.md lacks:\n" + "\n".join(missing)


WITH_SETTINGS = [page for page in sorted((DOCS / "how-to").glob("alert-*.md")) if "```toml" in page.read_text("utf-8")]


@pytest.mark.parametrize("page", WITH_SETTINGS, ids=lambda page: page.stem)
def test_what_the_pages_configure_is_understood(page: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    for example in examples:
        channels = tomllib.loads(example).get("channels", {})
        routing_of({name: spec_of(table) for name, table in channels.items()})
        for name, configured in channels.items():
            if "kind" in configured:
                kind = channel_kind(configured["kind"])
                assert configured.get("settings", {}).keys() <= kind.settings.keys() - kind.secrets, name
                assert configured.get("secrets_from", {}).keys() <= kind.secrets, name


def spec_of(configured: dict[str, Any]) -> ChannelSpec:
    return ChannelSpec(configured.get("kind", "terminal"), routes=configured.get("routes", {}))


def rows_of(settings: Mapping[str, str]) -> list[str]:
    """One row for every setting of a channel."""
    return [f"| `{name}` | {meaning} |" for name, meaning in settings.items()]
