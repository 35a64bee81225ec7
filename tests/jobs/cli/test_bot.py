"""The bot as a process of its own: a code links, a button claims, a link is fetched politely, no token is said."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.figures.line_throughput import channel_page
from domain.clock import utc_now
from jobs.config import load_config
from jobs.installation import open_installation
from line.access import invite, join
from storage.console_memory import ConsoleMemory
from street.receivers.http_receiver import Answer, Request
from street.receivers.running import BOT_TOKEN, CHAT_ID, Receivers, receivers_in_thread

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[3]
ANNA = 501
PATIENCE_SECONDS = 200.0


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    with receivers_in_thread() as opened:
        opened.bot_api.private_chats.add(str(ANNA))
        opened.webhook._handler = _page
        yield opened


def _page(request: Request) -> Answer:
    if request.path == "/robots.txt":
        return Answer(404)
    body = channel_page(1, 1, 100).body
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, body)


@pytest.fixture
def config(tmp_path: Path, receivers: Receivers) -> Path:
    (tmp_path / "token").write_text(BOT_TOKEN)
    path = tmp_path / "undercut.toml"
    path.write_text(
        f"""
        data_folder = "data"
        allowed_hosts = ["127.0.0.1:{receivers.webhook.port}"]
        [channels.duty]
        kind = "telegram"
        secrets_from = {{ token = "file:{tmp_path / "token"}" }}
        [channels.duty.settings]
        chat_id = "{CHAT_ID}"
        base_url = "{receivers.bot_api.base_url}"
        buttons = "on"
        """
    )
    return path


def undercut(config: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-c", "from jobs.cli import main; main()", "--config", str(config), *arguments]


def until(done: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_the_bot_links_obeys_fetches_and_ends(
    config: Path, receivers: Receivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNDERCUT_CONFIG", raising=False)
    api, environment = receivers.bot_api, {**os.environ, "UNDERCUT_CONFIG": ""}
    with open_installation(load_config(config)) as installation:
        accounts = ConsoleMemory(installation.store).accounts
        token = invite(accounts, frozenset({"analyst"}), "test", utc_now())
        join(accounts, token, "Anna", "a long enough password", utc_now())
    monkeypatch.delenv("UNDERCUT_CONFIG", raising=False)
    linked = subprocess.run(
        undercut(config, "bot", "link", "anna"), cwd=REPOSITORY, env=environment, capture_output=True, check=True
    )
    chat = {"message_id": 1, "date": 1, "chat": {"id": ANNA, "type": "private"}, "from": {"id": ANNA}}
    with subprocess.Popen(
        undercut(config, "bot", "run"),
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as bot:
        try:
            api.push(message={**chat, "text": linked.stdout.decode().strip()})
            until(lambda: len(api.sent) == 1)
            assert "You are linked" in api.sent[0].text
            api.push(message={**chat, "text": f"http://127.0.0.1:{receivers.webhook.port}/s/load_0001"})
            until(lambda: any(sent.buttons for sent in api.sent))
            card = next(sent for sent in api.sent if sent.buttons)
            claim = card.buttons[0][0]["callback_data"]
            shown = {"message_id": card.message_id, "chat": {"id": ANNA, "type": "private"}}
            api.push(callback_query={"id": "q", "from": {"id": ANNA}, "message": shown, "data": claim})
            until(lambda: any(call.method == "answerCallbackQuery" for call in api.calls))
            answer = next(call for call in api.calls if call.method == "answerCallbackQuery")
            assert "You hold" in answer.form["text"]
        finally:
            bot.terminate()
            said = bot.communicate(timeout=60)[0]
    assert bot.returncode == 0
    assert BOT_TOKEN.partition(":")[2].encode() not in said
    assert [request.path for request in receivers.webhook.requests] == ["/robots.txt", "/s/load_0001"]
    listed = subprocess.run(
        undercut(config, "bot", "links", "--json"), cwd=REPOSITORY, env=environment, capture_output=True, check=True
    )
    assert json.loads(listed.stdout)["account"] == "Anna"


def test_without_a_channel_that_has_buttons_the_mend_is_named(tmp_path: Path) -> None:
    path = tmp_path / "undercut.toml"
    path.write_text('data_folder = "data"\n')
    done = subprocess.run(
        undercut(path, "bot", "run"), cwd=REPOSITORY, env={**os.environ, "UNDERCUT_CONFIG": ""}, capture_output=True
    )
    assert done.returncode == 1
    assert b'buttons = "on"' in done.stderr
