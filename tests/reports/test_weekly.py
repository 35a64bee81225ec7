"""The weekly summary counts what was seen once, in numbers that all of its files share."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import orjson

from benchmarks.report_cases import draw_case
from benchmarks.report_cases import options as hostile_options
from domain.finding import Authorisation
from reports.charts import bar_chart, line_chart
from reports.weekly import WeekPoint, render_weekly, summarise_week
from tests.reports.cases import make_case, options

MONDAY = date(2026, 11, 16)
EARLIER = (WeekPoint(date(2026, 11, 9), 9, 8, 20, 18, 4, 3, "0.3000", "0.0500"),)


def summary(entries=None):  # type: ignore[no-untyped-def]
    listed = make_case().listings if entries is None else entries
    return summarise_week("anthropic", "Anthropic", "https://www.anthropic.com/", MONDAY, listed, EARLIER, options())


def test_totals() -> None:
    totals = summary().totals
    assert (totals.listings, totals.distinct_listings, totals.offers, totals.compared) == (2, 2, 3, 2)
    assert (totals.median_share, totals.lowest_share) == ("0.3572", "0.0714")
    assert dict(summary().bands)["5 to 10 %"] == 1
    assert [point.week for point in summary().trend] == [date(2026, 11, 9), MONDAY]


def test_what_says_the_same_counts_once() -> None:
    entry = make_case().listings[0]
    again = replace(entry, listing=replace(entry.listing, external_id="99", url="https://t.me/other_shop/5"))
    found = summary((entry, again))
    assert (found.totals.listings, found.totals.distinct_listings, found.totals.offers) == (2, 1, 2)


def test_other_weeks_and_permitted_sales_do_not_count() -> None:
    entry = make_case().listings[0]
    permitted = replace(entry, decision=None, finding=replace(entry.finding, authorisation=Authorisation.LISTED))
    assert summary((permitted,)).totals.listings == 0
    far = summarise_week("anthropic", "Anthropic", "", date(2026, 1, 5), (entry,), (), options())
    assert far.totals.listings == 0


def test_every_file_says_the_same() -> None:
    files = {file.name: file.content for file in render_weekly(summary(), options()).files}
    data = orjson.loads(files["weekly.json"])
    assert data["totals"]["lowest_percent"] == "7.14"
    assert b'"claude-opus-4-8"' in files["products.csv"]
    assert files["weekly.pdf"].startswith(b"%PDF-")
    assert "seller-" in data["sellers"][0]["seller"]


def test_an_empty_week_prints() -> None:
    assert render_weekly(summary(()), options()).files


def test_hostile_weeks_print_and_leak_nothing() -> None:
    for seed in (3, 4, 5):
        planted = draw_case(seed)
        week = summarise_week("anthropic", "Anthropic", "", MONDAY, planted.case.listings, (), hostile_options())
        for file in render_weekly(week, hostile_options()).files:
            assert not [word for word in planted.secrets if word.encode() in file.content]


def test_charts_are_well_formed_whatever_the_labels() -> None:
    for chart in (
        bar_chart("<t>", [("</svg><script>", 3), ("&", 0)], "n"),
        bar_chart("t", [], "n"),
        line_chart("t", ["a\x00", "b"], [("x", [1, 2]), ("<y>", [0, 0])], "n"),
        line_chart("t", [], [], "n"),
    ):
        root = ElementTree.fromstring(chart)  # noqa: S314 - our own output
        assert not root.findall(".//{http://www.w3.org/2000/svg}script")
