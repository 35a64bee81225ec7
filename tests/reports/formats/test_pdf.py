"""The printed report: tagged, the same bytes again, and inert whatever the data says."""

from dataclasses import replace
from hashlib import sha256

import pytest

from reports.dossier import Materials
from reports.format import RenderedFile
from reports.formats.pdf import check_pdf
from reports.render import render
from tests.reports.cases import dossier, evidence, make_case, materials


def test_the_pdf_is_tagged_and_the_same_again() -> None:
    first = render(dossier(), "pdf", materials()).files[0]
    assert b"/StructTreeRoot" in first.content
    assert first.sha256 == render(dossier(), "pdf", materials()).files[0].sha256


@pytest.mark.parametrize("title", ['#import "/etc/passwd"', '#eval("1")', "= x $y$ *z* @ref <l>", '"]; [', "\\u{41}"])
def test_commands_in_the_data_are_text(title: str) -> None:
    case = make_case()
    listing = replace(case.listings[0].listing, title=title, text=title)
    entry = replace(case.listings[0], listing=listing)
    assert render(dossier(replace(case, title=title, listings=(entry,))), "pdf").files[0].content.startswith(b"%PDF-")


def test_a_picture_that_no_decoder_takes_does_not_stop_the_report() -> None:
    broken = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8 + (8).to_bytes(4) + (8).to_bytes(4) + b"rubbish"
    piece = evidence(broken, media_type="image/png")
    case = make_case()
    entry = replace(case.listings[0], evidence=(piece.sha256,))
    made = dossier(replace(case, evidence=(piece,), listings=(entry,)))
    assert render(made, "pdf", Materials({sha256(broken).hexdigest(): broken}))


def test_active_content_is_caught() -> None:
    body = b"%PDF-1.7 /MarkInfo /OpenAction << /S /JavaScript >>"
    assert check_pdf((RenderedFile("report.pdf", "application/pdf", body),))
