"""What one request brought back, before anyone has an opinion about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.clock import require_utc


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One answer of one place: where it was asked, what came back, when and how.

    `status` is the HTTP status (0 where none applies, as for an imported file). Header names are lower case.
    `sha256` is the hexadecimal digest of the decoded body, and the name under which the evidence store keeps it.
    `context` carries what an earlier page of the same crawl said and this one needs (a relay's recharge price, say);
    it is stored with the snapshot so that a reading is a pure function of stored things. `capture` says how the
    bytes were got: connected address, robots decision, certificate digest, tool version; what a transport does not
    show is absent, never made up.
    """

    source: str
    url_asked: str
    url_answered: str
    status: int
    headers: Mapping[str, str]
    fetched_at: datetime
    transport: str
    sha256: str
    body_bytes: int
    context: Mapping[str, str] = field(default_factory=dict)
    capture: Mapping[str, str] = field(default_factory=dict)
    screenshot_sha256: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "fetched_at", require_utc(self.fetched_at, what="Snapshot.fetched_at"))


@dataclass(frozen=True, slots=True)
class Page:
    """A snapshot together with its decoded bytes: all that a family may look at."""

    snapshot: Snapshot
    body: bytes
