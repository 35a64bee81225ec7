"""A list of short words in quotes: what a filter looks for, or a menu, not what somebody sells."""

import re
from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._form import LOOKED_AT

_WORDS = re.compile(r"(?:[\"'][^\"'\n\d]{1,24}[\"']\s{0,3},\s{0,3}){4}[\"'][^\"'\n\d]{1,24}[\"']")


def _find(context: SignalContext) -> Iterator[Observation]:
    head = context.read.folded_text[:LOOKED_AT]
    if head.count('"') + head.count("'") >= 10 and _WORDS.search(head) is not None and not context.shape.access:
        yield Observation("Lists short words in quotes, without a price")


SIGNAL = SignalRule(
    "benign.word_list",
    "A list of words",
    "Filters, tests and menus list this trade's words without selling anything.",
    _find,
)
