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
from storage.sources import SourceState
from storage.store import Store


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source with its running state; `refusal` says why it does not run, None where it does."""

    source: Source
    state: SourceState | None
    refusal: str | None

    def as_json(self) -> dict[str, object]:
        """The row for programs."""
        state = self.state
        return {
            "source": self.source.name,
            "family": self.source.family,
            "cadence_seconds": int(self.source.cadence.total_seconds()),
            "state": state.last_state.value if state else None,
            "reason": state.last_reason if state else "",
            "last_success_at": state.last_success_at.isoformat() if state and state.last_success_at else None,
            "pages": state.pages if state else 0,
            "refused_pages": state.refused_pages if state else 0,
            "listings": state.listings_seen if state else 0,
            "runs": self.refusal is None,
            "why_not": self.refusal,
        }

    def cells(self) -> tuple[str, ...]:
        """The row for a table."""
        state = self.state
        succeeded = state.last_success_at if state else None
        return (
            self.source.name,
            self.source.family,
            span_words(self.source.cadence),
            state.last_state.value if state else "never read",
            f"{succeeded:%Y-%m-%d %H:%M}" if succeeded else "never",
            str(state.pages if state else 0),
            str(state.refused_pages if state else 0),
            str(state.listings_seen if state else 0),
            "yes" if self.refusal is None else f"no: {self.refusal}",
        )


def source_rows(
    sources: Mapping[str, Source], states: Mapping[str, SourceState], refusals: Mapping[str, str | None]
) -> tuple[SourceRow, ...]:
    """Every source with its state, by name."""
    return tuple(SourceRow(sources[name], states.get(name), refusals.get(name)) for name in sorted(sources))


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
