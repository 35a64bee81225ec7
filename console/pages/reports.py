"""Reports: prepare one from an alert or a case, see exactly what would be sent, and take it from draft to answer."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi.responses import RedirectResponse, Response

from console.routing import PageError, Route, Visit
from domain.report import ReportState
from line.access import Permission
from line.report_desk import Opened, ReportDesk
from reports.render import formats

MOST_SHOWN = 200_000
TEXTUAL = ("text/plain", "text/csv", "application/json", "application/x-ndjson")
FIELDS = (
    "kind", "denied", "pictures", "legal_ground", "legal_explanation", "legal_citation", "tlp", "without_account",
    "bona_fide",
)  # fmt: skip


def desk_of(visit: Visit) -> ReportDesk:
    """The desk; a console without one says so."""
    if visit.services.report_house is None:
        raise PageError(404, "this console was opened without a report desk")
    return ReportDesk(visit.services.memory, visit.services.report_house)


def index(visit: Visit) -> Response:
    """Every report, the newest first."""
    return visit.page("reports.html", reports=visit.services.memory.store.reports.all())


def prepare_form(visit: Visit) -> Response:
    """What to prepare, for whom."""
    desk = desk_of(visit)
    about = visit.request.query_params.get("about", "")
    return visit.page(
        "report_new.html", about=about, recipients=sorted(desk.recipients().values(), key=lambda one: one.name),
        formats=sorted(formats()), told=desk.reports.about(about),
    )  # fmt: skip


def prepare(visit: Visit) -> Response:
    """Prepare a draft; nothing is sent."""
    desk = desk_of(visit)
    wish = {name: visit.field(name).strip() for name in FIELDS if visit.field(name).strip()}
    opened = desk.prepare(
        visit.field("about"), visit.field("to"), visit.field("format"), wish, desk.actor(visit.person), visit.now
    )
    return _to(opened.kept.report.report_id)


def show(visit: Visit) -> Response:
    """One report: where it stands, every step, and every file as it would be sent."""
    desk = desk_of(visit)
    opened = desk.open(visit.path["report_id"])
    report = opened.kept.report
    return visit.page(
        "report.html", opened=opened, report=report, recipient=opened.recipient,
        shown=[(number, file, _text(file.media_type, file.body)) for number, file in enumerate(opened.files)],
        looks=desk.reports.looks(report.report_id),
        own=visit.person in {report.prepared_by.identity,
                             *(s.actor.identity for s in report.steps if s.state is ReportState.SECOND_REVIEW)},
        by_mail=report.submission.value == "mail" and any(file.name == "mail.txt" for file in opened.files),
    )  # fmt: skip


def file(visit: Visit) -> Response:
    """One file of a report, always as a download and never shown by the browser as itself."""
    opened = desk_of(visit).open(visit.path["report_id"])
    number = visit.number("number")
    if number >= len(opened.files):
        raise PageError(404, "this report has no such file")
    chosen = opened.files[number]
    name = quote(chosen.name.replace("/", "-"))
    return Response(
        chosen.body, media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}"', "x-content-type-options": "nosniff"},
    )  # fmt: skip


def _text(media_type: str, body: bytes) -> str | None:
    return body.decode("utf-8", "replace")[:MOST_SHOWN] if media_type.startswith(TEXTUAL) else None


def _to(report_id: str) -> Response:
    return RedirectResponse(f"/reports/{report_id}", status_code=303)


def _step(act: Callable[[Visit, ReportDesk, str], Opened]) -> Callable[[Visit], Response]:
    def page(visit: Visit) -> Response:
        return _to(act(visit, desk_of(visit), visit.path["report_id"]).kept.report.report_id)

    return page


def _review(visit: Visit, desk: ReportDesk, name: str) -> Opened:
    return desk.submit(name, desk.actor(visit.person), visit.now)


def _again(visit: Visit, desk: ReportDesk, name: str) -> Opened:
    return desk.render_again(name)


def _approve(visit: Visit, desk: ReportDesk, name: str) -> Opened:
    return desk.approve(name, visit.field("content"), desk.actor(visit.person, approving=True), visit.now)


def _send_back(visit: Visit, desk: ReportDesk, name: str) -> Opened:
    return desk.send_back(name, visit.field("reason"), desk.actor(visit.person, approving=True), visit.now)


def _hand_over(visit: Visit, desk: ReportDesk, name: str) -> Opened:
    actor = desk.actor(visit.person)
    if visit.field("how") == "mail":
        return desk.mail(name, actor, visit.now)[0]
    return desk.handed_over(name, actor, visit.now)


def _heard(visit: Visit, desk: ReportDesk, name: str) -> Opened:
    return desk.heard(name, visit.field("what"), visit.field("note"), desk.actor(visit.person), visit.now)


ROUTES = (
    Route("GET", "/reports", Permission.READ, index),
    Route("GET", "/reports/new", Permission.DECIDE, prepare_form),
    Route("POST", "/reports", Permission.DECIDE, prepare),
    Route("GET", "/reports/{report_id}", Permission.EXPORT, show),
    Route("GET", "/reports/{report_id}/files/{number:int}", Permission.EXPORT, file),
    Route("POST", "/reports/{report_id}/review", Permission.DECIDE, _step(_review)),
    Route("POST", "/reports/{report_id}/again", Permission.DECIDE, _step(_again)),
    Route("POST", "/reports/{report_id}/approve", Permission.DECIDE, _step(_approve)),
    Route("POST", "/reports/{report_id}/send-back", Permission.DECIDE, _step(_send_back)),
    Route("POST", "/reports/{report_id}/hand-over", Permission.DECIDE, _step(_hand_over)),
    Route("POST", "/reports/{report_id}/heard", Permission.DECIDE, _step(_heard)),
)
