"""The same numbers, dates and digests stand in every format of one case."""

import base64
import csv
import io
import re
from html import unescape
from typing import Any

import orjson
import pytest

from domain.case import Case
from reports.document import document_data
from reports.dossier import Dossier
from reports.numbers import percent_text
from reports.render import render
from tests.reports.cases import dossier, make_case
from tests.reports.goldens import golden_case

Facts = dict[int, tuple[str | None, str | None, str | None, str | None]]


def expected(made: Dossier) -> Facts:
    """Offer number to stated price, official price, best share, refusal."""
    return {o.number: (o.price_amount, o.official_amount, o.share_best, o.refusal) for o in made.offers}


def from_rows(rows: Any) -> Facts:
    names = ("price_amount", "official_amount", "share_best", "refusal")
    return {int(row["offer"]): tuple(row[name] or None for name in names) for row in rows}  # type: ignore[misc]


def from_members(offers: Any) -> Facts:
    names = ("price_amount", "official_amount", "share_best", "refusal")
    return {offer["number"]: tuple(offer.get(name) for name in names) for offer in offers}  # type: ignore[misc]


def json_of(made: Dossier, name: str, number: int = 0) -> Any:
    return orjson.loads(render(made, name).files[number].content)


@pytest.fixture(params=[make_case, golden_case])
def case(request: pytest.FixtureRequest) -> Case:
    return request.param()  # type: ignore[no-any-return]


def test_tables(case: Case) -> None:
    made = dossier(case)
    text = render(made, "csv").files[0].content.decode()
    assert from_rows(csv.DictReader(io.StringIO(text, newline=""))) == expected(made)
    lines = render(made, "jsonl").files[0].content.splitlines()
    assert from_rows(orjson.loads(line) for line in lines) == expected(made)


def test_stix(case: Case) -> None:
    made = dossier(case)
    objects = json_of(made, "stix")["objects"]
    extensions = [x for o in objects if o["type"] == "observed-data" for x in o["extensions"].values()]
    assert from_members(offer for x in extensions for offer in x["offers"]) == expected(made)
    digests = {o["hashes"]["SHA-256"] for o in objects if "hashes" in o}
    assert digests == {row.sha256 for row in made.evidence}
    assert {o["value"] for o in objects if o["type"] == "url"} == set(made.links)


def test_xarf(case: Case) -> None:
    made = dossier(case)
    reports = [orjson.loads(file.content) for file in render(made, "xarf").files]
    facts = [orjson.loads(base64.b64decode(report["evidence"][0]["payload"])) for report in reports]
    assert from_members(offer for fact in facts for offer in fact["offers"]) == expected(made)
    assert [report["url"] for report in reports] == list(made.links)
    assert [report["verified_at"] for report in reports] == [row.observed_at for row in made.listings]
    assert [report["confidence"] for report in reports] == [row.probability for row in made.listings]


def test_misp(case: Case) -> None:
    made = dossier(case)
    event = json_of(made, "misp")["Event"]
    shares = [a["value"] for a in event["Attribute"] if a["comment"].startswith("share of")]
    prices = [a["value"].split()[0] for a in event["Attribute"] if a["comment"].startswith("price as stated")]
    official = [a["value"].split()[0] for a in event["Attribute"] if a["comment"].startswith("official price")]
    assert shares == [o.share_best for o in made.offers if o.share_best]
    assert prices == [o.price_amount for o in made.offers if o.price_amount]
    assert official == [o.official_amount for o in made.offers if o.share_best]
    digests = {a["value"] for o in event["Object"] for a in o["Attribute"] if a["type"] == "sha256"}
    assert digests == {row.sha256 for row in made.evidence}


def test_pages_for_people(case: Case) -> None:
    made = dossier(case)
    text = render(made, "text").files[0].content.decode()
    page = unescape(re.sub(r"<[^>]*>", " ", render(made, "html").files[0].content.decode()))
    data = document_data(made)
    for offer in made.offers:
        if offer.share_best is not None:
            shown = f"{percent_text(offer.share_best)} %"
            assert shown in text
            assert shown in page
            assert f"{offer.price_amount} {offer.price_currency}" in page
    for row in made.evidence:
        assert row.sha256 in text
        assert row.sha256 in page
    offers = [offer for listing in data["listings"] for offer in listing["offers"]]
    assert from_members(offers) == expected(made)
    assert [offer["percent_best"] for offer in offers if offer["percent_best"]] == [
        percent_text(o.share_best) for o in made.offers if o.share_best
    ]


def test_the_notice() -> None:
    made = dossier(golden_case())
    notice = json_of(made, "dsa_notice")
    assert notice["urls"] == list(made.links)
    offers = {o["number"]: o for listing in notice["additional_identification"] for o in listing["offers"]}
    for offer in made.offers:
        stated = offers[offer.number].get("percent_of_official")
        assert stated == (percent_text(offer.share_best) if offer.share_best else None)
    assert [e["sha256"] for e in notice["evidence"]] == [row.sha256 for row in made.evidence]
