"""XARF: the schemas, what they leave open, and that nothing is claimed that is not known."""

import base64
from typing import Any

import orjson
import pytest

from domain.case import CaseKind
from reports.errors import NotRenderableError
from reports.format import RenderedFile
from reports.formats.xarf import check_xarf, report_problems
from reports.render import render
from tests.reports.cases import dossier, key_case, make_case, materials


def reports(**changes: Any) -> list[dict[str, Any]]:
    return [orjson.loads(file.content) for file in render(dossier(**changes), "xarf", materials()).files]


def test_unauthorised_is_claimed_only_where_the_provider_denied() -> None:
    unknown, denied = reports()
    assert unknown["infringement_type"] == "other"
    assert "authorisation:unknown" in unknown["tags"]
    assert denied["infringement_type"] == "unauthorized_reseller"


def test_keys_go_as_exposed_data_by_digest() -> None:
    made = [orjson.loads(file.content) for file in render(dossier(key_case()), "xarf").files]
    assert {report["type"] for report in made} == {"exposed_data"}
    assert all("sha256" in report["sample_records"][0]["redacted_sample"] for report in made)


def test_scams_go_as_fraud() -> None:
    assert {report["type"] for report in reports(case=make_case(kind=CaseKind.SCAM))} == {"fraud"}


def test_confidence_keeps_its_fraction() -> None:
    assert reports()[0]["confidence"] == 0.93


def test_pictures_and_pages_travel_with_their_digests() -> None:
    kinds = [item["content_type"] for item in reports()[0]["evidence"]]
    assert kinds == ["application/json", "text/html", "image/png"]


BREAKING: list[tuple[dict[str, Any], str]] = [
    ({"_internal": {"note": "x"}}, "_internal"),
    ({"url": "javascript:alert(1)"}, "url is no http"),
    ({"evidence": [{"content_type": "text/plain", "payload": "not base64!"}]}, "base64"),
    ({"evidence": [{"content_type": "text/plain", "payload": "eA==", "hash": "sha256:00", "size": 1}]}, "digest"),
    ({"confidence": 1.5}, "confidence"),
    ({"tags": ["no namespace"]}, "tags"),
    ({"description": "x" * 1001}, "description"),
    ({"timestamp": "yesterday"}, "timestamp"),
]


@pytest.mark.parametrize(("broken", "word"), BREAKING)
def test_broken_reports_are_caught(broken: dict[str, Any], word: str) -> None:
    content = orjson.dumps(reports()[0] | broken)
    problems = check_xarf((RenderedFile("x.json", "application/json", content),))
    assert any(word in problem for problem in problems), problems


def test_evidence_of_another_size_is_caught() -> None:
    body = base64.b64encode(b"x").decode()
    item = {"payload": body, "hash": "sha256:" + "0" * 64, "size": 2}
    assert len(list(report_problems({"evidence": [item]}))) == 2


def test_there_is_no_correction_in_xarf() -> None:
    with pytest.raises(NotRenderableError, match="take a report back"):
        render(dossier(correction="wrong", corrects="r-1"), "xarf")
