"""`docs/how-to/add-a-source.md`, walked through on the street with the very commands that stand on the page."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from street.running import OpenStreet, street_in_process

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = (REPOSITORY / "docs" / "how-to" / "add-a-source.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    undercut (.+)$", PAGE, re.MULTILINE)
FILE = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
PLACE = "https://relay.example.test"


@pytest.fixture(scope="module")
def street() -> Iterator[OpenStreet]:
    with street_in_process() as street:
        yield street


def run(folder: Path, place: str, command: str, *more: str) -> subprocess.CompletedProcess[str]:
    arguments = [word.replace(PLACE, place) for word in shlex.split(command)]
    return subprocess.run(
        [sys.executable, "-c", "from jobs.cli import main; main()", *arguments, *more],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
            "UNDERCUT_CONFIG": "",
            "UNDERCUT_DATA_FOLDER": str(folder / "data"),
            "UNDERCUT_ALLOWED_HOSTS": json.dumps([urlsplit(place).netloc]),
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_page_names_the_commands_in_their_order() -> None:
    assert [command.split()[:2] for command in COMMANDS] == [
        ["sources", "check"], ["sources", "check"], ["sources", "add"], ["watch", "relay/example"], ["sources", "list"],
    ]  # fmt: skip


def test_the_page_is_walked_through(street: OpenStreet, tmp_path: Path) -> None:
    look, check, add, watch, show = COMMANDS
    place = street.sites["relay_lantern"]
    looked = run(tmp_path, place, look)
    assert looked.returncode == 0, looked.stderr
    assert "family: new_api" in looked.stdout
    assert "header: x-new-api-version" in looked.stdout

    (tmp_path / "example.yml").write_text(FILE.replace(PLACE, place), encoding="utf-8")
    for command in (check, add):
        done = run(tmp_path, place, command)
        assert done.returncode == 0, done.stderr
    watched = run(tmp_path, place, watch)
    assert watched.returncode == 0, watched.stderr
    rows = [json.loads(line) for line in run(tmp_path, place, show, "--json").stdout.splitlines()]
    (row,) = [row for row in rows if row["source"] == "relay/example"]
    assert (row["state"], row["block_rate"], row["expectation_met"], row["runs"]) == ("fresh", 0.0, True, True)
    assert row["last_crawl"]["yield"] == 6
    assert row["last_success_at"]


def test_a_place_that_refuses_is_told_as_that_after_one_request(street: OpenStreet, tmp_path: Path) -> None:
    refused = run(tmp_path, street.sites["challenge"], COMMANDS[0])
    assert refused.returncode == 1
    assert "does not want to be looked at: blocked" in refused.stderr


@pytest.mark.parametrize(
    ("site", "family"),
    [
        ("one_hub", "one_hub"), ("sub2api", "sub2api"), ("voapi", "voapi"), ("veloera", "veloera"),
        ("claude_relay_service", "claude_relay_service"), ("litellm_hub", "litellm_hub"), ("acg_faka", "acg_faka"),
        ("dujiaoka", "dujiaoka"),
    ],
)  # fmt: skip
def test_each_software_is_recognised_and_proposed(street: OpenStreet, tmp_path: Path, site: str, family: str) -> None:
    looked = run(tmp_path, street.sites[site], COMMANDS[0])
    assert looked.returncode == 0, looked.stderr
    assert f"family: {family}" in looked.stdout
