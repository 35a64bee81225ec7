"""Families, sources and recognition: found on disk, checked strictly, with errors that name the file and the mend."""

import ast
import json
from datetime import timedelta
from pathlib import Path

import pytest

from crawlers.registry import (
    SourceFileError,
    UnknownFamilyError,
    families,
    family,
    load_source,
    parse_source,
    proposed_source,
    recognise,
    source_schema,
    sources,
)
from domain.source import Access
from tests.conftest import REPOSITORY
from tests.crawlers.families.golden import page_of

GOOD = b"""
family: github
options: {queries: [claude api], pages: 3}
purpose: a test
owner: us
cadence: PT6H
"""


def test_families_are_named_after_their_files() -> None:
    assert "new_api" in families()
    assert family("new_api").platform == "relay"
    with pytest.raises(UnknownFamilyError, match=r"there are .*new_api"):
        family("old_api")


def test_families_are_pure() -> None:
    """No family imports anything that talks to the world or reads a clock."""
    forbidden = {
        "scrapy",
        "httpx",
        "sqlalchemy",
        "playwright",
        "socket",
        "urllib.request",
        "requests",
        "time",
        "random",
    }
    for file in (REPOSITORY / "crawlers" / "families").glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not forbidden & set(names), f"{file.name} imports {names}"
            called = node.func if isinstance(node, ast.Call) else None
            assert not (isinstance(called, ast.Attribute) and called.attr in ("now", "utcnow", "today")), file.name


def test_a_good_file() -> None:
    source = parse_source("github/test", GOOD, place="test.yml")
    assert source.name == "github/test"
    assert source.options == {"queries": ("claude api",), "pages": ("3",)}
    assert source.cadence == timedelta(hours=6)
    assert source.access is Access.PUBLIC


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (b"colour: red", r"test\.yml: colour: Extra inputs"),
        (b"family: nothing", r"no family 'nothing'; there are"),
        (b"cadence: often", r"cadence"),
        (b"cadence: PT1S", r"cadence: .*greater than or equal"),
        (b"start_urls: [ftp://x]", r"start_urls: .*not an absolute http"),
        (b"manners: {delay_seconds: 0.1}", r"manners\.delay_seconds: .*greater"),
        (b"owner: ''", r"owner: .*at least 1 character"),
        (b"enabled: perhaps", r"enabled"),
        (b"access: stolen", r"access: .*public"),
        (b"options: {}", r"asks for nothing; give start_urls or the options that github wants"),
        (b"options: {queries: [a], kinds: [wikis]}", r"options: github/test: no kind of search 'wikis'"),
        (b"name: github/other", r"name: 'github/other' is not 'github/test'"),
        (b"token_variable: HOME", r"token_variable"),
        (b"purpose: &a [x]\nowner: *a", r"not YAML: anchors and aliases"),
        (b"purpose: [", r"not YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(change: bytes, told: str) -> None:
    key = change.partition(b":")[0]
    kept = b"\n".join(line for line in GOOD.splitlines() if not line.startswith(key + b":"))
    with pytest.raises(SourceFileError, match=told):
        parse_source("github/test", kept + b"\n" + change, place="test.yml")


@pytest.mark.parametrize("body", [b"", b"- a", b"just text", b"\xff\xfe", b"a: " + b"x" * 30_000, b"[" * 5_000])
def test_what_is_no_source_file(body: bytes) -> None:
    with pytest.raises(SourceFileError, match=r"test\.yml"):
        parse_source("github/test", body, place="test.yml")


def test_a_name_comes_from_the_place(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "one.yml").write_bytes(GOOD)
    assert load_source(folder / "one.yml").name == "mine/one"
    (folder / "Two Words.yml").write_bytes(GOOD)
    with pytest.raises(SourceFileError, match="is no name"):
        load_source(folder / "Two Words.yml")


def test_shipped_sources_are_short_and_say_what_they_need() -> None:
    shipped = sources()
    assert len(shipped) >= 10
    for name, source in shipped.items():
        file = REPOSITORY / "crawlers" / "sources" / f"{name}.yml"
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 25, name
        if source.family.startswith("telegram"):
            assert source.terms_limit_programs, name
            assert not source.enabled, name
        if source.access is Access.API_TOKEN:
            assert source.token_variable, name
        if source.enabled and source.access is not Access.IMPORT_ONLY:
            assert families()[source.family].first_requests(source), name


def test_every_family_has_a_source() -> None:
    assert set(families()) == {source.family for source in sources().values()}


def test_the_schema_is_current() -> None:
    written = json.loads((REPOSITORY / "docs" / "reference" / "source.schema.json").read_text(encoding="utf-8"))
    mend = "write it anew with crawlers.registry.write_source_schema"
    assert written == json.loads(json.dumps(source_schema())), mend


class TestRecognition:
    def test_the_surest_comes_first_and_says_why(self) -> None:
        page = page_of(
            '<html><head><title>New API</title><meta name="generator" content="new-api"></head></html>',
            "https://relay.example.test/",
            headers={"x-new-api-version": "v1.0.0"},
        )
        first = recognise(page)[0]
        assert first.family == "new_api"
        assert first.confidence > 0.9
        assert any("x-new-api-version" in mark for mark in first.marks)

    def test_one_imitated_answer_is_not_enough(self) -> None:
        settings = '{"code":0,"data":{"site_name":"x","purchase_subscription_enabled":true,"custom_menu_items":[]}}'
        answer = page_of(settings, "https://trap.example.test/api/v1/settings/public")
        assert recognise(answer)[0].confidence <= 0.5
        header = page_of("hello", "https://trap.example.test/", headers={"x-new-api-version": "v9"})
        assert recognise(header)[0].confidence <= 0.5

    def test_a_stranger_is_nobody(self) -> None:
        assert recognise(page_of("<html><title>My bakery</title></html>", "https://bakery.example.test/")) == ()

    def test_a_source_is_proposed(self) -> None:
        page = page_of(
            '<html><head><meta name="generator" content="VoAPI"><script>window.voif={"a":1}</script></head></html>',
            "https://vo.example.test/",
        )
        (best,) = recognise(page)
        text = proposed_source("https://vo.example.test/", best)
        assert len(text.splitlines()) <= 25
        proposed = parse_source("relay/vo-example-test", text.encode(), place="proposal")
        assert proposed.family == "voapi"
        assert not proposed.enabled
        assert proposed.start_urls == ("https://vo.example.test/",)
