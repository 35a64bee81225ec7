"""What somebody decided a moment ago, so that the page they come to can offer to take it back."""

from console.routing import Visit
from line.decide import review_of
from line.review import may_undo
from line.review_reasons import reason_label
from storage.errors import UnknownRecordError


def just_decided(visit: Visit) -> dict[str, str] | None:
    """The alert that was decided a moment ago, while that can still be undone from here."""
    alert_id = visit.request.query_params.get("done", "")
    if not alert_id:
        return None
    try:
        review = review_of(visit.services.memory, alert_id)
    except UnknownRecordError:
        return None
    own = may_undo(review.standing, visit.person, visit.now)
    if own is None:
        return None
    said = f"{own.decision.outcome.value.replace('_', ' ')}, {reason_label(own.decision.reason_code).lower()}"
    return {"alert_id": alert_id, "title": review.alert.title, "said": said}
