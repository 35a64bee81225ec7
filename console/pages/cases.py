"""Cases: what belongs together, who sees to it, what is to be done, and what came of it."""

from fastapi.responses import RedirectResponse, Response

from console.routing import PageError, Route, Visit
from domain.hostile_text import one_line
from line.access import Permission
from storage.cases import CaseOutcome, CaseStatus, EntryKind
from storage.leads import KeptLead
from storage.queue_filter import QueueFilter

MOST_TEXT = 8000
MOST_ALERTS = 200


def index(visit: Visit) -> Response:
    """Every case, open ones first."""
    return visit.page("cases.html", cases=visit.services.memory.cases.all())


def show(visit: Visit) -> Response:
    """One case with its alerts and entries; privileged notes are for leads and auditors."""
    memory, number = visit.services.memory, visit.number("number")
    case = memory.cases.get(number)
    entries = [one for one in memory.cases.entries(number) if not one.privileged or visit.may("audit")]
    return visit.page(
        "case.html",
        case=case,
        rows=memory.queue.some(memory.cases.alerts(number)),
        tasks=[one for one in entries if one.kind is EntryKind.TASK],
        tickets=[one for one in entries if one.kind is EntryKind.TICKET],
        entries=[one for one in reversed(entries) if one.kind in {EntryKind.NOTE, EntryKind.CHANGE}],
        reports=memory.store.reports.about(f"case:{number}"),
        outcomes=[one.value for one in CaseOutcome if one is not CaseOutcome.MERGED],
        people=[account.name for account in memory.accounts.all() if account.active],
        others=[other for other in memory.cases.all() if other.number != number and other.status is CaseStatus.OPEN],
    )


def open_case(visit: Visit) -> Response:
    """Open a case over chosen alerts, over all of a seller's, or over a lead; or add them to one that is open."""
    memory = visit.services.memory
    chosen = visit.fields("alert")[:MOST_ALERTS]
    seller, lead = one_line(visit.field("seller"), 200), _lead(visit)
    if seller:
        chosen = [*chosen, *memory.queue.ids(QueueFilter(seller=seller), limit=MOST_ALERTS)]
    found = tuple(row.alert_id for row in memory.queue.some(dict.fromkeys(chosen)))
    if not found and lead is None:
        raise PageError(400, "choose at least one alert that there is, a seller who has some, or a lead")
    into = visit.field("case")
    if into:
        number = _open_case_number(visit, into)
        memory.cases.add_alerts(number, found, visit.person, visit.now)
    else:
        title = one_line(visit.field("title"), 160) or _title(seller, lead, len(found))
        number = memory.cases.open(title, found, visit.person, visit.now)
    if seller:
        memory.cases.write(number, EntryKind.CHANGE, f"about the seller {seller}", visit.person, visit.now)
    if lead is not None:
        said = f"about lead {lead.number}: {lead.lead.url} ({lead.lead.reason})"
        memory.cases.write(number, EntryKind.CHANGE, one_line(said, MOST_TEXT), visit.person, visit.now)
    return RedirectResponse(f"/cases/{number}", status_code=303)


def _lead(visit: Visit) -> KeptLead | None:
    wanted = visit.field("lead")
    if not wanted:
        return None
    for lead in visit.services.memory.store.leads.list(None):
        if str(lead.number) == wanted:
            return lead
    raise PageError(404, "there is no such lead")


def _title(seller: str, lead: KeptLead | None, alerts: int) -> str:
    if seller:
        return f"Seller {seller}"
    return one_line(f"Lead {lead.lead.url}", 160) if lead is not None else f"Case over {alerts} alerts"


