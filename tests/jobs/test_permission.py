"""A source that may not run says why in a sentence that tells what to do."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.source import Access, Source
from jobs.config import Config, TermsReviewSetting
from jobs.permission import permission_of, why_not

CONFIG = Config(contact="mailto:desk@example.test")
SOURCE = Source(
    name="forums/example",
    family="discourse",
    start_urls=("https://forum.example.test/latest.json",),
    purpose="test",
    owner="tests",
    cadence=timedelta(hours=6),
)


def test_a_public_source_runs_where_a_contact_is_configured() -> None:
    assert why_not(SOURCE, CONFIG) is None


@pytest.mark.parametrize(
    ("source", "config", "reason"),
    [
        (replace(SOURCE, enabled=False), CONFIG, "disabled in its file"),
        (replace(SOURCE, access=Access.IMPORT_ONLY), CONFIG, "undercut import"),
        (replace(SOURCE, access=Access.OPERATOR_SESSION), CONFIG, "session that the operator opened"),
        (replace(SOURCE, terms_limit_programs=True), CONFIG, r"set terms_reviews\.discourse"),
        (replace(SOURCE, access=Access.API_TOKEN, token_variable="NO_SUCH_TOKEN"), CONFIG, "NO_SUCH_TOKEN"),
        (SOURCE, CONFIG.model_copy(update={"contact": None}), "no contact is configured"),
        (replace(SOURCE, start_urls=()), CONFIG.model_copy(update={"contact": None}), "no contact is configured"),
        (SOURCE, CONFIG.model_copy(update={"only_sources": ("forums/other",)}), "only_sources"),
    ],
)
def test_what_stops_a_source_is_said(source: Source, config: Config, reason: str) -> None:
    told = why_not(source, config)
    assert told is not None
    assert reason.replace("\\", "") in told


def test_a_review_of_the_terms_lets_a_limited_platform_run() -> None:
    reviewed = TermsReviewSetting(reviewed_by="A. Person", reviewed_on=date(2026, 11, 1))
    config = CONFIG.model_copy(update={"terms_reviews": {"discourse": reviewed}})
    assert why_not(replace(SOURCE, terms_limit_programs=True), config) is None


def test_allowed_hosts_need_no_contact() -> None:
    config = Config(allowed_hosts=("127.0.0.1:8000",))
    assert why_not(replace(SOURCE, start_urls=("http://127.0.0.1:8000/",)), config) is None
    assert why_not(replace(SOURCE, start_urls=("http://127.0.0.1:8001/",)), config) is not None


def test_a_replay_asks_nobody_and_needs_neither_contact_nor_token() -> None:
    source = replace(SOURCE, enabled=False, access=Access.API_TOKEN, token_variable="NO_SUCH_TOKEN")
    silent = CONFIG.model_copy(update={"contact": None})
    assert why_not(source, silent, replayed=True) is None
    told = why_not(replace(source, terms_limit_programs=True), silent, replayed=True)
    assert told is not None
    assert "terms_reviews" in told


def test_the_operators_word_is_said_with_who_and_when() -> None:
    reviewed = TermsReviewSetting(reviewed_by="A. Person\x1b[2J", reviewed_on=date(2026, 11, 1))
    config = CONFIG.model_copy(update={"terms_reviews": {"discourse": reviewed}})
    limited = replace(SOURCE, terms_limit_programs=True)
    assert permission_of(limited, config) == "terms of discourse reviewed by A. Person[2J on 2026-11-01"
    assert permission_of(limited, CONFIG) == ""
    assert permission_of(SOURCE, config) == ""
