"""What delivery needs of the store: the notices that are due, one deliverer at a time, and a record of what became."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from domain.alert import ClaimedNotice, Settled, Settlement


class OutboxPort(Protocol):
    """The outbox, written in the same transaction as the findings that it tells of.

    Every call is a short transaction of its own, so that a crash between two of them leaves a whole state.
    """

    def claim_due(self, now: datetime, limit: int, lease: timedelta) -> Sequence[ClaimedNotice]:
        """Up to `limit` notices that are due and that nobody else holds, kept from others until `now + lease`.

        The gravest come first, then the oldest; of one alert and channel the lower version. A notice is not handed out
        while an earlier one of the same alert and channel waits or is held by someone else; both may come in one claim,
        in order. Only a graver one goes past an earlier one that was put back untried, so that what has become critical
        is not kept by quiet hours that hold what it was before.
        """
        ...

    def mark_delivered(self, notice_id: str, at: datetime, detail: str) -> None:
        """It was handed over."""
        ...

    def mark_retry(self, notice_id: str, next_attempt_at: datetime, detail: str) -> None:
        """An attempt failed; it is due again then. Counts an attempt."""
        ...

    def mark_held(self, notice_id: str, until: datetime, detail: str) -> None:
        """It was put back untried (quiet hours, a budget, a receiver that is down); it is due again then.

        Counts no attempt and does not begin the time after which delivery is given up.
        """
        ...

    def mark_parked(self, notice_id: str, at: datetime, detail: str) -> None:
        """It is given up and shown to the operator, who may send it again."""
        ...


@runtime_checkable
class SettlesTogether(Protocol):
    """What an outbox may offer besides: many notices settled in one transaction, as a storm needs it.

    Each settlement does what the method of its name does for one notice; all of them stand, or none.
    """

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Record what became of all of these."""
        ...


def settle_all(outbox: OutboxPort, settlements: Sequence[Settlement]) -> None:
    """Record what became of these: in one transaction where the outbox can, else one after the other."""
    if isinstance(outbox, SettlesTogether):
        outbox.settle(settlements)
        return
    marks = {
        Settled.DELIVERED: outbox.mark_delivered,
        Settled.PARKED: outbox.mark_parked,
        Settled.RETRY: outbox.mark_retry,
        Settled.HELD: outbox.mark_held,
    }
    for settlement in settlements:
        marks[settlement.settled](settlement.notice_id, settlement.at, settlement.detail)
