"""The families read out of the street exactly the listings of the manifest, and the states it allows."""

import hashlib
import http.client
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page, Snapshot
from domain.source import Source
from street.expectations import ANY, load_expectations
from street.running import OpenStreet
from street.saved_pages import saved_pages
from street.source_files import source_files, write_sources
from tests.crawlers.families.golden import page_of

registry = pytest.importorskip("crawlers.registry", reason="the families' registry is not there")

# Ten megabytes of JSON and a hundred thousand elements take their seconds.
pytestmark = pytest.mark.slow

MOST_REQUESTS = 40
_PLACE = re.compile(r"\{[a-z_]+\}")
# Read by careful transports only: what they hold is refused, cut or unpacked under limits before a family sees it.
FOR_TRANSPORTS = {"street/trap-drip", "street/trap-gzip-bomb", "street/trap-redirector"}
# The crawler never asks behind closed robots, and this test does not look at robots.
BEHIND_ROBOTS = {"street/trap-robots-closed", "street/trap-robots-broken"}
# Found in a file by the code search, while none of the repository searches finds the repository itself.
UNSEEN = {("street/github-search", "repository/stackpebble-example/php-mailer-kit")}


def asked(source: Source, request: FurtherRequest) -> Page:
    place = urlsplit(request.url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=20)
    headers = {"User-Agent": "street-tests", "Authorization": "Bearer any", **request.headers}
    method, body = ("GET", None) if request.body is None else ("POST", request.body.encode())
    connection.request(method, request.url.partition(place.netloc)[2], body=body, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    snapshot = Snapshot(
        source=source.name,
        url_asked=request.url,
        url_answered=request.url,
        status=answer.status,
        headers={name.lower(): value for name, value in answer.getheaders()},
        fetched_at=datetime.now(UTC),
        transport="plain",
        sha256=hashlib.sha256(content).hexdigest(),
        body_bytes=len(content),
        context=request.context,
    )
    return Page(snapshot, content)


def crawled(source: Source) -> list[Reading]:
    family = registry.family(source.family)
    waiting = list(family.first_requests(source))
    readings: list[Reading] = []
    while waiting and len(readings) < MOST_REQUESTS:
        reading = family.read(asked(source, waiting.pop(0)))
        readings.append(reading)
        waiting += reading.further
    return readings


@pytest.fixture(scope="module")
def readings(street: OpenStreet, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Reading]]:
    folder: Path = tmp_path_factory.mktemp("sources")
    sources = [registry.load_source(path) for path in write_sources(street.sites, folder)]
    return {source.name: crawled(source) for source in sources if source.name not in FOR_TRANSPORTS | BEHIND_ROBOTS}


def test_every_listing_of_the_manifest_is_read_and_nothing_else(readings: dict[str, list[Reading]]) -> None:
    found = {
        (source, listing.external_id)
        for source, answers in readings.items()
        if not source.startswith("street/trap-")
        for reading in answers
        for listing in reading.listings
    }
    manifest = load_expectations()
    named = {(entry.source, entry.external_id) for entry in (*manifest.expected, *manifest.must_not_alert)}
    # What an analyst saved is not asked for, and a key becomes a finding of its own only later in the line.
    asked_for = {
        place
        for place in named
        if place[1] != ANY and not place[0].startswith("import/") and not place[1].startswith("leaked-key/")
    }
    assert found == asked_for - UNSEEN


def test_every_family_is_on_the_street() -> None:
    watched = {yaml.safe_load(_PLACE.sub("http://h", file.read_text("utf-8")))["family"] for file in source_files()}
    handed_in = {page.family for page in saved_pages()}
    assert set(registry.families()) == watched | handed_in
    assert not watched & handed_in


def test_what_an_analyst_saved_is_read_as_its_file_says() -> None:
    for saved in saved_pages():
        reading = registry.family(saved.family).read(page_of(saved.body, saved.url))
        assert [listing.external_id for listing in reading.listings] == list(saved.listings)


def test_every_state_but_unchanged_is_seen_on_the_street(readings: dict[str, list[Reading]]) -> None:
    """Unchanged needs a second visit; `tests/crawlers/test_crawl.py` shows it on the wire."""
    seen = {reading.state for answers in readings.values() for reading in answers}
    assert seen == set(ReadingState) - {ReadingState.UNCHANGED}


def test_every_source_ends_in_a_state_that_the_manifest_allows(readings: dict[str, list[Reading]]) -> None:
    wrong = {
        source: answers[-1].state
        for source, answers in readings.items()
        if str(answers[-1].state) not in load_expectations().states.get(source, (str(answers[-1].state),))
    }
    assert not wrong
