"""A list of words to look for, or cases of a test: what a filter knows, not what somebody sells."""

import re
from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

LOOKED_AT = 1500
_LISTS = ("keyword", "words", "pattern", "case", "sample", "blacklist", "terms", "filter", "rules")
_NAMED = re.compile(
    r"(?:keywords?|words|patterns?|cases|samples|blacklist|terms|filters?|rules)[a-z_]{0,20}"
    r"\s{0,2}(?::[^=\n]{1,40})?=\s{0,2}(?:new )?[\[({a-z]"
)
_TESTS = ("test(", "it(", "describe(", "assert", ".fatalf(", "def test_", "scoreitem", "classify", "classifier")
_WORDS = re.compile(r"(?:[\"'][^\"'\n\d]{1,24}[\"']\s{0,3},\s{0,3}){4}[\"'][^\"'\n\d]{1,24}[\"']")


def _find(context: SignalContext) -> Iterator[Observation]:
    head = context.read.folded_text[:LOOKED_AT]
    named = "=" in head and any(word in head for word in _LISTS) and _NAMED.search(head) is not None
    if named or any(test in head for test in _TESTS):
        yield Observation("Cases of a test, or words that a filter looks for")
    elif head.count('"') + head.count("'") >= 10 and not context.shape.access and _WORDS.search(head) is not None:
        yield Observation("Lists short words in quotes, without a price")


SIGNAL = SignalRule(
    "benign.word_list",
    "Words and cases of a program",
    "Filters, tests and menus list this trade's words without selling anything.",
    _find,
)
