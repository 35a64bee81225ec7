"""What a signal is: one reason for or against, looked for in one place, weighed by data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from detectors.reading.result import Mention, ReadListing
from detectors.shape import Shape
from domain.finding import Authorisation, History, PricedOffer
from domain.offer import Span
from domain.values import quickly_made
from rates.book import RateBook


@quickly_made
@dataclass(frozen=True, slots=True)
class SignalContext:
    """All that a signal may look at: the read listing, its priced offers, the rates and the history handed in.

    `first` is the first mention of every (category, concept) that the listing holds, so that asking costs nothing;
    `shape` says whether anything is on offer at all.
    """

    read: ReadListing
    priced: tuple[PricedOffer, ...]
    rates: RateBook
    history: History
    authorisation: Authorisation
    shape: Shape
    first: Mapping[tuple[str, str], Mention] = field(default_factory=dict)


@quickly_made
@dataclass(frozen=True, slots=True)
class Observation:
    """A signal's yes: why, where, and how strongly (1 is the weight as fitted; more or less scales it)."""

    reason: str
    span: Span | None = None
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class SignalRule:
    """One signal. `name` is `<group>.<what>`, as `supply.pooled_accounts`; its weight stands in `detectors/weights/`.

    `title` is what an analyst reads; `explains` says in a sentence why it matters or what it excuses. A rule that
    names `concepts` (category and concept) is asked only where the listing mentions one of them.
    """

    name: str
    title: str
    explains: str
    find: Callable[[SignalContext], Iterable[Observation]]
    concepts: tuple[tuple[str, str], ...] = ()
