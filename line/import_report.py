"""What became of imported files, as people and programs are told."""

from collections import Counter
from dataclasses import dataclass, field

from domain.reading import ReadingState
from line.page import PageOutcome


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """One page of a file as it went down the line."""

    place: str
    url: str
    source: str
    family: str
    outcome: PageOutcome

    def as_json(self) -> dict[str, object]:
        """The page for programs."""
        recorded, reading = self.outcome.recorded, self.outcome.reading
        return {
            "place": self.place,
            "url": self.url,
            "source": self.source,
            "family": self.family,
            "state": reading.state.value,
            "reason": reading.reason,
            "snapshot": recorded.snapshot_id,
            "listings": recorded.listings,
            "new_listings": recorded.new_listings,
            "alerts": [alert.alert_id for alert in recorded.alerts],
            "notices": recorded.notices,
            "problems": list(reading.problems),
        }


@dataclass(slots=True)
class ImportedFile:
    """One file: what it is, its pages, what was left out of it, and why it could not be read (or not on).

    `passed_over` counts what is no page (pictures, styles, failed requests) or of no family that is known.
    """

    file: str
    kind: str = ""
    pages: list[ImportedPage] = field(default_factory=list)
    passed_over: int = 0
    problems: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def failed(self) -> bool:
        """Was there anything in it that a person wanted read and that was not?"""
        not_understood = any(page.outcome.reading.state is ReadingState.NOT_UNDERSTOOD for page in self.pages)
        return bool(self.error or self.problems) or not_understood

    def total(self, name: str) -> int:
        """The sum over all pages of a count that recording gives (`listings`, `new_listings`, `notices`)."""
        return sum(int(getattr(page.outcome.recorded, name)) for page in self.pages)

    def alerts(self) -> int:
        """How many alerts have something new."""
        return len({alert.alert_id for page in self.pages for alert in page.outcome.recorded.alerts})

    def states(self) -> dict[str, int]:
        """How the pages read."""
        return dict(sorted(Counter(page.outcome.reading.state.value for page in self.pages).items()))

    def note(self) -> str:
        """In a sentence what a person should know: the error, else the first thing that was left out or refused."""
        reasons = [page.outcome.reading.reason for page in self.pages if page.outcome.reading.state not in _FINE]
        return next((said for said in (self.error, *self.problems, *reasons) if said), "")

    def as_json(self) -> dict[str, object]:
        """The file for programs."""
        return {
            "file": self.file,
            "kind": self.kind,
            "error": self.error or None,
            "problems": self.problems,
            "passed_over": self.passed_over,
            "listings": self.total("listings"),
            "new_listings": self.total("new_listings"),
            "alerts": self.alerts(),
            "notices": self.total("notices"),
            "pages": [page.as_json() for page in self.pages],
        }


_FINE = frozenset({ReadingState.FRESH, ReadingState.EMPTY, ReadingState.UNCHANGED})
