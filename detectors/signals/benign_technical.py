"""Technical prose: commands, identifiers, files and flags. Shops write code too, but their strings speak to buyers."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

LOOKED_AT = 1500
# What stands in manuals, logs and programs, and hardly in what is said to buyers. Counted, not parsed: it is fast.
MARKS = (
    "_",
    " --",
    "import ",
    "const ",
    "return ",
    "async ",
    "await ",
    "def ",
    "func ",
    "struct ",
    "npm ",
    "npx ",
    "pip install",
    "git ",
    "docker",
    "curl ",
    "```",
    ".py",
    ".ts",
    ".js",
    ".go",
    ".md",
    ".json",
    ".yml",
    ".sh",
    "()",
    "=>",
    "::",
    "!==",
    "&&",
    "codex login",
    "claude login",
    "login`",
    "http 4",
    "schema",
    "endpoint",
    "keychain",
    "oauth",
    "cli",
)
IN_QUOTES = "`"
A_FEW, MANY = 3, 8
IN_A_ROW = 0.4


def _find(context: SignalContext) -> Iterator[Observation]:
    head = context.read.folded_text[:LOOKED_AT]
    marks = sum(map(head.count, MARKS)) + head.count(IN_QUOTES) // 2
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
