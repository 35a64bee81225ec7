"""How the passage is written, apart from what it says: like adverts, or like talk and manuals."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.text_model import load_text_model


def _find(context: SignalContext) -> Iterator[Observation]:
    read = context.read
    score, run = load_text_model().score(
        f"{read.folded_title} {read.folded_text}" if read.folded_title else read.folded_text
    )
    like = "adverts" if score >= 0 else "talk and manuals"
    yield Observation(f"Is written like {like}" + (f", such as “{run}”" if run else ""), None, score)


SIGNAL = SignalRule(
    "text.resembles_adverts",
    "Is written like adverts",
    "Runs of letters that adverts use more than talk does; it excuses where they are those of talk.",
    _find,
)
