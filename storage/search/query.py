"""What a person types, as what the index is asked; the same for both databases until the last step."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.finding import Finding, Lane, Verdict
from domain.listing import Listing
from storage.search.tokens import MOST_TOKEN_CHARACTERS, runs_of, tokens_of_run

MOST_TERMS: Final = 12
SHARE_STEPS: Final = tuple(Decimal(step) for step in ("0.05", "0.1", "0.15", "0.2", "0.3", "0.5", "0.7", "1"))
_MARK: Final = "\u00b6"
_TERM = re.compile(r'"([^"]{1,200})"|(\S{1,200})')


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that must stand next to one another; with `prefix` the last one may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for. Every given part must hold; of several values in one part, one must.

    `text` holds words and "phrases"; `clau*` finds what begins so. `share_at_most` looks at the lowest confirmed share;
    `since` and `until` at when a version was first seen; `gone` at whether the listing is gone now.
    """

    text: str = ""
    platforms: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    signals: frozenset[str] = frozenset()
    lanes: frozenset[Lane] = frozenset()
    verdicts: frozenset[Verdict] = frozenset()
    languages: frozenset[str] = frozenset()
    share_at_most: Decimal | None = None
    since: datetime | None = None
    until: datetime | None = None
    gone: bool | None = None


def terms_of(text: str) -> tuple[Term, ...]:
    """The terms of a query; of more than twelve, the first twelve."""
    terms = []
    for quoted, word in _TERM.findall(text):
        term = _term(quoted or word, prefix=word.endswith("*"))
        if term is not None:
            terms.append(term)
    return tuple(terms[:MOST_TERMS])


def _term(text: str, *, prefix: bool) -> Term | None:
    runs = list(runs_of(text))
    if not runs:
        return None
    tokens = [token for run in runs for token in tokens_of_run(run)]
    if runs[-1].unspaced:
        # In the text the run may go on; a single character asks for whatever begins with it.
        if len(runs[-1].text) == 1:
            return Term(tuple(tokens), prefix=True)
        return Term(tuple(tokens[:-1]))
    return Term(tuple(tokens), prefix=prefix and len(tokens[-1]) < MOST_TOKEN_CHARACTERS)


def facet(kind: str, value: str) -> str:
    """A filter's value as a token that no text can hold: filters are asked inside the index like words."""
    digest = hashlib.blake2b(f"{kind} {value}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{_MARK}{digest}"


def facets_of(listing: Listing, finding: Finding) -> list[str]:
    """Every filter token of a listing as it is judged."""
    facets = [
        facet("platform", listing.platform),
        facet("source", listing.source),
        facet("lane", finding.lane.value),
        facet("verdict", finding.verdict.value),
        facet("language", finding.language),
    ]
    facets += {facet("product", offer.offer.product) for offer in finding.offers if offer.offer.product}
    facets += {facet("signal", signal.name) for signal in finding.signals}
    share = finding.lowest_share
    if share is not None:
        facets += [facet("share", str(step)) for step in SHARE_STEPS if share <= step]
    return sorted(facets)


def facet_groups(search: Search) -> list[list[str]]:
    """The filters of a search: of each group one token must be there."""
    groups = [
        _group("platform", search.platforms),
        _group("source", search.sources),
        _group("product", search.products),
        _group("signal", search.signals),
        _group("lane", search.lanes),
        _group("verdict", search.verdicts),
        _group("language", search.languages),
    ]
    if search.share_at_most is not None:
        # The next step above narrows inside the index; the exact share is compared afterwards.
        step = next((step for step in SHARE_STEPS if step >= search.share_at_most), None)
        groups.append([facet("share", str(step))] if step is not None else [])
    return [group for group in groups if group]


def _group(kind: str, values: Iterable[str]) -> list[str]:
    return sorted(facet(kind, str(value)) for value in values)
