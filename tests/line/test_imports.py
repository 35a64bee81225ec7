"""What people saved goes down the same line: the same listings whatever the format, under one source, once."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.policy import load_policy
from alerts.routing import build_routing
from crawlers.reading_pool import ReadingPool
from crawlers.registry import families
from detectors.assess import Detector
from line.import_names import import_source
from line.import_report import ImportedFile
from line.imports import HowImported, import_file
from line.page import Instruments
from rates.book import RateBook
from storage.store import Store, open_store
from tests.crawlers.saved.builders import SAVED_AT, Answer, har_of, mhtml_of, wacz_of, warc_of
from tests.crawlers.saved.test_feeder import item as feeder_item

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
URL = "https://sls.g2g.com/offer/search?q=chatgpt&page_size=2&page=1&currency=USD&v=v2"
GOLDEN = Path(__file__).resolve().parents[1] / "golden"
DATA = (GOLDEN / "g2g" / "normal" / "page.json").read_bytes()
HTML = (GOLDEN / "structured_data" / "normal" / "page.html").read_bytes()
PICTURE = Answer("https://www.g2g.com/logo.png", b"picture", "image/png")

Import = Callable[..., "ImportedFile"]


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool() as pool:
        yield pool


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    shutil.copyfile(sqlite_template, tmp_path / "undercut.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'undercut.sqlite'}", tmp_path)
    yield store
    store.close()


@pytest.fixture
def instruments(store: Store, pool: ReadingPool, rates: RateBook, detector: Detector) -> Instruments:
    async def read(family: str, page: object) -> object:
        return pool.read_now(family, page)  # type: ignore[arg-type]

    return Instruments(store, read, rates, detector, load_policy(), build_routing({}))  # type: ignore[arg-type]


def save(tmp_path: Path, body: bytes, name: str = "saved") -> Path:
    file = tmp_path / name
    file.write_bytes(body)
    stamp = datetime(2026, 4, 2, 9, tzinfo=UTC).timestamp()
    os.utime(file, (stamp, stamp))
    return file


ANSWERS = [Answer(URL, DATA, "application/json"), PICTURE]
ARCHIVES = {"har": har_of(ANSWERS), "warc": warc_of(ANSWERS), "wacz": wacz_of(ANSWERS), "mhtml": mhtml_of(ANSWERS)}


@pytest.mark.parametrize("kind", ARCHIVES)
async def test_every_archive_brings_the_same(tmp_path: Path, store: Store, instruments: Instruments, kind: str) -> None:
    told = await import_file(save(tmp_path, ARCHIVES[kind]), HowImported(NOW), instruments)
    assert (told.kind, told.error, told.problems, told.failed) == (kind, "", [], False)
    (page,) = told.pages
    assert (page.source, page.family, page.url) == ("import/g2g", "g2g", URL)
    assert (page.outcome.reading.state, told.total("listings"), told.alerts()) == ("fresh", 2, 1)
    assert told.passed_over >= 1

    kept = store.snapshots.get(page.outcome.recorded.snapshot_id).snapshot
    assert (kept.transport, kept.fetched_at, kept.capture["family"]) == ("import", SAVED_AT, "g2g")
    assert kept.capture["imported_as"] == kind
    assert json.loads(store.evidence.open(kept.sha256)) == json.loads(DATA)


async def test_the_same_page_in_two_formats_is_one_listing(tmp_path: Path, instruments: Instruments) -> None:
    first = await import_file(save(tmp_path, ARCHIVES["har"]), HowImported(NOW), instruments)
    second = await import_file(save(tmp_path, ARCHIVES["wacz"]), HowImported(NOW), instruments)
    again = await import_file(save(tmp_path, ARCHIVES["wacz"]), HowImported(NOW), instruments)
    assert [told.total("new_listings") for told in (first, second, again)] == [2, 0, 0]
    assert [told.alerts() for told in (first, second, again)] == [1, 0, 0]


async def test_a_single_page_takes_address_and_day_from_whoever_knows_them(
    tmp_path: Path, store: Store, instruments: Instruments
) -> None:
    file = save(tmp_path, DATA, "answer.json")
    day = datetime(2026, 5, 1, 12, tzinfo=UTC)
    named = await import_file(file, HowImported(NOW, day, url=URL), instruments)
    unnamed = await import_file(file, HowImported(NOW), instruments)
    snapshots = [store.snapshots.get(told.pages[0].outcome.recorded.snapshot_id).snapshot for told in (named, unnamed)]
    assert [one.fetched_at for one in snapshots] == [day, datetime(2026, 4, 2, 9, tzinfo=UTC)]
    assert snapshots[0].url_asked == URL
    assert snapshots[1].url_asked.endswith(".saved.invalid/")
    assert [told.pages[0].source for told in (named, unnamed)] == ["import/g2g", "import/g2g"]


async def test_software_that_many_run_is_kept_apart_by_its_host(tmp_path: Path, instruments: Instruments) -> None:
    one, other = (
        har_of([Answer(f"https://{shop}.example.test/p", HTML, "text/html")]) for shop in ("shop-one", "shop-two")
    )
    told = [await import_file(save(tmp_path, body), HowImported(NOW), instruments) for body in (one, other)]
    assert [page.source for each in told for page in each.pages] == [
        "import/structured_data/shop-one.example.test",
        "import/structured_data/shop-two.example.test",
    ]
    assert import_source(families()["g2g"], "https://www.g2g.com/x") == import_source(families()["g2g"], URL)


async def test_lines_are_listings_and_a_malformed_one_costs_itself(tmp_path: Path, instruments: Instruments) -> None:
    lines = [
        json.dumps(
            {
                "id": "a",
                "text": "Claude Max 20x 成品号 ¥280，质保首登，下单秒发",
                "platform": "wechat",
                "seller": "shop",
            }
        ),
        "{not json",
        json.dumps({"id": "b", "text": "Opus 5.5 is out. Official blog.", "observed_at": "2026-05-01"}),
    ]
    told = await import_file(save(tmp_path, "\n".join(lines).encode(), "rows.jsonl"), HowImported(NOW), instruments)
    assert (told.kind, told.total("listings"), told.alerts()) == ("lines", 2, 1)
    assert told.pages[0].source == "import/lines"
    assert [problem.partition(":")[0] for problem in told.problems] == ["line 2"]
    assert told.failed


async def test_lines_in_their_hundreds_are_recorded_piece_by_piece(tmp_path: Path, instruments: Instruments) -> None:
    lines = [json.dumps({"id": str(number), "text": f"weather report {number}"}) for number in range(450)]
    lines[449] = "{"
    told = await import_file(save(tmp_path, "\n".join(lines).encode(), "rows.jsonl"), HowImported(NOW), instruments)
    assert [page.place for page in told.pages] == ["lines from 1", "lines from 201", "lines from 401"]
    assert told.total("new_listings") == 449
    assert told.problems[0].startswith("line 450:")


async def test_what_a_feeder_sends(tmp_path: Path, instruments: Instruments) -> None:
    told = await import_file(save(tmp_path, feeder_item()), HowImported(NOW), instruments)
    assert (told.kind, told.total("listings"), told.alerts(), told.failed) == ("feeder", 1, 1, False)
    (listing,) = told.pages[0].outcome.reading.listings
    assert (listing.url, listing.one_time) == ("https://t.me/sample_shop/77", True)
    assert [(handle.role.value, handle.name) for handle in listing.handles] == [
        ("seller", "sample_seller"),
        ("host", "sample_shop"),
    ]


async def test_a_refusal_that_was_saved_is_its_state_and_no_listing(tmp_path: Path, instruments: Instruments) -> None:
    body = next((GOLDEN / "g2g" / "refused").glob("page.*")).read_bytes()
    told = await import_file(save(tmp_path, body), HowImported(NOW, family="g2g", url=URL, status=403), instruments)
    assert told.states() == {"blocked": 1}
    assert told.note()
    assert not told.failed


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><body>nothing of ours</body></html>", "no family recognises"),
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n....", "is a picture"),
        (warc_of(ANSWERS)[:-30], "ends in the middle of a record"),
    ],
)
async def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, instruments: Instruments, body: bytes, said: str
) -> None:
    told = await import_file(save(tmp_path, body), HowImported(NOW), instruments)
    assert told.failed
    assert said in told.error
    absent = await import_file(tmp_path / "absent", HowImported(NOW), instruments)
    assert "No such file" in absent.error


async def test_a_page_built_to_break_its_reader_costs_that_page(tmp_path: Path, instruments: Instruments) -> None:
    bomb = b'<script type="application/ld+json">{"@type": "Product"}</script>' + b"<div>" * 100_000
    answers = [Answer("https://a.example.test/", bomb), *ANSWERS]
    told = await import_file(save(tmp_path, har_of(answers)), HowImported(NOW), instruments)
    assert told.total("listings") == 2
    assert told.states().get("not_understood", 0) + told.passed_over >= 2


async def test_a_search_saved_with_the_developer_tools(tmp_path: Path, instruments: Instruments) -> None:
    """The shell that scripts fill and the answers of other interfaces are passed over; the search is read."""
    goofish = GOLDEN / "goofish"
    url = json.loads((goofish / "normal" / "meta.json").read_text())["url"]
    answers = [
        Answer("https://www.goofish.com/search?q=claude", (goofish / "changed_shell" / "page.html").read_bytes()),
        Answer("https://g.alicdn.com/app/main.js", b"(function(){var resultList=1})()", "application/javascript"),
        Answer(url, (goofish / "normal" / "page.json").read_bytes(), "application/json;charset=UTF-8"),
        Answer("https://h5api.m.goofish.com/h5/mtop.idlemessage.login/1.0/", b'{"ret":["SUCCESS::x"],"data":{}}'),
        Answer(url, (goofish / "refused" / "page.json").read_bytes(), "application/json;charset=UTF-8"),
    ]
    told = await import_file(save(tmp_path, har_of(answers)), HowImported(NOW), instruments)
    assert (told.states(), told.passed_over, told.failed) == ({"fresh": 1, "blocked": 1}, 3, False)
    assert told.total("listings") == 4
    assert told.alerts() >= 1
    assert {page.source for page in told.pages} == {"import/goofish"}
