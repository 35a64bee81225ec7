"""A webhook is signed over time and body, says the same bytes at every attempt, and goes only where it was told to."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from alerts.channel import Delivery
from alerts.channel_settings import ChannelSettingsError
from alerts.channels.webhook import NoticeDocument, document, open_webhook
from alerts.message import Detail, House, compose
from alerts.signing import sign, verify
from domain.clock import utc_now
from street.hostile_texts import hostile_texts
from street.receivers.http_receiver import Answer
from tests.alerts.conftest import HOW_MANY, make_alert, make_finding, make_notice, make_offer
from tests.alerts.rigs import WebhookRig
from tests.conftest import REPOSITORY

SETTINGS = {"url": "https://hooks.example.test/x", "secret": "0123456789abcdef"}


@pytest.fixture
async def rig() -> AsyncIterator[WebhookRig]:
    opened = WebhookRig()
    async with opened.open():
        yield opened


async def test_a_receiver_can_verify_who_said_it_and_when(rig: WebhookRig) -> None:
    await rig.sender.send(make_notice())
    (request,) = rig.http.requests
    signature, timestamp = request.headers["x-undercut-signature"], request.headers["x-undercut-timestamp"]
    now, secret = utc_now(), rig.secrets[0]
    assert verify(secret, timestamp, request.body, signature, now)
    assert not verify(secret, timestamp, request.body + b" ", signature, now)
    assert not verify(secret, str(int(timestamp) + 1), request.body, signature, now)
    assert not verify("another secret of 24 chars", timestamp, request.body, signature, now)
    assert not verify(secret, timestamp, request.body, signature, now + timedelta(minutes=6))


async def test_the_body_is_the_same_at_every_attempt(rig: WebhookRig) -> None:
    rig.fail("later")
    await rig.sender.send(make_notice())
    await rig.sender.send(make_notice())
    first, second = rig.http.requests
    assert first.body == second.body
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == "key-al-1-1-duty"


async def test_a_redirect_is_not_followed(rig: WebhookRig) -> None:
    rig.fail("redirect")
    result = await rig.sender.send(make_notice())
    assert (result.outcome, len(rig.http.requests)) == (Delivery.REFUSED, 1)
    assert "redirects are not followed" in result.detail


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Delivery.DELIVERED),
        (202, Delivery.DELIVERED),
        (204, Delivery.DELIVERED),
        (301, Delivery.REFUSED),
        (400, Delivery.REFUSED),
        (401, Delivery.REFUSED),
        (404, Delivery.REFUSED),
        (408, Delivery.RETRY),
        (410, Delivery.REFUSED),
        (425, Delivery.RETRY),
        (429, Delivery.RETRY),
        (500, Delivery.RETRY),
        (503, Delivery.RETRY),
        (599, Delivery.RETRY),
    ],
)
async def test_a_status_decides(rig: WebhookRig, status: int, outcome: Delivery) -> None:
    rig.http.script.append(Answer(status))
    assert (await rig.sender.send(make_notice())).outcome is outcome


@HOW_MANY
def test_hostile_words_are_inert_strings_in_the_document(count: int) -> None:
    house = House(Detail.FULL, "https://console.example.test")
    for text in hostile_texts(count):
        finding = make_finding(offers=(make_offer(stated_product=text),))
        alert = make_alert(title=text, url=f"https://{text}", source=text, finding=finding)
        said = json.loads(document(compose(make_notice(alert=alert), house)))
        NoticeDocument.model_validate(said)
        values = [line["value"] for line in said["lines"]] + list(said["facts"].values())
        assert not [value for value in values if "://" in value or "<" in value or "@" in value]


def test_the_published_schema_is_that_of_the_code() -> None:
    published = json.loads((REPOSITORY / "docs/reference/webhook-notice.schema.json").read_text("utf-8"))
    assert published == NoticeDocument.model_json_schema(by_alias=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"url": "http://hooks.example.test/secret-path"}, "must be https"),
        ({"url": "https:///secret-path"}, "'url' must be an absolute"),
        ({"url": "https://hooks.example.test:99999/secret-path"}, "'url' must be an absolute"),
        ({"secret": "too-short"}, "at least 16 characters"),
        ({"secrets": "x"}, "did you mean 'secret'"),
    ],
)
def test_wrong_settings_are_named_and_never_repeated(change: dict[str, str], message: str) -> None:
    with pytest.raises(ChannelSettingsError, match=message) as caught:
        open_webhook({**SETTINGS, **change})
    assert "secret-path" not in str(caught.value)
    assert "too-short" not in str(caught.value)


def test_a_known_signature_stays_what_it_is() -> None:
    """Computed apart from the code: printf '1790000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef"""
    assert (
        sign("0123456789abcdef", 1_790_000_000, b"{}")
        == "sha256=3d02334942fff50e279f641c1b104ff5f49380d94ff307bb92b1e03f5aee6ff0"
    )


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", "9" * 40, "١٢٣", "1790000000 "])
def test_a_timestamp_that_is_none_is_not_verified(timestamp: str) -> None:
    assert not verify("0123456789abcdef", timestamp, b"{}", "sha256=00", utc_now())
