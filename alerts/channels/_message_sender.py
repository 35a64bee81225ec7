"""What all channels share: a notice or a digest becomes a message, and only that is put into a channel's form."""

from abc import ABC, abstractmethod

from alerts.channel import DeliveryResult
from alerts.digest import Digest
from alerts.message import House, Message, compose, compose_digest
from domain.alert import Notice


class MessageSender(ABC):
    """A sender that knows how to transmit one message."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def send(self, notice: Notice) -> DeliveryResult:
        """Try once."""
        return await self.transmit(compose(notice, self.house))

    async def send_digest(self, digest: Digest) -> DeliveryResult:
        """Try once to send the one message that stands for many."""
        return await self.transmit(compose_digest(digest, self.house))

    @abstractmethod
    async def transmit(self, message: Message) -> DeliveryResult:
        """Try once; never raises for what the receiver or the network does."""

    async def close(self) -> None:  # noqa: B027 - most channels hold nothing open
        """Let go of connections."""