def _open_case_number(visit: Visit, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise PageError(400, "give the case's number")
    case = visit.services.memory.cases.get(int(text))
    if case.status is CaseStatus.CLOSED:
        raise PageError(400, "that case is closed; open it again first")
    return case.number


def write(visit: Visit) -> Response:
    """Write a note, a task or a ticket's number into a case."""
    number = visit.number("number")
    memory = visit.services.memory
    memory.cases.get(number)
    text = visit.field("text").strip()
    if not text or len(text) > MOST_TEXT:
        raise PageError(400, f"write 1 to {MOST_TEXT} characters")
    kinds = {"note": EntryKind.NOTE, "task": EntryKind.TASK, "ticket": EntryKind.TICKET}
    kind = kinds.get(visit.field("kind"))
    if kind is None:
        raise PageError(400, "that is no kind of entry")
    privileged = bool(visit.field("privileged")) and kind is EntryKind.NOTE
    if privileged and not visit.may("audit"):
        raise PageError(403, "only leads and auditors write privileged notes, since nobody else could read them")
    memory.cases.write(number, kind, text, visit.person, visit.now, privileged=privileged)
    return _to(number)


def finish(visit: Visit) -> Response:
    """Say that a task is done."""
    number = visit.number("number")
    visit.services.memory.cases.finish_task(number, visit.number("entry"), visit.person, visit.now)
    return _to(number)


def assign(visit: Visit) -> Response:
    """Give the case to somebody, or to nobody."""
    number, memory = visit.number("number"), visit.services.memory
    memory.cases.get(number)
    wanted = visit.field("to")
    account = memory.accounts.named(wanted) if wanted else None
    if wanted and account is None:
        raise PageError(400, "nobody here has that name")
    memory.cases.assign(number, account.name if account else None, visit.person, visit.now)
    return _to(number)


def close(visit: Visit) -> Response:
    """Close the case with what came of it."""
    number = visit.number("number")
    if visit.services.memory.cases.get(number).status is CaseStatus.CLOSED:
        raise PageError(400, "this case is closed already")
    try:
        outcome = CaseOutcome(visit.field("outcome"))
    except ValueError as error:
        raise PageError(400, "say what came of it") from error
    note = visit.field("note").strip()[:MOST_TEXT]
    if outcome is CaseOutcome.REFUSED and not note:
        raise PageError(400, "a refusal is closed with the reason that was given")
    visit.services.memory.cases.close(number, outcome, note, visit.person, visit.now)
    return _to(number)


def reopen(visit: Visit) -> Response:
    """Open a closed case again, with a reason."""
    number, reason = visit.number("number"), visit.field("reason").strip()[:MOST_TEXT]
    if not reason:
        raise PageError(400, "say why it is opened again")
    visit.services.memory.cases.get(number)
    visit.services.memory.cases.reopen(number, reason, visit.person, visit.now)
    return _to(number)


def merge(visit: Visit) -> Response:
    """Let another open case take this one's alerts, and close this one."""
    number, memory = visit.number("number"), visit.services.memory
    into = _open_case_number(visit, visit.field("into"))
    if into == number or memory.cases.get(number).status is CaseStatus.CLOSED:
        raise PageError(400, "a case is merged into another open one, while it is open itself")
    memory.cases.add_alerts(into, memory.cases.alerts(number), visit.person, visit.now)
    memory.cases.close(number, CaseOutcome.MERGED, f"into case {into}", visit.person, visit.now)
    return _to(into)


def _to(number: int) -> Response:
    return RedirectResponse(f"/cases/{number}", status_code=303)


ROUTES = (
    Route("GET", "/cases", Permission.READ, index),
    Route("POST", "/cases", Permission.DECIDE, open_case),
    Route("GET", "/cases/{number:int}", Permission.READ, show),
    Route("POST", "/cases/{number:int}/write", Permission.DECIDE, write),
    Route("POST", "/cases/{number:int}/tasks/{entry:int}/done", Permission.DECIDE, finish),
    Route("POST", "/cases/{number:int}/assign", Permission.DECIDE, assign),
    Route("POST", "/cases/{number:int}/close", Permission.DECIDE, close),
    Route("POST", "/cases/{number:int}/reopen", Permission.DECIDE, reopen),
    Route("POST", "/cases/{number:int}/merge", Permission.DECIDE, merge),
)
