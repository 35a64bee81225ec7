"""What an HTTP answer means for a notice: taken, try again, or never."""

from http import HTTPStatus

from alerts.channel import Delivery, DeliveryResult

# Too early, too many, took too long: the same request may well be taken later.
_PASSING = frozenset({408, 425, 429})


def result_of_status(status: int, retry_after: float | None, receiver: str) -> DeliveryResult:
    """The result of one answered attempt; `receiver` is how the receiver is named to the operator."""
    named = f"{receiver} answered {status}{_phrase(status)}"
    if 200 <= status < 300:
        return DeliveryResult(Delivery.DELIVERED, named)
    if status in _PASSING or status >= 500:
        return DeliveryResult(Delivery.RETRY, named, retry_after)
    if 300 <= status < 400:
        return DeliveryResult(Delivery.REFUSED, f"{named}; redirects are not followed, configure the final address")
    return DeliveryResult(Delivery.REFUSED, named)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
