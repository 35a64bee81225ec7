"""A raw capture is opened by role and for a reason, and that it was is written into the custody log first."""

from typing import Final

from domain.errors import UndercutError
from domain.secrets import mask_secrets
from line.access import Role
from storage.store import Store

MAY_OPEN: Final = frozenset({Role.LEAD, Role.AUDITOR})
LEAST_REASON = 10
MOST_REASON = 500
ACTION = "viewed_raw"


class RawCaptureRefusedError(UndercutError):
    """A raw capture is not opened for this role, or without a reason; the message says which."""


def open_raw_capture(store: Store, sha256: str, *, person: str, role: str, reason: str) -> bytes:
    """The bytes as the place gave them, secrets and third persons included.

    Raises RawCaptureRefusedError, or what the evidence store raises for an object that is missing or damaged. Nothing
    is given out before the log holds who opened what, in which role and why.
    """
    if role not in MAY_OPEN:
        raise RawCaptureRefusedError(
            f"the role {role!r} opens no raw captures; {' or '.join(sorted(MAY_OPEN))} may. Others see the masked text"
        )
    said = mask_secrets(" ".join(reason.split()))
    if not LEAST_REASON <= len(said) <= MOST_REASON:
        raise RawCaptureRefusedError(f"say why it is opened, in {LEAST_REASON} to {MOST_REASON} characters")
    body = store.evidence.open(sha256)
    store.custody.note(ACTION, f"evidence {sha256}", actor=person, details={"role": role, "reason": said})
    return body
