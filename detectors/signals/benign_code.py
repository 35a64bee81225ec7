"""Program text: names and prices in it are data of a program unless the rest says otherwise."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._form import form_of

PER_MARK = 60
"""Code has a mark of code at least every so many characters."""


def _find(context: SignalContext) -> Iterator[Observation]:
    form = form_of(context.read.folded_text)
    if form.code_marks >= 2 and form.code_marks * PER_MARK >= form.characters:
        yield Observation("Reads like program text")


SIGNAL = SignalRule(
    "benign.code",
    "Program text",
    "Seed data of shops reads like this too, so this weighs little.",
    _find,
)
