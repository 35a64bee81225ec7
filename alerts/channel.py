"""What a channel is: one way to tell a person, swapped as a whole in tests and never patched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from alerts.digest import Digest
from domain.alert import Notice


class Delivery(StrEnum):
    """What became of one attempt."""

    DELIVERED = "delivered"
    RETRY = "retry"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """One attempt's outcome; `detail` never holds a token. `retry_after_seconds` is what the receiver asked for."""

    outcome: Delivery
    detail: str = ""
    retry_after_seconds: float | None = None


class Sender(Protocol):
    """An open channel."""

    async def send(self, notice: Notice) -> DeliveryResult:
        """Try once; never raises for what the receiver or the network does."""
        ...

    async def send_digest(self, digest: Digest) -> DeliveryResult:
        """Try once to send the one message that stands for many; never raises for what the receiver does."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of channel. `open` takes the channel's settings (secrets already read from where the config names them).

    `settings` documents each setting: its name and what it means. `secrets` names those of them that are secrets.
    `budget_per_hour` is how many messages an hour people bear there unless the operator says otherwise; None where
    programs listen.
    """

    name: str
    settings: Mapping[str, str]
    open: Callable[[Mapping[str, str]], Sender]
    secrets: frozenset[str] = frozenset()
    budget_per_hour: int | None = None
