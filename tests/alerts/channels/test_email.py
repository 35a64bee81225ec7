"""Mail says the same in text and HTML, stands in its alert's thread, and lets nobody write its headers."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from alerts.channel import Delivery
from alerts.channel_settings import ChannelSettingsError
from alerts.channels.email import mail, open_email
from alerts.message import Detail, House, compose
from street.hostile_texts import hostile_texts
from tests.alerts.conftest import HOW_MANY, HandClock, make_alert, make_finding, make_notice, make_offer
from tests.alerts.rigs import CONSOLE, EmailRig, html_structure

FULL = House(Detail.FULL, CONSOLE)
SETTINGS = {"host": "mail.example.test", "from": "alerts@example.test", "to": "duty@example.test"}


@pytest.fixture
async def rig() -> AsyncIterator[EmailRig]:
    opened = EmailRig()
    async with opened.open():
        yield opened


async def test_a_mail_has_both_parts_and_the_headers_of_an_automatic_one(rig: EmailRig) -> None:
    await rig.sender.send(make_notice())
    (letter,) = rig.server.mails
    assert letter["Subject"] == "[HIGH] pooled relay: claude-opus-4-8 at 11 % of the official price"
    assert letter["From"] == "Undercut <alerts@undercut.example.test>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Undercut-Key"] == "key-al-1-1-duty"
    assert [part.get_content_type() for part in letter.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    for said in (text.get_content(), html.get_content()):
        assert "11 % of the official price (between 9.9 % and 12 %)" in said
        assert f"{CONSOLE}/alerts/al-1" in said
        assert "满血版" in said


async def test_versions_of_an_alert_stand_in_one_thread_under_ids_of_their_own(rig: EmailRig) -> None:
    await rig.sender.send(make_notice())
    await rig.sender.send(make_notice(alert=make_alert(version=2)))
    await rig.sender.send(make_notice(2))
    first, second, other = rig.server.mails
    assert first["References"] == second["References"] != other["References"]
    assert len({first["Message-ID"], second["Message-ID"], other["Message-ID"]}) == 3


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("450 4.2.1 busy", Delivery.RETRY), ("452 4.2.2 full", Delivery.RETRY), ("550 5.1.1 unknown", Delivery.REFUSED)],
)
async def test_a_recipient_that_is_refused_for_now_is_tried_again(
    rig: EmailRig, answer: str, outcome: Delivery
) -> None:
    rig.server.recipient_script.append(answer)
    assert (await rig.sender.send(make_notice())).outcome is outcome


async def test_a_wrong_password_is_refused_and_not_repeated(rig: EmailRig) -> None:
    await rig.sender.close()
    settings = {**rig.spec().settings}
    sender = open_email({**settings, "password": "wrong-password-1"})
    result = await sender.send(make_notice())
    assert (result.outcome, "535" in result.detail) == (Delivery.REFUSED, True)
    assert "wrong-password-1" not in result.detail


async def test_a_server_without_tls_is_not_given_the_password(rig: EmailRig) -> None:
    sender = open_email({**rig.spec().settings, "password": rig.secrets[0], "security": "starttls"})
    result = await sender.send(make_notice())
    assert (result.outcome, "STARTTLS" in result.detail) == (Delivery.RETRY, True)
    assert rig.server.logins == []


async def test_nobody_listening_is_tried_again() -> None:
    sender = open_email({**SETTINGS, "host": "127.0.0.1", "port": "9", "security": "none", "timeout_seconds": "1"})
    assert (await sender.send(make_notice())).outcome is Delivery.RETRY


async def test_one_refused_of_several_recipients_is_said(rig: EmailRig) -> None:
    settings = {**rig.spec().settings, "to": "duty@example.test, gone@example.test"}
    sender = open_email({**settings, "password": rig.secrets[0]})
    rig.server.recipient_script.extend(["250 OK", "550 5.1.1 unknown"])
    result = await sender.send(make_notice())
    assert result.outcome is Delivery.DELIVERED
    assert result.detail == "1 of 2 recipients refused"


@HOW_MANY
def test_hostile_words_change_neither_headers_nor_markup(count: int) -> None:
    clock, texts = HandClock(), list(hostile_texts(count))
    expected = None
    # Five texts a mail: parsing mail is slow, and each text comes to stand in a place of its own.
    for start in range(-5, count, 5):
        title, address, source, rule, product = texts[start : start + 5] if start >= 0 else ["harmless"] * 5
        finding = make_finding(offers=(make_offer(stated_product=product),))
        alert = make_alert(title=title, url=f"https://{address}", source=source, queue=rule, rule=rule, finding=finding)
        message = replace(compose(make_notice(alert=alert), FULL), key=title, thread=source)
        letter = mail(message, "alerts@example.test", ("duty@example.test",), clock)
        html = letter.get_body(("html",))
        assert html is not None
        found = (letter.keys(), html_structure(html.get_content()), letter.as_bytes().count(b"\nInjected:"))
        expected = expected or found
        assert found == expected, texts[start : start + 5]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"to": "duty@example.test\nBcc: x@example.test"}, "'to' must hold plain mail addresses"),
        ({"to": "duty@example.test,"}, "'to' must hold"),
        ({"from": "Alerts <alerts@example.test>"}, "'from' must hold"),
        ({"security": "ssl"}, "one of starttls, tls, none"),
        ({"username": "me"}, "'password' is missing"),
        ({"port": "0"}, "'port' must be between"),
    ],
)
def test_wrong_settings_are_named(change: dict[str, str], message: str) -> None:
    with pytest.raises(ChannelSettingsError, match=message):
        open_email({**SETTINGS, **change})
