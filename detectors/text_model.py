"""How a passage is written: short runs of letters that adverts use more often than talk. Small, linear, as data.

It looks at the folded text, so that disguises do not move it, and only at its first stretch. Its score is one signal
among the others, bounded, with the run that moved it most as its reason.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

LOOKED_AT = 600
MOST = 4.0
"""No passage is an advert, or is not, by its letters alone."""
SHIPPED = "text.json"

LONGEST_KNOWN = 24
MOST_KNOWN = 1 << 15
"""Words are remembered up to this length, and this many of them."""


Indexes = NDArray[np.intp]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TextModel:
    """Runs of letters with what each says, lightest first, and the bias of a passage that holds none of them.

    A passage says the sum of what its runs say over the length of their rareness, so that long passages say no more.
    No run goes from one word into the next, so that the runs of a word are the same wherever it stands: they are looked
    for once, and remembered.
    """

    bias: float
    runs: tuple[str, ...]
    weights: Values
    rareness: Values
    _readable: NDArray[np.bool_] = field(repr=False)
    _look: Callable[[str], Indexes] = field(repr=False)
    _known: Callable[[str], Indexes] = field(repr=False)

    def score(self, folded: str) -> tuple[float, str]:
        """The bounded score (above 0: like adverts) and the run that moved it most, if one can be read."""
        words = set(folded[:LOOKED_AT].split())
        long = [word for word in words if len(word) > LONGEST_KNOWN]
        each = [self._known(word) for word in words.difference(long)]
        if long:
            each.append(self._look(" ".join(long)))
        found = np.unique(np.concatenate(each)) if each else _NONE
        if not found.size:
            return self.bias, ""
        score = self.bias + float(self.weights[found].sum()) / math.sqrt(float(self.rareness[found].sum()))
        # Runs are in order of their weight, so that their numbers say which is the weightiest.
        readable = found[self._readable[found]]
        moved = self.runs[readable[-1 if score >= 0 else 0]].strip() if readable.size else ""
        return max(-MOST, min(MOST, score)), moved


_NONE: Indexes = np.empty(0, np.intp)


def as_read(folded: str) -> str:
    """The first stretch of a folded text, its words parted by single spaces and edged by them."""
    return f" {' '.join(folded[:LOOKED_AT].split())} "


def text_model_of(bias: float, weights: Mapping[str, tuple[float, float]]) -> TextModel:
    """A model from the weight and the rareness (inverse document frequency) of its runs."""
    told = {run: weight * rareness for run, (weight, rareness) in weights.items()}
    runs = tuple(sorted(told, key=told.__getitem__))
    automaton = ahocorasick_rs.AhoCorasick(list(runs), matchkind=ahocorasick_rs.MatchKind.Standard)

    def look(word: str) -> Indexes:
        matches = automaton.find_matches_as_indexes(f" {word} ", overlapping=True)
        return np.array([index for index, _, _ in matches], np.intp)

    readable = np.array([_is_readable(run.strip()) for run in runs], np.bool_)
    in_order = np.array([told[run] for run in runs], np.float64)
    squares = np.array([weights[run][1] ** 2 for run in runs], np.float64)
    return TextModel(bias, runs, in_order, squares, readable, look, lru_cache(maxsize=MOST_KNOWN)(look))


def _is_readable(run: str) -> bool:
    """Does a reader make something of it: two letters of Chinese, three of another script?"""
    return run.isalpha() and len(run) > (1 if run[0] >= "\u3040" else 2)


@lru_cache(maxsize=1)
def load_text_model() -> TextModel:
    """The shipped model, written by `python -m benchmarks.fit_weights`."""
    document = json.loads(files("detectors.weights").joinpath(SHIPPED).read_text(encoding="utf-8"))
    runs = {run: (float(weight), float(rareness)) for run, (weight, rareness) in document["runs"].items()}
    return text_model_of(float(document["bias"]), runs)
