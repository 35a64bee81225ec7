"""How a passage is written: short runs of letters that adverts, or talk of them, use more often. Small, linear, as data.

It looks at the folded text, so that disguises do not move it, and only at its first stretch. Its score is one signal
among the others, bounded, with the runs that moved it most as its reason.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import ahocorasick_rs

LOOKED_AT = 1500
MOST = 3.0
"""No passage is an advert, or is not, by its letters alone."""
TOLD = 3
SHIPPED = "text.json"


@dataclass(frozen=True, slots=True)
class TextModel:
    """Runs of letters with their weights, and the bias of a passage that holds none of them."""

    bias: float
    runs: tuple[str, ...]
    weights: tuple[float, ...]
    _automaton: ahocorasick_rs.AhoCorasick = field(repr=False, compare=False)

    def score(self, folded: str) -> tuple[float, tuple[str, ...]]:
        """The bounded score (above 0: like adverts) and the runs that moved it most, weightiest first."""
        found = {index for index, _, _ in self._automaton.find_matches_as_indexes(as_read(folded), overlapping=True)}
        weights = self.weights
        score = self.bias + sum(weights[index] for index in found)
        sign = 1 if score >= 0 else -1
        moved = sorted(found, key=lambda index: (-sign * weights[index], index))[:TOLD]
        return max(-MOST, min(MOST, score)), tuple(self.runs[index].strip() for index in moved)


def as_read(folded: str) -> str:
    """The first stretch of a folded text, its words parted by single spaces and edged by them."""
    return f" {' '.join(folded[:LOOKED_AT].split())} "


def text_model_of(bias: float, weights: Mapping[str, float]) -> TextModel:
    """A model from the weights of its runs."""
    runs = tuple(weights)
    automaton = ahocorasick_rs.AhoCorasick(list(runs), matchkind=ahocorasick_rs.MatchKind.Standard)
    return TextModel(bias, runs, tuple(weights.values()), automaton)


@lru_cache(maxsize=1)
def load_text_model() -> TextModel:
    """The shipped model, written by `python -m benchmarks.fit_weights`."""
    document = json.loads(files("detectors.weights").joinpath(SHIPPED).read_text(encoding="utf-8"))
    return text_model_of(float(document["bias"]), {run: float(weight) for run, weight in document["runs"].items()})
