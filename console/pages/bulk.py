"""Deciding many alerts alike: the list is shown before anything is done, and all of it can be undone after."""

from urllib.parse import urlencode

from fastapi.responses import RedirectResponse, Response

from console.queue_address import QueueView
from console.routing import PageError, Route, Visit
from domain.decision import Outcome
from line.access import Permission
from line.decide import MOST_IN_A_BATCH, Verdict, decide_bulk, preview_bulk, undo_bulk
from line.review_reasons import choice_of


def verdict_of(visit: Visit) -> Verdict:
    """The verdict that a form carries; raises PageError for one that is none."""
    chosen, _, chosen_reason = visit.field("choice").partition(":")
    try:
        outcome = Outcome(visit.field("outcome") or chosen)
    except ValueError as error:
        raise PageError(400, "choose an outcome") from error
    reasons = choice_of(outcome).reasons
    reason = visit.field("reason") or chosen_reason
    if reason not in {one.code for one in reasons}:
        reason = visit.field(f"reason_{outcome.value}") or reasons[0].code
    return Verdict(
        outcome=outcome,
        reason_code=reason,
        note=visit.field("note"),
        clause=visit.field("clause")[:400],
        ask_second=bool(visit.field("ask_second")),
    )


def _chosen(visit: Visit) -> list[str]:
    chosen = visit.fields("alert")
    if not chosen:
        raise PageError(400, "no alert is selected; press x on some, or tick them")
    if len(chosen) > MOST_IN_A_BATCH:
        raise PageError(400, f"at most {MOST_IN_A_BATCH} alerts are decided at once")
    return chosen


def preview(visit: Visit) -> Response:
    """What would be done, alert by alert; nothing is done yet."""
    chosen, verdict = _chosen(visit), verdict_of(visit)
    lines = preview_bulk(visit.services.memory, chosen, verdict, visit.person, visit.now)
    return visit.page(
        "bulk.html",
        lines=lines,
        verdict=verdict,
        choice=choice_of(verdict.outcome),
        query=QueueView.of(visit.field("query")).query,
    )


def apply(visit: Visit) -> Response:
    """Do what the preview showed."""
    verdict = verdict_of(visit)
    batch, decided, left_out = decide_bulk(visit.services.memory, _chosen(visit), verdict, visit.person, visit.now)
    query = QueueView.of(visit.field("query")).query
    told = urlencode({"batch": batch, "decided": decided, "left_out": left_out})
    return RedirectResponse(f"/?{query}&{told}" if query else f"/?{told}", status_code=303)


def undo(visit: Visit) -> Response:
    """Undo a batch of one's own, within ten minutes."""
    undone, _ = undo_bulk(visit.services.memory, visit.path["batch"], visit.person, visit.now)
    return RedirectResponse(f"/?undone={undone}", status_code=303)


ROUTES = (
    Route("POST", "/bulk/preview", Permission.DECIDE, preview),
    Route("POST", "/bulk/apply", Permission.DECIDE, apply),
    Route("POST", "/bulk/{batch}/undo", Permission.DECIDE, undo),
)
