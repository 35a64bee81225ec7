"""Single words that harmless passages use more often than adverts; each weighs little, several together something."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.wording import HINT, PHRASE

MOST = 3


def _find(context: SignalContext) -> Iterator[Observation]:
    hints = [key for key in context.first if key[0] == "benign" or (key[0] == PHRASE and key[1].startswith(HINT))]
    if hints:
        mention = context.first[hints[0]]
        told = f"{len(hints)} words of harmless passages, such as “{mention.surface[:40]}”"
        yield Observation(told, mention.span, float(min(len(hints), MOST)))


SIGNAL = SignalRule(
    "benign.hints",
    "Words of harmless passages",
    "Words such as those of news, manuals and accounts; adverts use some of them too.",
    _find,
)
