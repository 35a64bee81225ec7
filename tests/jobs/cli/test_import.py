"""`undercut import` as an analyst types it."""

import json
from pathlib import Path

import pytest

from tests.crawlers.saved.builders import Answer, har_of
from tests.jobs.cli.test_commands import undercut
from tests.line.test_imports import DATA, URL

pytestmark = pytest.mark.slow


def test_a_broken_file_is_named_and_the_rest_goes_on_into_the_store(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.har", tmp_path / "bad.har"
    good.write_bytes(har_of([Answer(URL, DATA, "application/json")]))
    bad.write_bytes(good.read_bytes()[:-9])
    done = undercut("import", str(bad), str(good), "--json", folder=tmp_path)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert "is no JSON" in first["error"]
    assert (second["error"], second["listings"], second["alerts"]) == (None, 2, 1)
    assert b"bad.har" in done.stderr

    alerts = [json.loads(line) for line in undercut("alerts", "list", "--json", folder=tmp_path).stdout.splitlines()]
    assert [alert["source"] for alert in alerts] == ["import/g2g"]

    again = undercut("import", str(good), folder=tmp_path)
    assert again.returncode == 0
    assert b"fresh 1" in again.stdout
