"""DSA notice, leaked keys, MISP, text, HTML: what each must have, and what its check catches."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from pymisp import MISPEvent

from domain.case import LegalGround
from reports.errors import NotRenderableError
from reports.format import RenderedFile
from reports.formats.dsa_notice import check_dsa_notice
from reports.formats.html import check_html
from reports.formats.leaked_keys import check_leaked_keys
from reports.formats.text import check_text
from reports.render import render
from tests.reports.cases import SEEN, dossier, key_case, leaked_key, legal_basis, make_case, materials


def json_file(value: Any) -> RenderedFile:
    return RenderedFile("x.json", "application/json", orjson.dumps(value))


def test_a_notice_has_no_default_ground() -> None:
    with pytest.raises(NotRenderableError, match="choose the legal ground"):
        render(dossier(), "dsa_notice")


def test_a_notice_needs_good_faith_and_an_explanation() -> None:
    unconfirmed = make_case(legal_basis=legal_basis(bona_fide_confirmed=False))
    with pytest.raises(NotRenderableError, match="good faith"):
        render(dossier(unconfirmed), "dsa_notice")
    with pytest.raises(NotRenderableError, match="explain"):
        render(dossier(make_case(legal_basis=legal_basis(explanation="bad"))), "dsa_notice")


@pytest.mark.parametrize("name", ["explanation", "legal_ground", "urls", "notifier_name", "notifier_email",
                                  "bona_fide_statement", "submitted_at"])  # fmt: skip
def test_every_element_of_the_article_is_required(name: str) -> None:
    made = render(dossier(make_case(legal_basis=legal_basis())), "dsa_notice").files[0]
    notice = orjson.loads(made.content)
    del notice[name]
    assert check_dsa_notice((json_file(notice),))


def test_another_ground_needs_its_citation() -> None:
    basis = legal_basis(ground=LegalGround.OTHER_WITH_CITATION)
    with pytest.raises(Exception, match="legal_citation"):
        render(dossier(make_case(legal_basis=basis)), "dsa_notice")
    assert render(dossier(make_case(legal_basis=replace(basis, citation="Section 263a"))), "dsa_notice")


def test_keys_are_told_once_for_each_place() -> None:
    case = key_case()
    twice = replace(case, leaked_keys=(*case.leaked_keys, leaked_key(0), leaked_key(0, place="somewhere")))
    rows = orjson.loads(render(dossier(twice), "leaked_keys").files[0].content)
    assert len(rows) == 2
    assert rows[0]["url"].endswith("#L3")
    assert rows[0].keys() == {"token_hash", "token_prefix", "type", "url", "source", "observed_at"}


@pytest.mark.parametrize("change", [{"token_hash": "zz"}, {"token": "sk-x"}, {"source": "elsewhere"}, {"type": "A b"}])
def test_broken_key_rows_are_caught(change: dict[str, str]) -> None:
    row = orjson.loads(render(dossier(key_case()), "leaked_keys").files[0].content)[0]
    assert check_leaked_keys((json_file([row | change]),))


def test_a_misp_event_reads_back_with_its_references() -> None:
    content = render(dossier(), "misp", materials()).files[0].content
    event = MISPEvent()
    event.load(orjson.loads(content))
    assert {made.name for made in event.objects} == {"url", "user-account", "file", "forensic-evidence", "report"}
    assert all(reference.relationship_type == "authored-by"
               for made in event.get_objects_by_name("url") for reference in made.references)  # fmt: skip
    assert {tag.name for tag in event.tags} == {"tlp:amber"}
    assert not [a for a in event.attributes if a.to_ids]


def test_links_are_split_at_the_recipients_limit() -> None:
    case = make_case()
    listings = tuple(
        replace(case.listings[0], listing=replace(case.listings[0].listing, url=f"https://shop.example/{n}"))
        for n in range(7)
    )
    files = render(dossier(replace(case, listings=listings), most_links=3), "text").files
    assert [file.name for file in files] == ["report.txt", "links-01.txt", "links-02.txt", "links-03.txt"]
    assert [file.content.count(b"\n") for file in files[1:]] == [3, 3, 1]


def test_the_text_check_catches_terminal_escapes_and_bent_links() -> None:
    files = (RenderedFile("report.txt", "text/plain", b"\x1b[31m"),
             RenderedFile("links-01.txt", "text/plain", b"javascript:x\n"))  # fmt: skip
    assert len(check_text(files)) == 2


@pytest.mark.parametrize(
    "markup", ["<script>", "<img src=x onerror=y>", '<img src="https://x.example/">', "<a href=x>", "<div onclick=x>",
               "<svg>", "<iframe>", "<p style=x>"],
)  # fmt: skip
def test_the_html_check_catches_live_markup(markup: str) -> None:
    page = f"default-src 'none'{markup}".encode()
    assert check_html((RenderedFile("report.html", "text/html", page),))


def test_html_shows_pictures_inside_and_addresses_as_text() -> None:
    page = render(dossier(), "html", materials()).files[0].content.decode()
    assert 'src="data:image/png;base64,' in page
    assert "https://t.me/lantern_shop/77" in page
    assert "href" not in page


def test_html_escapes_what_pages_say() -> None:
    case = make_case()
    bad = replace(case.listings[0].listing, title="<script>alert(1)</script>", observed_at=SEEN)
    page = render(dossier(replace(case, listings=(replace(case.listings[0], listing=bad),))), "html")
    assert b"&lt;script&gt;" in page.files[0].content
