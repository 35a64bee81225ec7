"""What the line hands to the memory for one page, and what the memory says became of it."""

from dataclasses import dataclass
from enum import StrEnum

from domain.alert import Alert, PolicyOutcome
from domain.finding import Finding
from domain.listing import Listing
from domain.reading import Reading
from domain.snapshot import Snapshot
from storage.leaked_keys import LeakedKeyRecord


@dataclass(frozen=True, slots=True)
class AssessedListing:
    """One (masked) listing of a page, what was concluded about it, what the policy says, and who would be told.

    `channels` are the names of the channels that get a notice if an alert is opened or says something new.
    """

    listing: Listing
    finding: Finding
    outcome: PolicyOutcome
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One page as it went through the line; the reading's own listings are not looked at, the assessed ones are."""

    snapshot: Snapshot
    reading: Reading
    assessed: tuple[AssessedListing, ...] = ()
    leaked_keys: tuple[LeakedKeyRecord, ...] = ()


class AlertChange(StrEnum):
    """Why an alert got a new version: the first four follow from what a place says, the others from judging again.

    `repriced`: an official price was corrected. `rejudged`: rules, policy or reading are other ones now. `withdrawn`:
    today's rules would not have raised it.
    """

    OPENED = "opened"
    EDITED = "edited"
    DEEPER_DISCOUNT = "deeper_discount"
    GRAVER = "graver"
    REPRICED = "repriced"
    REJUDGED = "rejudged"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording a page changed.

    `opened` are alerts that are new, `changed` those that say something new; `unchanged_alerts` counts those that were
    merely seen again. `gone` are external ids that the place has now said twice are no longer there.
    """

    snapshot_id: int
    listings: int = 0
    new_listings: int = 0
    new_versions: int = 0
    new_findings: int = 0
    opened: tuple[Alert, ...] = ()
    changed: tuple[Alert, ...] = ()
    unchanged_alerts: int = 0
    notices: int = 0
    new_leads: int = 0
    gone: tuple[str, ...] = ()

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Every alert that people are told of."""
        return self.opened + self.changed
