"""Leads: places that could be watched. Analysts add them and open cases over them; leads of the desk decide."""

from fastapi.responses import RedirectResponse, Response

from console.routing import PageError, Route, Visit
from domain.hostile_text import one_line
from domain.lead import Lead, LeadStatus
from line.access import Permission
from line.first_run import FirstRunError, read_addresses

MOST_SHOWN = 200


def index(visit: Visit) -> Response:
    """The leads in one state, the most often found first."""
    return _shown(visit)


def _shown(visit: Visit, problem: str = "", status: int = 200) -> Response:
    asked = visit.request.query_params.get("status", "")
    wanted = LeadStatus(asked) if asked in set(LeadStatus) else LeadStatus.PROPOSED
    leads = visit.services.memory.store.leads.list(wanted, limit=MOST_SHOWN)
    return visit.page(
        "leads.html", status=status, leads=leads, wanted=wanted, states=list(LeadStatus), problem=problem,
        most=MOST_SHOWN,
    )  # fmt: skip


def add(visit: Visit) -> Response:
    """Keep addresses that a person names."""
    try:
        addresses = read_addresses(visit.field("urls"))
    except FirstRunError as error:
        return _shown(visit, str(error), 400)
    why = one_line(visit.field("why"), 200) or f"named by {visit.person}"
    found = [Lead(address, why, f"the console, by {visit.person}") for address in addresses]
    visit.services.memory.store.leads.add(found, visit.now)
    return RedirectResponse("/leads", status_code=303)


def decide(visit: Visit) -> Response:
    """Say what is to become of a lead."""
    try:
        status = LeadStatus(visit.field("status"))
    except ValueError as error:
        raise PageError(400, "say what is to become of it") from error
    note = one_line(visit.field("note"), 400)
    visit.services.memory.store.leads.decide(visit.number("number"), status, by=visit.person, at=visit.now, note=note)
    return RedirectResponse("/leads", status_code=303)


ROUTES = (
    Route("GET", "/leads", Permission.READ, index),
    Route("POST", "/leads", Permission.DECIDE, add),
    Route("POST", "/leads/{number:int}", Permission.LEAD, decide),
)
