"""Nothing leaves that breaks its format, is not what its digest says, or still holds a secret or a person."""

from dataclasses import replace
from hashlib import sha256

import pytest

from reports.dossier import Materials
from reports.errors import ReportError
from reports.format import RenderedFile
from reports.render import check_materials, formats, render
from tests.reports.cases import PAGE, dossier, evidence, make_case, materials


def with_page(body: bytes, **changes: object):  # type: ignore[no-untyped-def]
    case = make_case()
    listing = replace(case.listings[0], evidence=())
    return dossier(replace(case, evidence=(evidence(body, **changes),), listings=(listing,)))


def test_every_format_is_found() -> None:
    assert set(formats()) == {
        "csv", "dsa_notice", "html", "jsonl", "leaked_keys", "misp", "packet", "pdf", "stix", "text", "xarf",
    }  # fmt: skip


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ReportError, match="known: csv"):
        render(dossier(), "docx")


@pytest.mark.parametrize("name", ["../x", "/x", "a b", "X", "a//b", "a/../b", "", "x" * 200])
def test_file_names_are_ours(name: str) -> None:
    with pytest.raises(ValueError, match="plain and ours"):
        RenderedFile(name, "text/plain", b"")


def test_good_materials_pass() -> None:
    assert check_materials(dossier(), materials()).bodies


def test_a_body_that_is_not_its_digest_is_refused() -> None:
    bad = Materials({sha256(PAGE).hexdigest(): PAGE + b"x"})
    with pytest.raises(ReportError, match="digest"):
        check_materials(dossier(), bad)


def test_foreign_bodies_are_refused() -> None:
    with pytest.raises(ReportError, match="not part of case"):
        check_materials(dossier(), Materials({"0" * 64: b""}))


def test_a_raw_body_needs_a_release() -> None:
    body = b"<html>raw</html>"
    bodies = Materials({sha256(body).hexdigest(): body})
    with pytest.raises(ReportError, match="no person released"):
        check_materials(with_page(body, masked=False), bodies)
    released = with_page(body, masked=False, released=True, release_reason="asked for by the provider")
    assert check_materials(released, bodies) is bodies


def test_a_body_that_still_holds_a_secret_or_a_person_is_refused() -> None:
    for body, word in ((b"<p>sk-proj-" + b"a" * 40, "secret"), (b"<p>by happy_buyer", "third person")):
        with pytest.raises(ReportError, match=word):
            check_materials(with_page(body), Materials({sha256(body).hexdigest(): body}), frozenset({"happy_buyer"}))
