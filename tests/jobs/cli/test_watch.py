"""Watching, as an operator does it: real spiders over the street, one broken source beside good ones, one scheduler."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from storage.scheduler_lock import this_process
from storage.store import open_store
from street.running import street_in_process
from street.source_files import write_sources

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

REPOSITORY = Path(__file__).resolve().parents[3]
WATCHED = ("street/relay-lantern", "street/relay-shutter", "street/trap-truncated", "street/relay-sundial")


@pytest.fixture
def config_file(tmp_path: Path) -> Iterator[Path]:
    with street_in_process() as street:
        write_sources(street.sites, tmp_path / "sources")
        hosts = [urlsplit(address).netloc for address in street.sites.values()]
        file = tmp_path / "undercut.toml"
        file.write_text(
            f'data_folder = "data"\nsources_folder = "sources"\nonly_sources = {json.dumps(WATCHED)}\n'
            f"allowed_hosts = {json.dumps(hosts)}\n[channels.terminal]\nkind = 'terminal'\n"
        )
        yield file


def undercut(config_file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from jobs.cli import main; main()", "--config", str(config_file), *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "UNDERCUT_CONFIG": ""},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def json_lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_one_round_reads_prices_alerts_and_tells_and_a_broken_source_harms_nobody(config_file: Path) -> None:
    done = undercut(config_file, "watch", "--once", "--json")
    summaries = {str(summary["source"]): summary for summary in json_lines(done.stdout)}
    assert set(summaries) == set(WATCHED), done.stderr
    assert summaries["street/relay-shutter"]["states"] == {"fresh": 1, "blocked": 1}
    assert "not_understood" in str(summaries["street/trap-truncated"]["states"])
    assert int(str(summaries["street/relay-lantern"]["alerts"])) > 0
    assert done.returncode == 0

    listed = json_lines(undercut(config_file, "alerts", "list", "--json").stdout)
    claude = next(alert for alert in listed if alert["external_id"] == "claude")
    assert float(str(claude["lowest_share"])) < 0.2
    shown = undercut(config_file, "alerts", "show", str(claude["alert"]))
    assert "terminal" in shown.stdout
    assert "delivered" in shown.stdout

    again = undercut(config_file, "watch", "--once", "--json")
    assert json_lines(again.stdout) == []
    assert "nothing is due" in again.stderr

    named = undercut(config_file, "watch", "street/relay-lantern", "--json")
    (summary,) = json_lines(named.stdout)
    assert summary["alerts"] == 0, "a repeat tells nobody again"


def test_a_second_scheduler_is_told_in_one_message(config_file: Path) -> None:
    folder = config_file.parent / "data"
    folder.mkdir()
    store = open_store(f"sqlite:///{folder / 'undercut.sqlite'}", folder)
    holder = this_process()
    store.scheduler_lock.acquire(holder)
    try:
        done = undercut(config_file, "watch", "--once")
    finally:
        store.scheduler_lock.release(holder)
        store.close()
    assert done.returncode == 1
    assert "a scheduler already works on" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_source_that_may_not_run_is_refused_by_name(config_file: Path) -> None:
    done = undercut(config_file, "watch", "street/telegram-resellers")
    assert done.returncode == 1
    assert "street/telegram-resellers does not run" in done.stderr


def start(config_file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from jobs.cli import main; main()", "--config", str(config_file), "watch"],
        cwd=REPOSITORY,
        env={**os.environ, "UNDERCUT_CONFIG": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        seen.append(line)
        if words in line:
            return
    raise AssertionError("".join(seen))


def children_of(process_id: int) -> list[psutil.Process]:
    return psutil.Process(process_id).children(recursive=True)


def test_a_killed_watch_leaves_nobody_behind_and_the_next_one_goes_on(config_file: Path) -> None:
    process = start(config_file)
    read_until(process, "street/relay")
    children = children_of(process.pid)
    process.kill()
    process.communicate(timeout=30)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []

    done = undercut(config_file, "watch", "--once", "--json")
    assert done.returncode == 0, done.stderr
    listed = json_lines(undercut(config_file, "alerts", "list", "--json").stdout)
    assert {alert["source"] for alert in listed} == {"street/relay-lantern", "street/relay-sundial"}
    # Under load a round may end before the last notices went out; they stay due, and a later round delivers them.
    for _ in range(3):
        if "pending 0" in outbox_of(config_file):
            break
        undercut(config_file, "watch", "--once")
    found = outbox_of(config_file)
    assert "delivering 0, parked 0, pending 0, retry 0" in found


def outbox_of(config_file: Path) -> str:
    checks = json_lines(undercut(config_file, "doctor", "--json").stdout)
    return str(next(check["found"] for check in checks if check["what"] == "outbox"))


def test_sigterm_stops_cleanly(config_file: Path) -> None:
    process = start(config_file)
    read_until(process, "street/relay")
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
