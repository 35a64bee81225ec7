"""Both forms of labelled passages are read alike, and a bad line is named."""

from datetime import date
from decimal import Decimal

import orjson
import pytest

from domain.finding import Verdict
from line.labelled import CorpusError, read_corpus

DAY = date(2026, 7, 15)
OWN = {
    "id": "uc-1", "language": "zh", "platform": "marketplace_listing", "text": "GPT Plus 成品", "label": "resale",
    "price": {"amount": "6.5", "currency": "CNY"}, "observed_at": "2026-07-01",
    "offers": [{"product": "chatgpt-plus", "kind": "subscription_account", "share": 0.05}],
}  # fmt: skip
OTHER = {
    "id": "ho-1", "language": "en", "platform_kind": "other", "text": "at 38%", "label": "resale",
    "offers": [{"models_canonical": ["claude"], "kind": "metered_tokens", "share_of_official": 0.38}],
    "second_reader": {"label": "resale", "confidence": 0.9},
}  # fmt: skip


def one(row: dict[str, object]) -> object:
    return read_corpus(orjson.dumps(row), DAY).texts[0]


def test_the_projects_own_form() -> None:
    text = read_corpus(orjson.dumps(OWN), DAY).texts[0]
    assert text.label is Verdict.RESALE
    assert text.kind == "subscription_account"
    assert text.listing.observed_at.date() == date(2026, 7, 1)
    assert text.listing.prices[0].amount is not None
    assert text.shares[0].admits(Decimal("0.052"))
    assert not text.shares[0].admits(Decimal("0.054"))


def test_the_other_form_allows_for_the_readers_yuan() -> None:
    text = read_corpus(orjson.dumps(OTHER), DAY).texts[0]
    assert text.listing.observed_at.date() == DAY
    assert text.shares[0].product == "claude"
    assert text.shares[0].admits(Decimal("0.38") * Decimal("7.2") / Decimal("6.75"))


def test_two_readers_who_differ_leave_it_unsure() -> None:
    row = {**OTHER, "second_reader": {"label": "unsure", "confidence": 0.5}}
    assert read_corpus(orjson.dumps(row), DAY).texts[0].label is Verdict.UNSURE


def test_a_share_of_nothing_is_no_share() -> None:
    row = {**OTHER, "offers": [{**OTHER["offers"][0], "share_of_official": 0.0}]}  # type: ignore[index]
    assert read_corpus(orjson.dumps(row), DAY).texts[0].shares == ()


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"id": "1"}', b'{"id": "1", "label": "perhaps", "text": "x"}'])
def test_a_bad_line_is_named(line: bytes) -> None:
    with pytest.raises(CorpusError, match="line 2"):
        read_corpus(orjson.dumps(OWN) + b"\n" + line, DAY)
