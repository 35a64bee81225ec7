"""Remarks of programmers: most lines are comments, which explain a program to those who read it."""

import re
from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

LOOKED_AT = 1500
LEAST_LINES = 2
# A single line of `//` may be an advert that somebody left in a program; whole paragraphs of them explain it.
_REMARK = re.compile(r"(?:^|\n)[ \t]{0,16}(?://|\*|/\*)[^\n]{4}")


def _find(context: SignalContext) -> Iterator[Observation]:
    read = context.read
    head = read.folded_text[:LOOKED_AT]
    if "/" not in head or read.contacts:
        return
    remarks = len(_REMARK.findall(head))
    if remarks >= LEAST_LINES and 2 * remarks >= head.count("\n") + 1:
        yield Observation(f"{remarks} lines of remarks in a program")


SIGNAL = SignalRule(
    "benign.commentary",
    "Remarks in a program",
    "Programmers explain how pools, relays and prices work; they sell none of them there.",
    _find,
)
