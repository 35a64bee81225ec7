"""A digest's chart shows when alerts came, in the channels that show pictures, and holds no word of a seller."""

import itertools
import random
from datetime import timedelta

import pytest

from alerts.digest import MOST_COLUMNS, Digest, DigestReason, build_digest
from alerts.digest_picture import digest_picture, picture_words
from domain.alert import Severity
from tests.alerts.conftest import NOON, make_alert, make_notice
from tests.alerts.rigs import EmailRig, TelegramRig


def day(count: int = 60, hours: float = 24, reason: DigestReason = DigestReason.DAILY) -> Digest:
    chance = random.Random(5)
    notices = [
        make_notice(
            alert=make_alert(f"al-{number}", severity=chance.choice(list(Severity))),
            created_at=NOON + timedelta(hours=chance.random() * hours),
        )
        for number in range(count)
    ]
    return build_digest("duty", reason, notices, NOON + timedelta(days=1))


def test_every_alert_stands_in_a_column_and_quiet_hours_have_one_too() -> None:
    digest = day(count=6)
    assert sum(sum(column.counts) for column in digest.timeline) == 6
    starts = [column.starts_at for column in digest.timeline]
    assert all(later - earlier == timedelta(hours=1) for earlier, later in itertools.pairwise(starts))


def test_an_hourly_digest_has_columns_of_five_minutes() -> None:
    digest = day(hours=1, reason=DigestReason.HOURLY)
    assert 2 <= len(digest.timeline) <= 13
    assert all(column.starts_at.minute % 5 == 0 for column in digest.timeline)


def test_a_digest_of_weeks_draws_its_last_hours() -> None:
    assert len(day(hours=24 * 30).timeline) <= MOST_COLUMNS


@pytest.mark.parametrize(("count", "hours"), [(1, 0.1), (60, 24), (500, 24 * 30)])
def test_the_picture_is_a_png_of_a_fit_size_and_the_same_again(count: int, hours: float) -> None:
    digest = day(count, hours)
    picture = digest_picture(digest)
    assert picture.startswith(b"\x89PNG\r\n")
    assert len(picture) < 200_000
    assert picture == digest_picture(digest)
    assert str(count) in picture_words(digest)


async def test_telegram_and_mail_show_it_and_a_storm_has_none() -> None:
    async with TelegramRig().open() as rig:
        await rig.sender.send_digest(day())
        await rig.sender.send_digest(day(reason=DigestReason.STORM))
        with_picture, without = rig.api.sent
        assert with_picture.photo.startswith(b"\x89PNG")
        assert "60 alerts" in with_picture.text
        assert {kind for kind, _ in with_picture.active} <= {"text_link"}
        assert without.photo == b""
    async with EmailRig().open() as mail:
        await mail.sender.send_digest(day())
        letter = mail.server.mails[-1]
        assert [part.get_content_type() for part in letter.walk()] == [
            "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        ]  # fmt: skip
        html = letter.get_body(("html",))
        assert html is not None
        assert "cid:digest-chart" in html.get_content()
