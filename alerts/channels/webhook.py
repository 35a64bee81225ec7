"""A signed JSON document posted to an address of the operator's own: the way into every other system.

A receiver that keeps the idempotency keys it has taken sees every notice once; see docs/how-to/alert-webhook.md.
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx
import orjson
from pydantic import BaseModel, ConfigDict, Field

from alerts.channel import Channel, Delivery, DeliveryResult, Sender
from alerts.channel_settings import HOUSE_SETTINGS, ChannelSettingsError, SettingsReader
from alerts.channels._http import result_of_status
from alerts.channels._message_sender import MessageSender
from alerts.message import House, Message
from alerts.redaction import hide_in_logs, tokens_of
from alerts.retry_after import retry_after_seconds
from alerts.signing import IDEMPOTENCY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from domain.clock import Clock, utc_now

SCHEMA = "undercut.notice/1"
LEAST_SECRET_CHARACTERS = 16
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SETTINGS = {
    **HOUSE_SETTINGS,
    "url": "the receiver's final https address (http only on loopback); redirects are not followed",
    "secret": "the shared secret that signs every request, at least 16 characters",
    "timeout_seconds": "how long one attempt may take, 10 without it",
}


class NoticeLine(BaseModel):
    """One fact for people: our label and an inert value."""

    model_config = ConfigDict(extra="forbid")

    label: str
    value: str


class NoticeDocument(BaseModel):
    """What is posted. Values may hold the words of sellers: cleaned and defanged, yet never to be used as markup."""

    model_config = ConfigDict(extra="forbid", title="Undercut notice")

    schema_name: str = Field(SCHEMA, alias="schema", description="the name and version of this form")
    kind: str = Field(description="`alert` for one alert, `digest` for one message that stands for many")
    idempotency_key: str = Field(description="the same at every attempt; also in the Idempotency-Key header")
    subject: str = Field(description="one line in our own words")
    facts: dict[str, str] = Field(description="the same for programs; numbers by their digits, times in ISO 8601")
    lines: list[NoticeLine] = Field(description="the same for people, in order")
    console_url: str | None = Field(description="where the console shows it")


def document(message: Message) -> bytes:
    """The body that is posted for a message: the same bytes at every attempt."""
    said = NoticeDocument(
        schema=SCHEMA,
        kind=message.kind,
        idempotency_key=message.key,
        subject=message.subject,
        facts=dict(message.facts),
        lines=[NoticeLine(label=line.label, value=line.value) for line in message.lines],
        console_url=message.console_url,
    )
    return orjson.dumps(said.model_dump(by_alias=True), option=orjson.OPT_SORT_KEYS)


class WebhookSender(MessageSender):
    """Posts signed documents to one address."""

    def __init__(self, house: House, url: str, secret: str, timeout: float, clock: Clock = utc_now) -> None:
        super().__init__(house)
        self._url = url
        self._secret = secret
        self._timeout = timeout
        self._clock = clock
        self._name = str(urlsplit(url).hostname)
        self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=False, headers={"User-Agent": "Undercut"})

    async def transmit(self, message: Message) -> DeliveryResult:
        """Post the message once; the receiver's status decides, its body is not read."""
        body = document(message)
        timestamp = int(self._clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: sign(self._secret, timestamp, body),
            IDEMPOTENCY_HEADER: message.key,
        }
        try:
            # The client's own timeouts start anew with every byte; a receiver that drips must not hold the channel.
            async with (
                asyncio.timeout(self._timeout),
                self._client.stream("POST", self._url, content=body, headers=headers) as response,
            ):
                asked = retry_after_seconds(response.headers.get("Retry-After"), self._clock())
                return result_of_status(response.status_code, asked, self._name)
        except (TimeoutError, httpx.TimeoutException):
            return DeliveryResult(Delivery.RETRY, f"{self._name} did not answer within {self._timeout:g} s")
        except httpx.RequestError as error:
            return DeliveryResult(Delivery.RETRY, f"{self._name} could not be reached: {type(error).__name__}")

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()


def open_webhook(settings: Mapping[str, str]) -> Sender:
    """A sender for the configured address; the address may hold a token in its path and is kept out of logs."""
    reader = SettingsReader("webhook", settings, SETTINGS)
    url, secret = reader.web_address("url"), reader.text("secret")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise ChannelSettingsError("channel webhook: setting 'url' must be https; plain http is for loopback only")
    if len(secret) < LEAST_SECRET_CHARACTERS:
        raise reader.wrong("secret", f"must have at least {LEAST_SECRET_CHARACTERS} characters")
    hide_in_logs([secret, *tokens_of(url)])
    return WebhookSender(reader.house(), url, secret, reader.timeout())


CHANNEL = Channel("webhook", SETTINGS, open_webhook, secrets=frozenset({"secret", "url"}))
