"""What is watched and how it fares, as people and programs ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from crawlers.family import Recognition
from crawlers.registry import load_source, parse_source, recognise
from domain.source import Source
from line.saved_pages import HowSaved, saved_page
from storage.overlay import OverlayKind
from storage.sources import LastCrawl, Sources, SourceState
from storage.store import Store

COLUMNS = (
    "source", "family", "every", "state", "last success", "yield", "expected", "met", "blocked", "pages", "runs",
)  # fmt: skip
"""What `SourceRow.cells` says, column by column."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source with its running state and its last crawl; `refusal` says why it does not run, None where it does.

    `permission` is the operator's word on the platform's terms, empty where none is asked for.
    """

    source: Source
    state: SourceState | None
    last_crawl: LastCrawl | None
    refusal: str | None
    permission: str = ""

    @property
    def block_rate(self) -> float | None:
        """The part of all pages that were refusals (blocks, limits, login walls); None before the first page."""
        return self.state.refused_pages / self.state.pages if self.state and self.state.pages else None

    @property
    def expectation_met(self) -> bool | None:
        """Did the last crawl yield as many listings as the file expects? None before the first crawl."""
        if self.last_crawl is None:
            return None
        expected = self.source.expectation
        return expected.least_listings <= self.last_crawl.listings <= expected.most_listings

    def as_json(self) -> dict[str, object]:
        """The row for programs."""
        state, crawl, expected = self.state, self.last_crawl, self.source.expectation
        return {
            "source": self.source.name,
            "family": self.source.family,
            "cadence_seconds": int(self.source.cadence.total_seconds()),
            "state": state.last_state.value if state else None,
            "reason": state.last_reason if state else "",
            "last_success_at": state.last_success_at.isoformat() if state and state.last_success_at else None,
            "pages": state.pages if state else 0,
            "refused_pages": state.refused_pages if state else 0,
            "misread_pages": state.misread_pages if state else 0,
            "block_rate": self.block_rate,
            "listings": state.listings_seen if state else 0,
            "last_crawl": None if crawl is None else {
                "ended_at": crawl.ended_at.isoformat(),
                "pages": crawl.pages,
                "refused_pages": crawl.refused_pages,
                "yield": crawl.listings,
                "ended_early": crawl.reason,
            },
            "expectation": {"least_listings": expected.least_listings, "most_listings": expected.most_listings},
            "expectation_met": self.expectation_met,
            "permission": self.permission,
            "runs": self.refusal is None,
            "why_not": self.refusal,
        }  # fmt: skip

    def cells(self) -> tuple[str, ...]:
        """The row for a table."""
        state, expected = self.state, self.source.expectation
        succeeded = state.last_success_at if state else None
        return (
            self.source.name,
            self.source.family,
            span_words(self.source.cadence),
            state.last_state.value if state else "never read",
            f"{succeeded:%Y-%m-%d %H:%M}" if succeeded else "never",
            str(self.last_crawl.listings) if self.last_crawl else "",
            f"{expected.least_listings} to {expected.most_listings}",
            {None: "", True: "yes", False: "NO"}[self.expectation_met],
            f"{self.block_rate:.0%}" if self.block_rate is not None else "",
            str(state.pages if state else 0),
            "yes" if self.refusal is None else f"no: {self.refusal}",
        )


def source_rows(
    sources: Mapping[str, Source],
    memory: Sources,
    refusals: Mapping[str, str | None],
    permissions: Mapping[str, str],
) -> tuple[SourceRow, ...]:
    """Every source with how it fares, by name."""
    states, crawls = memory.states(), memory.last_crawls()
    return tuple(
        SourceRow(sources[name], states.get(name), crawls.get(name), refusals.get(name), permissions.get(name, ""))
        for name in sorted(sources)
    )


def add_source(store: Store, name: str, content: bytes, *, place: str, author: str) -> int:
    """Validate a source file and put it into the store; the version it has there. Raises SourceFileError."""
    parse_source(name, content, place=place)
    return store.overlay.put(OverlayKind.SOURCE, name, content.decode("utf-8"), author=author).version


def validate_source_file(path: Path) -> Source:
    """The source of a file; raises SourceFileError that names the file and the mend."""
    return load_source(path)


def recognise_file(path: Path, how: HowSaved) -> tuple[Recognition, ...]:
    """Which software a saved page is of, the surest first."""
    return recognise(saved_page(path, how))


def span_words(span: timedelta) -> str:
    """A cadence in words: `6 h`, `30 min`, `2 d`."""
    minutes = int(span.total_seconds() // 60)
    if minutes % 1440 == 0:
        return f"{minutes // 1440} d"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
