"""Paste a text and see it judged with its reasons; nothing of it is kept."""

from dataclasses import dataclass

from fastapi.responses import Response

from console.routing import PageError, Route, Visit
from domain.finding import Finding
from domain.masking import mask_listing
from line.access import Permission
from line.assess import LineError, listing_of
from line.review_page import OfferLine, benign_considered, offer_line, paraphrase
from line.review_text import ShownText, marks_of, shown_as_written, shown_plain

MOST_LETTERS = 100_000
MOST_OFFERS = 60


@dataclass(frozen=True, slots=True)
class Judged:
    """A pasted text with what the program makes of it."""

    finding: Finding
    title: ShownText
    text: ShownText
    plain_text: ShownText
    offers: tuple[OfferLine, ...]
    paraphrase: tuple[str, ...]
    benign: tuple[tuple[str, str, str], ...]


def form(visit: Visit) -> Response:
    """The empty form."""
    return visit.page(
        "assess.html", judged=None, filled={"text": "", "title": "", "amount": "", "currency": "", "on": ""}
    )


def judge(visit: Visit) -> Response:
    """The form with the judgement beneath it."""
    filled = {name: visit.field(name) for name in ("text", "title", "amount", "currency", "on")}
    if len(filled["text"]) > MOST_LETTERS:
        raise PageError(
            413, f"a text of at most {MOST_LETTERS} characters is judged here; use `undercut assess` for more"
        )
    if not filled["text"].strip() and not filled["title"].strip():
        return visit.page("assess.html", status=400, judged=None, filled=filled)
    return visit.page("assess.html", judged=_judged(visit, filled), filled=filled)


def _judged(visit: Visit, filled: dict[str, str]) -> Judged:
    known: dict[str, object] = {"id": "pasted", "text": filled["text"].replace("\r\n", "\n"), "title": filled["title"]}
    if filled["amount"].strip():
        known["price"] = {"amount": filled["amount"].strip(), "currency": filled["currency"].strip() or "USD"}
    if filled["on"].strip():
        known["observed_at"] = filled["on"].strip()
    try:
        listing = mask_listing(listing_of(known, visit.now.date())).listing
    except LineError as error:
        raise PageError(400, str(error)) from error
    services = visit.services
    finding = services.detector.assess(listing, services.rates)
    marks = marks_of(finding)
    return Judged(
        finding=finding,
        title=shown_as_written(listing, marks, "title"),
        text=shown_as_written(listing, marks, "text"),
        plain_text=shown_plain(listing, marks),
        offers=tuple(offer_line(one, one is finding.headline) for one in finding.offers[:MOST_OFFERS]),
        paraphrase=paraphrase(finding),
        benign=benign_considered(finding, services.rates),
    )


ROUTES = (
    Route("GET", "/assess", Permission.READ, form),
    Route("POST", "/assess", Permission.READ, judge),
)
