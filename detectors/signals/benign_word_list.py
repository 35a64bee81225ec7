"""A list of words to look for, or cases of a test: what a filter knows, not what somebody sells."""

import re
from collections.abc import Iterator

from detectors.shape import LOOKED_AT
from detectors.signal import Observation, SignalContext, SignalRule

_NAMED = re.compile(
    r"[a-z_]{0,30}(?:keywords?|words|patterns?|cases|samples|blacklist|stopwords|terms|filters?|rules)[a-z_]{0,20}"
    r"\s{0,2}(?::[^=\n]{1,40})?=\s{0,2}(?:new )?[\[({a-z]"
)
_TEST = re.compile(
    r"(?:^|\n)\s{0,12}(?:test|it|describe)\([\"'`]|assert\.|assert_|asserte|\.fatalf\(|def test_|scoreitem|classif(?:y|ier)"
)
_WORDS = re.compile(r"(?:[\"'][^\"'\n\d]{1,24}[\"']\s{0,3},\s{0,3}){4}[\"'][^\"'\n\d]{1,24}[\"']")


def _find(context: SignalContext) -> Iterator[Observation]:
    head = context.read.folded_text[:LOOKED_AT]
    if _NAMED.search(head) is not None or _TEST.search(head) is not None:
        yield Observation("Cases of a test, or words that a filter looks for")
    elif head.count('"') + head.count("'") >= 10 and not context.shape.access and _WORDS.search(head) is not None:
        yield Observation("Lists short words in quotes, without a price")


SIGNAL = SignalRule(
    "benign.word_list",
    "Words and cases of a program",
    "Filters, tests and menus list this trade's words without selling anything.",
    _find,
)
