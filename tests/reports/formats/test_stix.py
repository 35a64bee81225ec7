"""STIX: references, patterns that cannot be injected, ids as the standard derives them, corrections."""

import orjson
import pytest
import stix2

from domain.case import Tlp
from reports.format import RenderedFile
from reports.formats.stix import check_stix, observable_uuid, url_pattern
from reports.render import render
from tests.reports.cases import dossier, key_case, materials

HOSTILE = ["https://x.example/' OR url:value = 'https://victim.example/", "https://x.example/\\' ] OR [url:value = 'y",
           "\\", "'", "\\\\'"]  # fmt: skip


def bundle(**changes: object) -> list[dict]:  # type: ignore[type-arg]
    content = render(dossier(**changes), "stix", materials()).files[0].content  # type: ignore[arg-type]
    return orjson.loads(content)["objects"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_pattern_has_one_comparison_whatever_the_address(value: str) -> None:
    file = RenderedFile("x.json", "application/json", orjson.dumps(
        {"objects": [{"id": "indicator--1", "type": "indicator", "pattern": url_pattern(value)}]}))  # fmt: skip
    assert check_stix((file,)) == ()


def test_the_check_sees_an_injected_pattern() -> None:
    raw = f"[url:value = '{HOSTILE[0]}']"
    file = RenderedFile("x.json", "application/json", orjson.dumps(
        {"objects": [{"id": "indicator--1", "type": "indicator", "pattern": raw}]}))  # fmt: skip
    assert "more than one comparison" in check_stix((file,))[0]


def test_observable_ids_are_those_of_the_reference_library() -> None:
    value = "https://shop.example/ü?a=1"
    assert f"url--{observable_uuid({'value': value})}" == stix2.URL(value=value).id
    assert f"user-account--{observable_uuid({'account_login': '买家'})}" == stix2.UserAccount(account_login="买家").id


@pytest.mark.parametrize("tlp", list(Tlp))
def test_the_marking_travels_in_the_bundle(tlp: Tlp) -> None:
    objects = bundle(tlp=tlp)
    marking = next(item for item in objects if item["type"] == "marking-definition")
    assert marking["extensions"].popitem()[1]["tlp_2_0"] == tlp.value
    marked = [item for item in objects if item["type"] in {"observed-data", "indicator", "report", "note"}]
    assert marked
    assert all(item["object_marking_refs"] == [marking["id"]] for item in marked)


def test_a_seller_is_no_threat_actor() -> None:
    assert "threat-actor" not in {item["type"] for item in bundle()}
    assert [item["roles"] for item in bundle() if item.get("identity_class") == "unknown"] == [["seller"]]


def test_a_correction_revokes_the_same_objects() -> None:
    first = {item["id"] for item in bundle() if item["type"] == "indicator"}
    again = [item for item in bundle(correction="wrong", corrects="r-1") if item["type"] == "indicator"]
    assert {item["id"] for item in again} == first
    assert all(item["revoked"] for item in again)


def test_a_missing_reference_is_caught() -> None:
    objects = bundle()
    kept = [item for item in objects if item["type"] != "marking-definition"]
    file = RenderedFile("x.json", "application/json", orjson.dumps({"objects": kept}))
    assert "which is not in it" in check_stix((file,))[0]


def test_keys_are_notes_by_digest() -> None:
    notes = [item["content"] for item in bundle(case=key_case()) if item["type"] == "note"]
    assert any("SHA-256" in note for note in notes)
