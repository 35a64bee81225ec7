"""Values that are made quickly behave as the frozen dataclasses that they are."""

from dataclasses import FrozenInstanceError, asdict, dataclass, field, replace

import pytest

from domain.values import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    count: int = 1
    tags: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("count")


def test_arguments_defaults_and_factories_are_those_of_the_dataclass() -> None:
    assert Sample("a") == Sample(name="a", count=1, tags={})
    assert Sample("a").tags is not Sample("a").tags
    assert asdict(replace(Sample("a", tags={"x": "y"}), count=3)) == {"name": "a", "count": 3, "tags": {"x": "y"}}


def test_it_stays_frozen_checked_and_strict_about_arguments() -> None:
    with pytest.raises(FrozenInstanceError):
        Sample("a").count = 2  # type: ignore[misc]
    with pytest.raises(ValueError, match="count"):
        Sample("a", -1)
    with pytest.raises(TypeError):
        Sample()  # type: ignore[call-arg]


def test_what_is_not_set_by_init_is_refused_when_the_class_is_made() -> None:
    @dataclass(frozen=True, slots=True)
    class Hidden:
        name: str
        seen: int = field(init=False, default=0)

    with pytest.raises(TypeError, match="seen"):
        quickly_made(Hidden)
