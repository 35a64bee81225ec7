"""`undercut watch SOURCE --once --replay PATH`: saved answers go down the line, and nobody is asked."""

import json
from pathlib import Path

import pytest

from crawlers.registry import families, load_source
from tests.crawlers.saved.builders import Answer, warc_of
from tests.jobs.cli.test_watch import json_lines, undercut

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SOURCE = """family: g2g
options: {queries: [chatgpt], pages: 1}
purpose: tests
owner: tests
enabled: false
"""
PAGE = Path(__file__).resolve().parents[2] / "golden" / "g2g" / "normal" / "page.json"


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """An installation without a contact: nothing outside may be asked."""
    (tmp_path / "sources" / "markets").mkdir(parents=True)
    (tmp_path / "sources" / "markets" / "saved.yml").write_text(SOURCE)
    file = tmp_path / "undercut.toml"
    file.write_text('data_folder = "data"\nsources_folder = "sources"\n')
    return file


def saved(folder: Path) -> dict[str, Path]:
    """The one answer that the source asks for, as a folder and as a WARC file."""
    source = load_source(folder / "sources" / "markets" / "saved.yml")
    (asked,) = families()["g2g"].first_requests(source)
    pages = folder / "pages"
    pages.mkdir()
    (pages / "search.json").write_bytes(PAGE.read_bytes())
    entry = {"url": asked.url, "file": "search.json", "fetched_at": "2026-05-20T08:30:00Z"}
    (pages / "index.jsonl").write_text(json.dumps(entry) + "\n")
    warc = folder / "saved.warc.gz"
    warc.write_bytes(warc_of([Answer(asked.url, PAGE.read_bytes(), "application/json")]))
    return {"folder": pages, "warc": warc}


def test_a_folder_and_a_warc_file_are_replayed(config_file: Path) -> None:
    for place in saved(config_file.parent).values():
        done = undercut(config_file, "watch", "markets/saved", "--once", "--replay", str(place), "--json")
        (summary,) = json_lines(done.stdout)
        assert done.returncode == 0, done.stderr
        assert (summary["states"], summary["listings"], summary["failures"]) == ({"fresh": 1}, 2, 0)
    (alert,) = json_lines(undercut(config_file, "alerts", "list", "--json").stdout)
    assert alert["source"] == "markets/saved"


def test_what_cannot_be_replayed_is_told(config_file: Path) -> None:
    absent = undercut(config_file, "watch", "markets/saved", "--once", "--replay", "/nowhere")
    assert absent.returncode == 1
    assert "there is no archive at /nowhere" in absent.stdout + absent.stderr
    assert undercut(config_file, "watch", "--once", "--replay", "/nowhere").returncode == 2
    refused = undercut(config_file, "watch", "markets/saved", "--once")
    assert refused.returncode == 1
    assert "disabled in its file" in refused.stderr
