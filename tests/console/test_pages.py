"""The queue, the alert's page and the pages beside them: what they show, and that they show it as text."""

import csv
import io
import re

import pytest

from console.charts import price_chart
from console.pages.queue import harmless
from console.queue_address import QueueView
from domain.alert import Severity
from domain.hostile_text import clean_text
from line.access import Role
from line.review_page import PricePoint, percent
from line.review_text import Mark, differences, shown_as_written, shown_plain
from storage.cases import CaseOutcome
from tests.console.conftest import START, Browser, House
from tests.console.hostile import HOSTILE, LIVE

PAGES = ("/", "/cases", "/sources", "/rates", "/rates?product=claude-pro", "/search?q=claude", "/assess", "/help")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_without_anything_in_it(house: House, analyst: Browser, path: str) -> None:
    answer = analyst.get(path)
    assert answer.status_code == 200
    assert "<h1" in answer.text
    assert len(answer.content) < 200_000


def test_no_page_holds_inline_script_or_style(house: House, lead: Browser) -> None:
    alert = house.alert()
    for path in (*PAGES, f"/alerts/{alert}"):
        text = lead.get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), path
        assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text)), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css|woff2?)', text), path


def test_the_queue_filters_counts_and_orders(house: House, analyst: Browser) -> None:
    high = house.alert(1)
    low = house.alert(2, severity=Severity.LOW, platform="github", source="github/example")
    both = analyst.get("/").text
    assert high in both
    assert low in both
    for query, expected in (
        ("severity=low", {low}), ("severity=low&severity=high", {low, high}), ("platform=github", {low}),
        ("source=github%2Fexample", {low}), ("q=account+2", {low}), (f"q={high[:8]}", {high}), ("status=closed", set()),
        ("status=any", {low, high}), ("seller=seller_example", {low, high}), ("seller=somebody", set()),
        ("below=50", {low, high}), ("below=1", set()), ("below=nonsense", {low, high}), ("sort=nonsense", {low, high}),
        ("mine=1", set()), ("needs=second", set()), ("needs=nonsense", {low, high}), ("product=no", set()),
        ("language=en", {low, high}), ("page=99999", set()), ("q=100%25", set()), ("q=_", set()),
    ):  # fmt: skip
        text = analyst.get(f"/?{query}").text
        shown = {alert for alert in (low, high) if f'href="/alerts/{alert}' in text}
        assert shown == expected, query


@pytest.mark.parametrize("sort", ["rank", "newest", "oldest", "share", "value"])
def test_every_order_shows_all(house: House, analyst: Browser, sort: str) -> None:
    alerts = [house.alert(number) for number in range(3)]
    text = analyst.get(f"/?sort={sort}").text
    assert all(alert in text for alert in alerts)


def test_new_since_you_looked(house: House, analyst: Browser) -> None:
    old = house.alert(1)
    analyst.post("/looked")
    house.clock.advance(minutes=5)
    new = house.alert(2)
    text = analyst.get("/?new=1").text
    assert new in text
    assert old not in text
    assert analyst.get("/").text.count('<span class="tag">new</span>') == 1


def test_views_are_saved_shared_and_forgotten(house: House, analyst: Browser, lead: Browser) -> None:
    analyst.post("/views", name="Mine", query="severity=high", shared="1")
    lead.post("/views", name="For all", query="platform=github&evil=1", shared="1")
    assert "Mine" not in lead.get("/").text
    text = analyst.get("/").text
    assert "For all" in text
    assert "/?platform=github" in text
    assert "evil" not in text
    [mine] = [view for view in house.memory.views.seen_by("Ana") if view.owner == "Ana"]
    lead.post(f"/views/{mine.number}/forget")
    assert "Mine" in analyst.get("/").text
    analyst.post(f"/views/{mine.number}/forget")
    assert "Mine" not in analyst.get("/").text


def test_a_view_is_its_address() -> None:
    view = QueueView.of("severity=high&severity=low&q=a%20b&unknown=1&page=3")
    assert view.query == "severity=high&severity=low&q=a+b"
    assert view.toggled("severity", "high") == "severity=low&q=a+b"
    assert view.with_("q", "") == "severity=high&severity=low"
    assert [chip.label for chip in view.chips] == ["severity high", "severity low", "text a b"]


