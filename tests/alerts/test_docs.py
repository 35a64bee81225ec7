"""What the reference says of conditions, routes and channel settings is what the code takes."""

from collections.abc import Mapping

import pytest
from pydantic import BaseModel

from alerts.conditions import Conditions, OfferConditions
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


def rows_of(settings: Mapping[str, str]) -> list[str]:
    """One row for every setting of a channel."""
    return [f"| `{name}` | {meaning} |" for name, meaning in settings.items()]
