"""What all channels share: a notice or a digest becomes a message, and only that is put into a channel's form."""

import asyncio
import logging
from abc import ABC, abstractmethod
from dataclasses import replace

from alerts.channel import DeliveryResult
from alerts.digest import Digest, DigestReason
from alerts.message import House, Message, compose, compose_digest
from domain.alert import Notice

logger = logging.getLogger(__name__)


class MessageSender(ABC):
    """A sender that knows how to transmit one message; `shows_pictures` where a channel can show one."""

    shows_pictures = False

    def __init__(self, house: House) -> None:
        self.house = house

    async def send(self, notice: Notice) -> DeliveryResult:
        """Try once."""
        return await self.transmit(compose(notice, self.house))

    async def send_digest(self, digest: Digest) -> DeliveryResult:
        """Try once to send the one message that stands for many."""
        message = compose_digest(digest, self.house)
        if self.shows_pictures and digest.reason is not DigestReason.STORM:
            message = await _with_picture(message, digest)
        return await self.transmit(message)

    @abstractmethod
    async def transmit(self, message: Message) -> DeliveryResult:
        """Try once; never raises for what the receiver or the network does."""

    async def close(self) -> None:  # noqa: B027 - most channels hold nothing open
        """Let go of connections."""


async def _with_picture(message: Message, digest: Digest) -> Message:
    """The message with the digest's chart; without one where it cannot be drawn, since the words say it all."""
    from alerts.digest_picture import PictureError, digest_picture, picture_words

    try:
        picture = await asyncio.to_thread(digest_picture, digest)
    except PictureError as error:
        logger.warning("%s", error)
        return message
    return replace(message, picture=picture, picture_words=picture_words(digest))
