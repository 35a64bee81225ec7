"""A rehearsal reaches every channel and cannot be taken for an alert."""

from datetime import timedelta

import pytest

from alerts.channel import Delivery
from alerts.message import Detail, House, compose
from alerts.policy import load_policy
from alerts.rehearsal import rehearsal_notice
from tests.alerts.conftest import NOON, make_listing
from tests.alerts.rigs import RIGS


def test_it_says_that_it_is_one_however_little_is_told() -> None:
    notice = rehearsal_notice("duty", NOON)
    for detail in Detail:
        assert "rehearsal" in repr(compose(notice, House(detail)).lines)
    assert not load_policy().decide(notice.alert.finding, make_listing()).alert


def test_two_rehearsals_are_two_messages() -> None:
    first, second = rehearsal_notice("duty", NOON), rehearsal_notice("duty", NOON + timedelta(seconds=1))
    assert first.idempotency_key != second.idempotency_key


@pytest.mark.parametrize("kind", RIGS)
async def test_it_is_delivered(kind: str) -> None:
    async with RIGS[kind]().open() as rig:
        assert (await rig.sender.send(rehearsal_notice("tested", NOON))).outcome is Delivery.DELIVERED