def test_the_csv_holds_the_filter_and_no_formula(house: House, analyst: Browser) -> None:
    house.alert(1, title='=HYPERLINK("https://evil.example.test")')
    house.alert(2, title="fine, -1+1|cmd", severity=Severity.LOW)
    rows = list(csv.DictReader(io.StringIO(analyst.get("/queue.csv?severity=high").text)))
    assert [row["title"][:2] for row in rows] == ["'="]
    everything = analyst.get("/queue.csv").text
    for delimiter in ",;\t|":
        for row in csv.reader(io.StringIO(everything), delimiter=delimiter):
            assert not any(re.match(r"\s*[=+\-@]", cell) for cell in row), row


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a;=1", "a,@x", "＝1", "\u200b=1", " =1"]
)
def test_cells_are_harmless(cell: str) -> None:
    assert not re.search(r"(?:^|[,;|\t])\s*[=+\-@＝]", harmless(cell))


def test_the_alert_page_shows_what_was_seen_and_why(house: House, analyst: Browser) -> None:
    alert = house.alert()
    text = analyst.get(f"/alerts/{alert}").text
    for part in (
        "What was seen", "Arithmetic", "official page", "Harmless explanations", "What would have to differ",
        "Disguises taken off", "In English", "Near-duplicates", "Timeline", "Report preview", "Judged with", "1 of 1",
        'class="m-offer', "hxxps://shop[.]example[.]test/1", "of the official price",
    ):  # fmt: skip
        assert part in text, part
    assert 'href="https://shop.example.test' not in text


def test_a_reader_sees_the_alert_without_the_decision_bar(house: House) -> None:
    alert = house.alert()
    text = house.person(Role.VIEWER).get(f"/alerts/{alert}").text
    assert "/decide" not in text
    assert "/claim" not in text


@pytest.mark.parametrize("path", ["/alerts/none", "/cases/77", "/nowhere", "/alerts/%00", "/alerts/" + "x" * 3000])
def test_what_there_is_not_is_said_kindly(house: House, analyst: Browser, path: str) -> None:
    answer = analyst.get(path)
    assert answer.status_code == 404
    assert "<h1>Not here</h1>" in answer.text


def test_hostile_text_is_text_in_every_field(house: House, lead: Browser) -> None:
    from domain.listing import Handle, HandleRole

    joined = " \n".join(HOSTILE)
    strange = "\ud800\x00\u202e" + joined
    alert = house.alert(
        7, external_id=joined[:3000], title=joined[:5000], text=joined, url="https://shop.example.test/" + joined[:500],
        handles=(Handle("relay", strange[:2000], HandleRole.SELLER),),
        images=(joined[:500],), links=(joined[:500],),
    )  # fmt: skip
    lead.post(f"/alerts/{alert}/note", note=joined[:4000])
    lead.post("/cases", alert=alert, title=joined[:2000])
    lead.post("/cases/1/write", kind="note", text=joined[:8000])
    lead.post("/cases/1/write", kind="task", text=joined[:8000])
    lead.post("/views", name=joined[:2000], query="q=" + "%3Cscript%3E")
    for path in ("/?q=%3Cscript%3E", "/", f"/alerts/{alert}", "/cases", "/cases/1", "/search?q=%3Cscript%3E", "/help"):
        text = lead.get(path).text
        assert "That did not work" not in text, path
        for live in LIVE:
            assert live not in text, (path, live)
    judged = lead.post("/assess", text=joined, title=joined[:900])
    assert judged.status_code == 200
    assert all(live not in judged.text for live in LIVE)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a" * 100_001, "%s%n{{7*7}}", "\u202ereversed"])
def test_strange_texts_are_assessed_or_refused_with_a_word(house: House, analyst: Browser, text: str) -> None:
    answer = analyst.post("/assess", text=text.encode("utf-8", "surrogatepass"))
    assert answer.status_code in {200, 400, 413}
    assert "{{7*7}}" not in text or "7*7" in answer.text


def test_assess_judges_with_reasons_and_keeps_nothing(house: House, analyst: Browser) -> None:
    answer = analyst.post("/assess", text="Claude Max 20x ready account, $40 a month, contact @seller_example")
    assert "<h2>Resale" in answer.text
    assert "20 %" in answer.text
    assert house.memory.queue.count(QueueView.of("status=any").filter(None)) == 0
    assert analyst.post("/assess", text="x", amount="many").status_code == 400
    assert analyst.post("/assess", text="x", on="someday").status_code == 400


