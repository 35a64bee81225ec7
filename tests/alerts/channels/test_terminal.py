"""The terminal shows everything as plain text, one line a fact."""

import io

import pytest

from alerts.channel import Delivery
from alerts.channels.terminal import TerminalConsole, TerminalSender, open_terminal
from alerts.digest import DigestReason, build_digest
from alerts.message import Detail, House
from street.hostile_texts import hostile_texts
from tests.alerts.conftest import NOON, make_alert, make_finding, make_notice, make_offer


async def test_a_notice_is_printed_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    result = await open_terminal({"width": "120"}).send(make_notice())
    assert result.outcome is Delivery.DELIVERED
    said = capsys.readouterr().out
    assert said.startswith("[HIGH] pooled relay: claude-opus-4-8 at 11 % of the official price\n")
    assert "  Share: 11 % of the official price (between 9.9 % and 12 %)\n" in said


async def test_hostile_words_neither_style_nor_move_anything() -> None:
    lines = None
    for text in ["harmless", *hostile_texts(300)]:
        out = io.StringIO()
        sender = TerminalSender(House(Detail.FULL), TerminalConsole(file=out, width=100, force_terminal=True))
        alert = make_alert(title=text, source=text, finding=make_finding(offers=(make_offer(stated_product=text),)))
        await sender.send(make_notice(alert=alert))
        said = out.getvalue()
        lines = lines or said.count("\n")
        assert said.count("\n") == lines, text
        assert said.count("\x1b[") == said.count("\x1b[2m") + said.count("\x1b[0m") + said.count("\x1b[1;31m"), text
        assert not set("\x07\u202e\u2066\u200b\r") & set(said), text


async def test_a_digest_is_printed_too(capsys: pytest.CaptureFixture[str]) -> None:
    digest = build_digest("here", DigestReason.DAILY, [make_notice(n) for n in range(3)], NOON)
    await open_terminal({}).send_digest(digest)
    assert "3 alerts in the daily digest" in capsys.readouterr().out


async def test_a_terminal_that_is_gone_is_tried_again() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    result = await TerminalSender(House(), TerminalConsole(file=Gone())).send(make_notice())
    assert result.outcome is Delivery.RETRY
