"""The text asks more than it tells."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._form import form_of

WORDY = 400


def _find(context: SignalContext) -> Iterator[Observation]:
    form = form_of(context.read.folded_text)
    if form.questions and form.characters < WORDY and not context.priced:
        yield Observation("Asks, and offers nothing that could be read")


SIGNAL = SignalRule(
    "benign.asks",
    "Asks instead of offering",
    "A short text with a question mark and no readable offer is a question.",
    _find,
)
