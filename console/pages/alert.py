"""One alert, and everything that can be done with it."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from fastapi.responses import RedirectResponse, Response

from console.charts import price_chart
from console.pages.bulk import verdict_of
from console.queue_address import QueueView
from console.recent import just_decided
from console.routing import PageError, Route, Visit
from domain.errors import UndercutError
from line import decide as deciding
from line.access import Permission
from line.raw_capture import MAY_OPEN, RawCaptureRefusedError, open_raw_capture
from line.review import Stage, held_by_other, may_undo
from line.review_page import alert_page
from line.review_reasons import CHOICES, CLOSING, NOTED_OUTCOMES, SKIP_REASONS, needs_note
from storage.review_pictures import Screenshot

MOST_IN_A_WALK = 1000
PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
"""How pictures begin that are shown: what else is kept as evidence never leaves as itself."""


def show(visit: Visit) -> Response:
    """The alert's page."""
    return _shown(visit, visit.path["alert_id"])


def _shown(visit: Visit, alert_id: str, *, problem: str = "", status: int = 200) -> Response:
    services, memory = visit.services, visit.services.memory
    may_decide = Permission.DECIDE in visit.permissions
    page = alert_page(memory, alert_id, visit.person, services.policy, services.rates, may_decide=may_decide)
    review = page.review
    alert = review.alert
    settled = review.standing.stage is Stage.SETTLED and review.standing.outcome in CLOSING
    return visit.page(
        "alert.html",
        status=status,
        page=page,
        alert=alert,
        review=review,
        reports=memory.store.reports.naming(alert_id),
        chart=price_chart(page.price_points),
        choices=CHOICES,
        noted=[outcome.value for outcome in NOTED_OUTCOMES],
        note_always=needs_note(alert.severity, CHOICES[0].outcome),
        skips=SKIP_REASONS,
        holder=held_by_other(review.work, visit.person, visit.now),
        undo=may_undo(review.standing, visit.person, visit.now),
        settled=settled,
        own_pending=review.standing.stage is Stage.AWAITS_SECOND
        and any(kept.decision.analyst == visit.person for kept in review.standing.verdicts),
        people=[account.name for account in memory.accounts.all() if account.active and account.name != visit.person],
        problem=problem,
        picture=_picture(visit, page.screenshot),
        filled={name: visit.field(name) for name in ("outcome", "note", "reason")},
        **_walk(visit, alert_id),
        done=just_decided(visit),
    )


def _picture(visit: Visit, taken: Screenshot | None) -> str:
    """The last part of the screenshot's address, where this session has just opened it."""
    given = visit.request.query_params.get("picture", "")
    fits = taken is not None and hmac.compare_digest(_pass(visit, taken).encode(), given.encode("utf-8", "replace"))
    return given if fits else ""


def _walk(visit: Visit, alert_id: str) -> dict[str, object]:
    """Where the alert stands in the queue that it was opened from, and what stands before and behind it."""
    query = visit.request.query_params.get("in") or visit.field("in")
    view = QueueView.of(query)
    ids = visit.services.memory.queue.ids(view.filter(visit.account), sort=view.sort, limit=MOST_IN_A_WALK)
    place = ids.index(alert_id) if alert_id in ids else -1
    following = ids[place + 1] if 0 <= place < len(ids) - 1 else ("" if place >= 0 or not ids else ids[0])
    return {
        "query": view.query,
        "position": place + 1,
        "of": len(ids),
        "before": ids[place - 1] if place > 0 else "",
        "following": following,
    }


def decide(visit: Visit) -> Response:
    """Write the verdict down and go on to the next alert of the queue."""
    alert_id = visit.path["alert_id"]
    walk = _walk(visit, alert_id)
    verdict = verdict_of(visit)
    seen = visit.field("seen")
    verdict = deciding.Verdict(
        verdict.outcome,
        verdict.reason_code,
        verdict.note,
        verdict.clause,
        verdict.ask_second,
        alert_version=_number(visit.field("version")),
        seen=_number(seen),
    )
    try:
        deciding.decide(
            visit.services.memory,
            alert_id,
            verdict,
            visit.person,
            visit.now,
            lead=Permission.LEAD in visit.permissions,
        )
    except deciding.DecisionError as error:
        status = 409 if isinstance(error, deciding.ConflictError) else 400
        return _shown(visit, alert_id, problem=str(error), status=status)
    return _onward(str(walk["following"]), str(walk["query"]), done=alert_id)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _onward(following: str, query: str, *, done: str = "") -> Response:
    given = {"in": query} if query else {}
    if done:
        given["done"] = done
    if following and following != done:
        return RedirectResponse(f"/alerts/{following}?{urlencode(given)}", status_code=303)
    told = urlencode({"done": done}) if done else ""
    return RedirectResponse("/?" + "&".join(part for part in (query, told) if part), status_code=303)


def _back(visit: Visit, alert_id: str) -> Response:
    query = visit.field("in")
    tail = f"?{urlencode({'in': query})}" if query else ""
    return RedirectResponse(f"/alerts/{alert_id}{tail}", status_code=303)


def _acting(act: Callable[[Visit, str], object]) -> Callable[[Visit], Response]:
    """A page that does one thing with the alert and comes back to it, with what went wrong where something did."""

    def page(visit: Visit) -> Response:
        alert_id = visit.path["alert_id"]
        try:
            act(visit, alert_id)
        except deciding.DecisionError as error:
            return _shown(visit, alert_id, problem=str(error), status=400)
        return _back(visit, alert_id)

    return page


