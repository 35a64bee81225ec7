"""The commands as a person types them: what they print, and the status they end with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

LONGEST_SECONDS = 60


def undercut(*arguments: str, folder: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", "from jobs.cli import main; main()", *arguments],
        cwd=Path(__file__).resolve().parents[3],
        env={
            "UNDERCUT_DATA_FOLDER": str(folder / "data"),
            "UNDERCUT_CONFIG": "",
            "PATH": "/usr/bin:/bin",
            "PYTHONWARNINGS": "error",
        },
        input=given,
        capture_output=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )


def test_a_rate_is_shown_with_tier_validity_and_source(tmp_path: Path) -> None:
    done = undercut("rates", "show", "claude-opus-4-8", "--on", "2026-06-01", "--json", folder=tmp_path)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    standard = {row["unit"]: row["amount"] for row in rows if row["tier"] == "standard"}
    assert (standard["per_mtok_in"], standard["per_mtok_out"]) == ("5", "25")
    assert all(row["source"].startswith("https://") and row["validity"] for row in rows)
    assert done.returncode == 0


def test_an_unknown_model_is_an_error_with_the_nearest_names(tmp_path: Path) -> None:
    done = undercut("rates", "show", "claude-opus-4-88", folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"claude-opus-4-8" in done.stderr


def test_assess_answers_line_by_line_and_loses_nothing_to_a_malformed_one(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": "Claude Max 20x 成品号 ¥280，质保首登，下单秒发"},
        {"id": "b", "text": "We are hiring a senior engineer, remote, no agencies."},
    ]
    given = b"\n".join([json.dumps(lines[0]).encode(), b"{not json", json.dumps(lines[1]).encode()])
    done = undercut("assess", folder=tmp_path, given=given)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "b"]
    assert "error" in answers[1]
    assert answers[0]["verdict"] == "resale"
    assert answers[2]["verdict"] == "not_resale"
    assert done.returncode == 1


def test_read_needs_no_database_and_says_what_it_could_not_read(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body>nothing of ours</body></html>")
    done = undercut("read", str(page), "--json", folder=tmp_path)
    (answer,) = (json.loads(line) for line in done.stdout.splitlines())
    assert answer["state"] == "not_understood"
    assert not (tmp_path / "data").exists()


def test_an_unreadable_configuration_is_one_clear_message(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("workers = [")
    done = undercut("--config", str(broken), "doctor", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert str(broken).encode() in done.stderr


def test_wrong_usage_ends_with_two(tmp_path: Path) -> None:
    assert undercut("alerts", "list", "--limit", "none", folder=tmp_path).returncode == 2


def test_the_doctor_names_the_mend(tmp_path: Path) -> None:
    done = undercut("doctor", "--json", folder=tmp_path)
    checks = {check["what"]: check for check in (json.loads(line) for line in done.stdout.splitlines())}
    assert checks["database"]["health"] == "fine"
    assert checks["channels"]["health"] == "note"
    assert "[channels.NAME]" in checks["channels"]["mend"]
    assert done.returncode == 0


def test_every_source_is_listed_with_why_it_does_not_run(tmp_path: Path) -> None:
    done = undercut("sources", "list", "--json", folder=tmp_path)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows
    assert all(row["runs"] or row["why_not"] for row in rows)
