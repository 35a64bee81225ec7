"""What every channel promises, against a real peer: one delivery, one key, honest outcomes, inert text, no token."""

import logging
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from alerts.channel import Delivery
from alerts.digest import Digest, DigestReason, build_digest
from alerts.senders import channel_kinds
from domain.alert import Alert
from domain.finding import Signal
from street.hostile_texts import ALL, hostile_texts
from tests.alerts.conftest import NOON, make_alert, make_finding, make_notice, make_offer
from tests.alerts.rigs import RIGS, Rig

WITHOUT_PEER = {"terminal"}


FIELDS = 7


def hostile_alert(texts: Sequence[str], alert_id: str = "al-1") -> Alert:
    """An alert in which everything that comes from outside is one of the texts."""
    title, place, product, condition, reason, platform, address = (texts[n % len(texts)] for n in range(FIELDS))
    finding = make_finding(
        offers=(make_offer(stated_product=product, conditions={condition[:20]: condition}, product=product or None),),
        signals=(Signal("supply.pooled_accounts", 1.0, f"says: {reason}"),),
        language=platform[:10],
    )
    return make_alert(
        alert_id,
        title=title,
        url=f"https://{address}",
        platform=platform,
        source=place,
        external_id=place,
        finding=finding,
    )


def harmless_alert() -> Alert:
    return hostile_alert(["harmless"])


@pytest.fixture(params=RIGS)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """The channel, open against its peer."""
    async with RIGS[request.param]().open() as opened:
        yield opened


def test_every_channel_on_disk_is_under_this_contract() -> None:
    assert set(channel_kinds()) == set(RIGS) | WITHOUT_PEER


async def test_a_notice_is_delivered_once(rig: Rig) -> None:
    result = await rig.sender.send(make_notice())
    assert result.outcome is Delivery.DELIVERED, result
    assert rig.taken() == 1


@pytest.mark.parametrize("how", ["later", "wait", "silence", "cut", "drip", "garbage"])
async def test_what_may_pass_is_to_be_tried_again_and_then_carries_the_same_key(rig: Rig, how: str) -> None:
    rig.fail(how)
    first = await rig.sender.send(make_notice())
    assert first.outcome is Delivery.RETRY, first
    rig.recover()
    second = await rig.sender.send(make_notice())
    assert second.outcome is Delivery.DELIVERED, second
    assert rig.taken() == 1
    assert len(set(rig.keys())) == 1
    if how == "wait" and rig.honours_waits:
        assert first.retry_after_seconds == 7


@pytest.mark.parametrize("how", ["never", "redirect"])
async def test_what_never_passes_is_refused(rig: Rig, how: str) -> None:
    rig.fail(how)
    result = await rig.sender.send(make_notice())
    assert result.outcome is Delivery.REFUSED, result
    assert result.detail
    assert rig.taken() == 0


async def test_two_notices_have_two_keys(rig: Rig) -> None:
    await rig.sender.send(make_notice(1))
    await rig.sender.send(make_notice(2))
    assert len(set(rig.keys())) == 2


async def test_one_message_can_stand_for_many(rig: Rig) -> None:
    digest = build_digest("tested", DigestReason.STORM, [make_notice(number) for number in range(50)], NOON)
    result = await rig.sender.send_digest(digest)
    assert result.outcome is Delivery.DELIVERED, result
    assert rig.taken() == 1


def batches(step: int) -> Iterator[list[str]]:
    """The hostile texts in runs that overlap, so that each comes to stand in several places of a message."""
    texts = list(hostile_texts(len(ALL) + 40))
    for start in range(0, len(texts) - FIELDS, step):
        yield texts[start : start + FIELDS]


async def test_hostile_words_change_no_structure_mention_or_link(rig: Rig) -> None:
    await rig.sender.send(make_notice(alert=harmless_alert()))
    expected = rig.structure()
    for texts in batches(step=3):
        result = await rig.sender.send(make_notice(alert=hostile_alert(texts)))
        assert result.outcome is Delivery.DELIVERED, (texts, result)
        assert rig.structure() == expected, texts


async def test_hostile_words_in_a_digest_change_nothing_either(rig: Rig) -> None:
    def digest_of(texts: Sequence[str]) -> Digest:
        notices = [make_notice(alert=hostile_alert([text], f"al-{n}")) for n, text in enumerate(texts)]
        return build_digest("tested", DigestReason.HOURLY, notices, NOON)

    await rig.sender.send_digest(digest_of("abcdefg"))
    expected = rig.structure()
    for texts in batches(step=FIELDS):
        await rig.sender.send_digest(digest_of(texts))
        assert rig.structure() == expected, texts


async def test_no_token_in_any_log_or_outcome(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    details = [(await rig.sender.send(make_notice())).detail]
    for how in ("later", "wait", "never", "redirect", "silence", "cut", "drip", "garbage"):
        rig.fail(how)
        details.append((await rig.sender.send(make_notice())).detail)
    said = caplog.text + "\n".join(details) + repr([vars(record) for record in caplog.records])
    assert details
    for secret in rig.secrets:
        assert secret not in said