def test_rates_show_rows_history_and_the_nearest_names(house: House, analyst: Browser) -> None:
    assert "Rows that hold on 2026-07-15" in analyst.get("/rates?product=Claude+Pro").text
    assert "nearest names" in analyst.get("/rates?product=claude-prx").text


def test_the_palette_and_the_search_find_alerts_cases_and_products(house: House, analyst: Browser) -> None:
    alert = house.alert(3)
    analyst.post("/cases", alert=alert, title="The seller of plans")
    for path in ("/palette?q=", "/search?q="):
        assert alert in analyst.get(path + alert[:10]).text
        assert alert in analyst.get(path + "shop.example.test/3").text
        assert "/cases/1" in analyst.get(path + "plans").text
        assert "/rates?product=claude-max-20x" in analyst.get(path + "claude-max-20x").text
    assert analyst.get("/palette?q=nothing-like-it").text.count("<li") == 1


def test_a_case_from_opening_to_its_outcome(house: House, analyst: Browser, lead: Browser) -> None:
    first, second = house.alert(1), house.alert(2)
    assert analyst.post("/cases", title="Empty").status_code == 400
    assert analyst.post("/cases", alert=[first], title="A seller").headers["location"] == "/cases/1"
    assert analyst.post("/cases", alert=[second], case="1").status_code == 303
    assert "/cases/1" in analyst.get(f"/alerts/{second}").text
    for kind, text in (("note", "Seen twice"), ("task", "Ask the desk"), ("ticket", "DESK-123")):
        assert analyst.post("/cases/1/write", kind=kind, text=text).status_code == 303
    assert analyst.post("/cases/1/write", kind="note", text="hidden", privileged="1").status_code == 403
    lead.post("/cases/1/write", kind="note", text="Counsel says so", privileged="1")
    assert "Counsel says so" not in analyst.get("/cases/1").text
    assert "Counsel says so" in lead.get("/cases/1").text
    task = next(entry for entry in house.memory.cases.entries(1) if entry.kind == "task")
    assert analyst.post(f"/cases/1/tasks/{task.number}/done").status_code == 303
    assert analyst.post(f"/cases/1/tasks/{task.number}/done").status_code == 404
    assert analyst.post("/cases/1/assign", to="Lea").status_code == 303
    assert analyst.post("/cases/1/assign", to="Nobody").status_code == 400
    assert analyst.post("/cases/1/close", outcome="refused").status_code == 400
    assert analyst.post("/cases/1/close", outcome="accounts_closed", note="two accounts").status_code == 303
    assert house.memory.cases.get(1).outcome is CaseOutcome.ACCOUNTS_CLOSED
    assert analyst.post("/cases", alert=[second], case="1").status_code == 400
    assert analyst.post("/cases/1/reopen", reason="").status_code == 400
    assert analyst.post("/cases/1/reopen", reason="It came back").status_code == 303


def test_cases_are_merged(house: House, analyst: Browser) -> None:
    first, second = house.alert(1), house.alert(2)
    analyst.post("/cases", alert=[first], title="One")
    analyst.post("/cases", alert=[second], title="Two")
    assert analyst.post("/cases/1/merge", into="1").status_code == 400
    assert analyst.post("/cases/1/merge", into="2").headers["location"] == "/cases/2"
    assert set(house.memory.cases.alerts(2)) == {first, second}
    assert house.memory.cases.get(1).outcome is CaseOutcome.MERGED


def test_people_are_invited_by_a_link_that_is_shown_once(house: House) -> None:
    operator = house.person(Role.OPERATOR, name="Op")
    assert operator.post("/people").status_code == 400
    assert operator.post("/people", role="emperor").status_code == 400
    text = operator.post("/people", role=["analyst", "auditor"]).text
    path = re.search(r"http://[^/]+(/setup/[\w-]+)", text).group(1)
    assert "analyst, auditor" in house.browser().get(path).text
    assert path not in operator.get("/people").text


def test_marks_are_cut_where_they_begin_and_end(house: House) -> None:
    from domain.listing import Listing

    listing = Listing("s", "1", "", "relay", "title", "abcdefgh", START)
    marks = (Mark("offer", "one", "text", 1, 4), Mark("for", "two", "text", 3, 6), Mark("for", "x", "text", 7, 99))
    shown = shown_as_written(listing, marks, "text")
    assert [(piece.text, piece.kinds) for piece in shown.pieces] == [
        ("a", ()), ("bc", ("offer",)), ("d", ("offer", "for")), ("ef", ("for",)), ("g", ()), ("h", ("for",)),
    ]  # fmt: skip
    disguised = Listing("s", "1", "", "relay", "", "Ｃ\u200bｌａｕｄｅ pro", START)
    plain = shown_plain(disguised, (Mark("offer", "one", "text", 0, 7),))
    assert [(piece.text, piece.kinds) for piece in plain.pieces] == [("claude", ("offer",)), (" pro", ())]