def _undo(visit: Visit, alert_id: str) -> None:
    deciding.undo(visit.services.memory, alert_id, visit.person, visit.now)


def _reverse(visit: Visit, alert_id: str) -> None:
    lead = Permission.LEAD in visit.permissions
    deciding.reverse(visit.services.memory, alert_id, visit.field("reason"), visit.person, visit.now, lead=lead)


def _claim(visit: Visit, alert_id: str) -> None:
    deciding.claim(visit.services.memory, alert_id, visit.person, visit.now, reason=visit.field("reason"))


def _release(visit: Visit, alert_id: str) -> None:
    deciding.release(visit.services.memory, alert_id, visit.person, visit.now)


def _hand_over(visit: Visit, alert_id: str) -> None:
    deciding.hand_over(visit.services.memory, alert_id, visit.field("to"), visit.field("note"), visit.person, visit.now)


def _note(visit: Visit, alert_id: str) -> None:
    deciding.note(visit.services.memory, alert_id, visit.field("note"), visit.person, visit.now)


def _snooze(visit: Visit, alert_id: str) -> None:
    deciding.snooze(visit.services.memory, alert_id, _until(visit), visit.field("note"), visit.person, visit.now)


def _until(visit: Visit) -> datetime:
    text = visit.field("until")
    if text.isascii() and text.endswith("h") and text[:-1].isdigit() and len(text) < 6:
        return visit.now + timedelta(hours=int(text[:-1]))
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise PageError(400, "say until when, as a date") from error


def skip(visit: Visit) -> Response:
    """Leave the alert for others and go on."""
    alert_id = visit.path["alert_id"]
    walk = _walk(visit, alert_id)
    try:
        deciding.skip(visit.services.memory, alert_id, visit.field("reason"), visit.person, visit.now)
    except UndercutError as error:
        return _shown(visit, alert_id, problem=str(error), status=400)
    return _onward(str(walk["following"]), str(walk["query"]))


def open_screenshot(visit: Visit) -> Response:
    """Open the raw screenshot for a reason, which the custody log keeps; it is shown to this session from then on."""
    alert_id, taken = visit.path["alert_id"], _screenshot(visit)
    role = next((role for role in sorted(MAY_OPEN) if role in visit.roles), "none")
    reason = visit.field("reason")
    try:
        open_raw_capture(visit.services.memory.store, taken.sha256, person=visit.person, role=role, reason=reason)
    except RawCaptureRefusedError as error:
        return _shown(visit, alert_id, problem=str(error), status=400)
    told = urlencode({"picture": _pass(visit, taken), **({"in": visit.field("in")} if visit.field("in") else {})})
    return RedirectResponse(f"/alerts/{alert_id}?{told}#pictures", status_code=303)


def screenshot(visit: Visit) -> Response:
    """The screenshot, as the picture it is and nothing else, to the session that opened it."""
    taken = _screenshot(visit)
    if not hmac.compare_digest(_pass(visit, taken).encode(), visit.path["opened"].encode()):
        raise PageError(403, "open this screenshot on the alert's page, with a reason")
    content = visit.services.memory.store.evidence.open(taken.sha256)
    kind = next((kind for start, kind in PICTURES if content.startswith(start)), None)
    if kind is None:
        raise PageError(404, "what is kept there is no picture that is shown here")
    return Response(content, media_type=kind)


def _screenshot(visit: Visit) -> Screenshot:
    memory = visit.services.memory
    alert = memory.store.alerts.get(visit.path["alert_id"])
    taken = memory.pictures.newest(alert.source, alert.external_id)
    if taken is None:
        raise PageError(404, "no screenshot was taken of this")
    return taken


def _pass(visit: Visit, taken: Screenshot) -> str:
    """What says that this session has opened a screenshot: nobody else can work it out."""
    return hmac.new(visit.csrf.encode(), taken.sha256.encode(), "sha256").hexdigest()


ROUTES = (
    Route("GET", "/alerts/{alert_id}", Permission.READ, show),
    Route("POST", "/alerts/{alert_id}/screenshot", Permission.AUDIT, open_screenshot),
    Route("GET", "/alerts/{alert_id}/screenshot/{opened}", Permission.AUDIT, screenshot),
    Route("POST", "/alerts/{alert_id}/decide", Permission.DECIDE, decide),
    Route("POST", "/alerts/{alert_id}/undo", Permission.DECIDE, _acting(_undo)),
    Route("POST", "/alerts/{alert_id}/reverse", Permission.DECIDE, _acting(_reverse)),
    Route("POST", "/alerts/{alert_id}/claim", Permission.DECIDE, _acting(_claim)),
    Route("POST", "/alerts/{alert_id}/release", Permission.DECIDE, _acting(_release)),
    Route("POST", "/alerts/{alert_id}/hand-over", Permission.DECIDE, _acting(_hand_over)),
    Route("POST", "/alerts/{alert_id}/snooze", Permission.DECIDE, _acting(_snooze)),
    Route("POST", "/alerts/{alert_id}/note", Permission.DECIDE, _acting(_note)),
    Route("POST", "/alerts/{alert_id}/skip", Permission.DECIDE, skip),
)
