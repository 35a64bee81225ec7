"""How a passage is written: short runs of letters that adverts use more often than talk. Small, linear, as data.

It looks at the folded text, so that disguises do not move it, and only at its first stretch. Its score is one signal
among the others, bounded, with the run that moved it most as its reason.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import ahocorasick_rs

LOOKED_AT = 600
MOST = 3.0
"""No passage is an advert, or is not, by its letters alone."""
SHIPPED = "text.json"


@dataclass(frozen=True, slots=True)
class TextModel:
    """Runs of letters with their weights, and the bias of a passage that holds none of them."""

    bias: float
    runs: tuple[str, ...]
    weights: tuple[float, ...]
    _automaton: ahocorasick_rs.AhoCorasick = field(repr=False, compare=False)
    _readable: frozenset[int] = field(repr=False, compare=False)

    def score(self, folded: str) -> tuple[float, str]:
        """The bounded score (above 0: like adverts) and the run that moved it most, if one can be read."""
        found = {index for index, _, _ in self._automaton.find_matches_as_indexes(as_read(folded), overlapping=True)}
        weight_of = self.weights.__getitem__
        score = self.bias + math.fsum(map(weight_of, found))
        readable = found & self._readable
        moved = (max if score >= 0 else min)(readable, key=weight_of) if readable else None
        return max(-MOST, min(MOST, score)), "" if moved is None else self.runs[moved].strip()


def as_read(folded: str) -> str:
    """The first stretch of a folded text, its words parted by single spaces and edged by them."""
    return f" {' '.join(folded[:LOOKED_AT].split())} "


def text_model_of(bias: float, weights: Mapping[str, float]) -> TextModel:
    """A model from the weights of its runs."""
    runs = tuple(weights)
    automaton = ahocorasick_rs.AhoCorasick(list(runs), matchkind=ahocorasick_rs.MatchKind.Standard)
    readable = frozenset(index for index, run in enumerate(runs) if _is_readable(run.strip()))
    return TextModel(bias, runs, tuple(weights.values()), automaton, readable)


def _is_readable(run: str) -> bool:
    """Does a reader make something of it: two letters of Chinese, three of another script?"""
    return run.isalpha() and len(run) > (1 if run[0] >= "\u3040" else 2)


@lru_cache(maxsize=1)
def load_text_model() -> TextModel:
    """The shipped model, written by `python -m benchmarks.fit_weights`."""
    document = json.loads(files("detectors.weights").joinpath(SHIPPED).read_text(encoding="utf-8"))
    return text_model_of(float(document["bias"]), {run: float(weight) for run, weight in document["runs"].items()})
