"""The recipients directory: every shipped entry is whole, dated, and keeps what its desk asks for."""

from datetime import UTC, datetime

import pytest

from domain.report import Submission
from reports.directory import load_directory, options_for, read_recipient, recipient, recipients_for, shipped_recipients
from reports.dossier import Reporter
from reports.errors import DirectoryError
from reports.render import formats

ONE = """
id: example
name: Example
kind: host
domains: [example.test]
submission: mail
who_may_file: anyone
languages: [en]
formats: [xarf]
needs_handles: true
ways: [{email: abuse@example.test, accepts: [XARF], source: "https://example.test/abuse", checked: 2026-11-20}]
"""


@pytest.mark.parametrize("identifier", sorted(shipped_recipients()))
def test_shipped_entries_name_formats_that_exist(identifier: str) -> None:
    entry = shipped_recipients()[identifier]
    assert set(entry.formats) <= set(formats())
    assert all(way.email or way.form or way.account for way in entry.ways)


def test_platforms_that_forbid_programs_are_never_sent_to_by_one() -> None:
    for identifier in ("github", "telegram", "alibaba-platforms"):
        assert recipient(identifier).submission is Submission.PERSON_ONLY


def test_the_limits_of_links() -> None:
    chosen, reporter = recipient("alibaba-platforms"), Reporter("Example Watch", "r@watch.example", "watch.example")
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert options_for(chosen, reporter, now, None).most_links == 300
    assert options_for(chosen, reporter, now, None, with_account=False).most_links == 10
    assert options_for(chosen, reporter, now, None).show_handles


def test_who_should_hear_of_a_case() -> None:
    found = [entry.id for entry in recipients_for(["t.me", "item.taobao.com", "nott.me"], "anthropic")]
    assert found == ["alibaba-platforms", "anthropic", "telegram"]


def test_an_operators_own_entry_goes_over_the_shipped_one() -> None:
    own = read_recipient(ONE.replace("id: example", "id: github"), "own.yml")
    assert load_directory([own])["github"].name == "Example"


@pytest.mark.parametrize(
    ("old", "new"),
    [("id: example", "id: ../x"), ("kind: host", "kind: friend"), ("needs_handles: true", "needs_handle: true"),
     ("abuse@example.test", "abuse at example"), ("[example.test]", "[https://example.test/]"),
     ("submission: mail", "submission: pigeon"), ("id: example", "id: [")],
)  # fmt: skip
def test_a_slip_in_an_entry_is_named(old: str, new: str) -> None:
    with pytest.raises(DirectoryError, match=r"own\.yml"):
        read_recipient(ONE.replace(old, new), "own.yml")


def test_an_unknown_recipient_lists_the_known() -> None:
    with pytest.raises(DirectoryError, match="known: alibaba-platforms, anthropic"):
        recipient("nobody")
