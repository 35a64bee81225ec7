"""A list of things still to do: a plan, not an offer."""

import re
from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

# Shops of free access tick off models in the same way, so an item that begins with a model is none.
_TASK = re.compile(r"(?:^|\n)[ \t]{0,8}[-*+] \[[ x]\] ")
_MODEL = re.compile(r"[-*+] \[[ x]\] (?:gpt|claude|gemini|o\d|deepseek|qwen|llama)")


def _find(context: SignalContext) -> Iterator[Observation]:
    head = context.read.folded_text[:4000]
    if "] " in head and len(_TASK.findall(head)) >= 2 and _MODEL.search(head) is None:
        yield Observation("Lists things to do")


SIGNAL = SignalRule(
    "benign.task_list",
    "A list of things to do",
    "Plans and progress lists name the parts of this trade without selling any.",
    _find,
)
