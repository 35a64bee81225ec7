"""A list of words to look for, or cases of a test: what a filter knows, not what somebody sells."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    if context.shape.lists_words:
        yield Observation("Cases of a test, words that a filter looks for, or labels of a menu")


SIGNAL = SignalRule(
    "benign.word_list",
    "Words and cases of a program",
    "Filters, tests and menus list this trade's words without selling anything.",
    _find,
)
