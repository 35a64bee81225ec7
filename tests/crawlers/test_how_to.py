"""The how-to pages do what they say: their examples are taken out of them and used."""

import re
import sys
import types
from decimal import Decimal

import pytest

from crawlers.family import Family
from crawlers.registry import SourceFileError, families, parse_source
from domain.money import Money
from tests.conftest import REPOSITORY
from tests.crawlers.families.golden import page_of


def _block(page: str, language: str) -> str:
    text = (REPOSITORY / "docs" / "how-to" / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)[0]


def test_the_source_of_the_page_asks_for_what_the_page_says() -> None:
    written = _block("add-a-source.md", "yaml")
    source = parse_source("relay/example", written.encode(), place="docs")
    requests = families()[source.family].first_requests(source)
    assert [request.url for request in requests] == _block("add-a-source.md", "text").split()
    assert len(written.splitlines()) <= 25
    with pytest.raises(SourceFileError, match=r"docs: cadence: .* invalid digit in duration \(How often, as an ISO"):
        parse_source("relay/example", written.replace("PT12H", "daily").encode(), place="docs")


def test_the_family_of_the_page_reads_the_answer_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("corner_shop")
    monkeypatch.setitem(sys.modules, "corner_shop", module)
    exec(_block("add-a-family.md", "python"), module.__dict__)  # noqa: S102 - our own page
    family = module.FAMILY
    assert isinstance(family, Family)
    (listing,) = family.read(
        page_of(_block("add-a-family.md", "json"), "https://corner.example.test/api/goods")
    ).listings
    assert listing.title == "Claude Pro, one month"
    assert listing.prices[0].amount == Money(Decimal("9.90"), "USD")
    assert family.read(page_of('{"goods": []}')).state == "empty"
    assert family.read(page_of("<html>", status=403)).state == "blocked"
