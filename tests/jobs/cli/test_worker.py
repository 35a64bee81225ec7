"""Workers as an operator runs them: two on one store, one killed, one stopped, and the schedule asked about."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage.store import open_store
from street.running import street_in_process
from street.source_files import write_sources

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

REPOSITORY = Path(__file__).resolve().parents[3]
WATCHED = ("street/relay-lantern", "street/relay-shutter", "street/relay-sundial")
PATIENCE_SECONDS = 60.0


@pytest.fixture
def config_file(tmp_path: Path) -> Iterator[Path]:
    with street_in_process() as street:
        write_sources(street.sites, tmp_path / "sources")
        hosts = [urlsplit(address).netloc for address in street.sites.values()]
        file = tmp_path / "undercut.toml"
        file.write_text(
            f'data_folder = "data"\nsources_folder = "sources"\nonly_sources = {json.dumps(WATCHED)}\n'
            f"allowed_hosts = {json.dumps(hosts)}\n"
        )
        yield file


def command(config_file: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-c", "from jobs.cli import main; main()", "--config", str(config_file), *arguments]


def undercut(config_file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(config_file, *arguments), cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False
    )


def start(config_file: Path, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with log.open("ab") as file:
        return subprocess.Popen(command(config_file, "worker", *arguments), cwd=REPOSITORY, stderr=file)


def events(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def wait_for(log: Path, event: str, many: int = 1) -> list[dict[str, object]]:
    """The events of that name, once there are so many; each line must be a JSON object."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = [each for each in events(log) if each["event"] == event] if log.exists() else []
        if len(found) >= many:
            return found
        time.sleep(0.1)
    raise AssertionError(f"no {many} times {event} in {log.read_text()}")


def test_two_workers_share_the_crawls_and_either_may_be_killed_or_stopped(config_file: Path, tmp_path: Path) -> None:
    logs = tmp_path / "first.log", tmp_path / "second.log"
    first = start(config_file, logs[0], "--metrics", "127.0.0.1:0")
    wait_for(logs[0], "this worker schedules now")
    second = start(config_file, logs[1])
    try:
        wait_for(logs[0], "crawl_event")
        first.kill()
        first.wait()
        wait_for(logs[1], "this worker schedules now")
        until = time.monotonic() + PATIENCE_SECONDS
        folder = tmp_path / "data"
        store = open_store(f"sqlite:///{folder / 'undercut.sqlite'}", folder)
        while time.monotonic() < until:
            ended = {name for name, mark in store.schedule.marks().items() if "relay" in name and mark.ended_at}
            if len(ended) == len(WATCHED):
                break
            time.sleep(0.2)
        assert len(ended) == len(WATCHED)

        assert undercut(config_file, "schedule", "now", "street/relay-lantern").returncode == 0
        crawled = [each for each in wait_for(logs[1], "crawled") if each["source"] == "street/relay-lantern"]
        while len(crawled) < 1 and time.monotonic() < until:
            time.sleep(0.2)
            crawled = [each for each in events(logs[1]) if each.get("source") == "street/relay-lantern"]
        assert crawled
        assert [worker.process_id for worker in store.workers.all()] == [second.pid]
        store.close()
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(60) == 0
        first.kill()
        first.wait()
    assert events(logs[1])[-1]["event"] == "stopped"


def test_the_schedule_can_be_listed_paused_resumed_and_filled_in(config_file: Path) -> None:
    rows = [json.loads(line) for line in undercut(config_file, "schedule", "list", "--json").stdout.splitlines()]
    names = {row["job"] for row in rows}
    assert {"crawl:street/relay-lantern", "deliver", "housekeep:purge", "rejudge", "tidy", "verify"} <= names
    assert undercut(config_file, "schedule", "pause", "rejudge", "--reason", "audit").returncode == 0
    listed = undercut(config_file, "schedule", "list").stdout
    assert "paused by" in listed
    assert "audit" in listed
    assert "runs again" in undercut(config_file, "schedule", "resume", "rejudge").stderr
    filled = undercut(config_file, "schedule", "backfill", "rejudge", "--from", "2026-01-01", "--to", "2026-01-04")
    assert "3 slots of rejudge are asked for" in filled.stderr
    wrong = undercut(config_file, "schedule", "now", "rejudje")
    assert wrong.returncode == 1
    assert "did you mean rejudge" in wrong.stderr


def test_metrics_are_served_while_a_worker_works(config_file: Path, tmp_path: Path) -> None:
    log, port = tmp_path / "worker.log", _free_port()
    worker = start(config_file, log, "--metrics", f"127.0.0.1:{port}")
    try:
        wait_for(log, "crawled", len(WATCHED))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    assert 'undercut_source_last_yield{source="street/relay-lantern"}' in text
    assert "undercut_workers 1" in text


def _free_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
