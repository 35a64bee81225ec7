"""Technical prose: commands, identifiers, files and flags. Shops write code too, but their strings speak to buyers."""

import re
from collections.abc import Iterator

from detectors.shape import LOOKED_AT
from detectors.signal import Observation, SignalContext, SignalRule

_MARKS = re.compile(
    r"`[^`\n]{1,80}`|```|\b[a-z]{2,20}_[a-z_]{2,30}\b|\s--[a-z]{2,20}|\b[\w\-]{1,40}\.(?:py|ts|tsx|js|go|rs|md|ya?ml|toml|json|sh)\b"
    r"|\b(?:npm|pip|npx|bun|brew|curl|git|docker|sudo|python3?|bash|codex|claude) (?:install|run|login|clone|compose|i|-)"
    r"|\b(?:async|await|return|throws?|import|const|func|def|struct|interface|enum)\b|\b(?:get|post|put) /[a-z]"
)
_WRITTEN_CODE = re.compile(r"[a-z][A-Z][a-z]|\w\(\)|::|=>|!==|&&")
A_FEW, MANY = 3, 8
IN_A_ROW = 0.4


def _find(context: SignalContext) -> Iterator[Observation]:
    marks = len(_MARKS.findall(context.read.folded_text[:LOOKED_AT]))
    marks += min(len(_WRITTEN_CODE.findall(context.read.listing.text[:LOOKED_AT])), MANY) // 2
    if marks < A_FEW:
        return
    strength = 2.0 if marks >= MANY else 1.0
    if context.shape.catalogue_row:
        strength *= IN_A_ROW
    yield Observation(f"{marks} commands, identifiers and files", None, strength)


SIGNAL = SignalRule(
    "benign.technical",
    "Technical prose",
    "Manuals, logs and plans of programmers name plans and pools without selling any.",
    _find,
)