def test_differences_by_words() -> None:
    pieces = differences("price 40 a month", "price 25 a month")
    assert [(piece.text, piece.kinds) for piece in pieces] == [
        ("price ", ()), ("40", ("removed",)), ("25", ("added",)), (" a month", ()),
    ]  # fmt: skip


def test_the_price_line_stands_between_its_axes() -> None:
    from datetime import timedelta
    from decimal import Decimal

    assert price_chart(()) is None
    points = [
        PricePoint(START + timedelta(days=day), Decimal(share)) for day, share in ((0, "0.5"), (1, "2"), (9, "0"))
    ]
    chart = price_chart(points)
    assert chart is not None
    assert all(0 <= dot.x <= 640 and 0 <= dot.y <= 180 for dot in chart.dots)
    assert chart.dots[1].y < chart.official_y < chart.dots[0].y
    assert len(price_chart(points[:1]).dots) == 1


def test_shares_in_words() -> None:
    from decimal import Decimal

    told = [percent(Decimal(share)) for share in ("0.0015", "0.041", "0.37", "1.2")]
    assert told == ["0.15 %", "4.1 %", "37 %", "120 %"]
    assert percent(None) == ""
    assert clean_text("a\u202eb") == "ab"


PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


REASON = "the price stands only in the picture"


def test_a_screenshot_is_opened_for_a_reason_by_those_who_may(house: House, analyst: Browser, lead: Browser) -> None:
    alert = house.alert(1, screenshot=PNG)
    assert "leads and auditors open it" in analyst.get(f"/alerts/{alert}").text
    assert analyst.post(f"/alerts/{alert}/screenshot", reason=REASON).status_code == 403
    assert lead.post(f"/alerts/{alert}/screenshot", reason="hm").status_code == 400
    opened = lead.post(f"/alerts/{alert}/screenshot", reason=REASON)
    assert opened.status_code == 303
    [path] = re.findall(rf"/alerts/{alert}/screenshot/[0-9a-f]+", lead.get(opened.headers["location"]).text)
    answer = lead.get(path)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/png", PNG)
    other = house.person(Role.LEAD, name="Other")
    assert other.get(path).status_code == 403
    assert re.findall(rf"/alerts/{alert}/screenshot/[0-9a-f]+", other.get(opened.headers["location"]).text) == []
    [note] = house.memory.store.custody.notes("viewed_raw")
    assert note.actor == "Lea"


def test_what_is_no_picture_is_not_shown_as_one(house: House, lead: Browser) -> None:
    alert = house.alert(2, screenshot=b"<script>hit()</script>")
    opened = lead.post(f"/alerts/{alert}/screenshot", reason=REASON)
    [path] = re.findall(rf"/alerts/{alert}/screenshot/[0-9a-f]+", lead.get(opened.headers["location"]).text)
    assert lead.get(path).status_code == 404
    bare = house.alert(3)
    assert lead.post(f"/alerts/{bare}/screenshot", reason=REASON).status_code == 404
    assert "read without a browser" in lead.get(f"/alerts/{bare}").text


def test_words_and_sellers_are_found_in_the_index_beyond_the_newest(house: House, analyst: Browser) -> None:
    from storage import queue_filter

    old = house.alert(1, text="Claude Max 20x ready account, $40, ask the lighthouse keeper")
    house.memory.store.search.catch_up()
    queue_filter_newest, queue_filter.NEWEST_READ = queue_filter.NEWEST_READ, 1
    try:
        house.clock.advance(hours=1)
        house.alert(2)
        assert f"/alerts/{old}" in analyst.get("/search?q=lighthouse").text
        assert f"/alerts/{old}" in analyst.get("/?q=lighthouse+keeper").text
        assert f"/alerts/{old}" in analyst.get("/?seller=seller_example").text
        assert "/alerts/" not in analyst.get("/?seller=seller").text
    finally:
        queue_filter.NEWEST_READ = queue_filter_newest
