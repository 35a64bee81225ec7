"""Program text or technical prose without goods: commands, identifiers and files, and nothing on offer among them."""

import re
from collections.abc import Iterator

from detectors.shape import is_program
from detectors.signal import Observation, SignalContext, SignalRule

LOOKED_AT = 1500
A_FEW, MANY = 2, 5
# What stands in manuals, logs and programs, and hardly in what is said to buyers.
_MARK = re.compile(
    r"_| --|\b(?:import|const|return|async|await|def|func|struct|npm|npx|git|curl) |pip install|docker|`|\(\)|=>"
    r"|::|!==|&&"
    r"|\.(?:py|ts|js|go|md|json|ya?ml|sh)\b|http 4|schema|endpoint|keychain|oauth|\bcli\b|(?:^|\n)\s{0,8}(?://|\*"
    r"|\"\"\")"
)


def _find(context: SignalContext) -> Iterator[Observation]:
    if context.shape.catalogue_row or context.shape.access:
        return
    head = context.read.folded_text[:LOOKED_AT]
    marks = len(_MARK.findall(head))
    if marks >= MANY:
        yield Observation("Reads like program text or a manual", None, 2.0)
    elif marks >= A_FEW or is_program(head):
        yield Observation("Reads like program text or a manual")


SIGNAL = SignalRule(
    "benign.technical",
    "Program text without goods",
    "Programs, logs and manuals name plans and pools without selling any; rows of a shop's goods are told apart.",
    _find,
)
