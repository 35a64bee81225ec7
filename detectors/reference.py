"""The reference of signals, kinds, units and refusals, generated from the code so that it cannot go stale."""

from collections.abc import Iterator

from detectors.asked import signal_rules
from detectors.score import Weights
from domain.comparison import Refusal
from domain.finding import Authorisation, Lane, Verdict
from domain.offer import OfferKind, Unit


def reference_text(weights: Weights) -> str:
    """The page as Markdown."""
    return "\n".join(_lines(weights)) + "\n"


def _lines(weights: Weights) -> Iterator[str]:
    yield "# Signals, kinds, units and refusals"
    yield ""
    yield "Generated from the code (`detectors/reference.py`); a test fails when it is stale."
    yield ""
    yield (
        f"A finding's probability is the logistic function of {weights.bias:+.2f} and the weights of the signals that "
        f"spoke. From {weights.resale_from:g} on the verdict is `resale`, from {weights.unsure_from:g} on `unsure`."
    )
    yield ""
    yield "## Signals"
    yield ""
    yield "| name | weight | what it says | why it matters |"
    yield "|---|---|---|---|"
    for rule in sorted(signal_rules(), key=lambda rule: rule.name):
        yield f"| `{rule.name}` | {weights.of_signal.get(rule.name, 0.0):+.2f} | {rule.title} | {rule.explains} |"
    for title, values in (
        ("Kinds of offer", OfferKind),
        ("Units", Unit),
        ("Refusals", Refusal),
        ("Verdicts", Verdict),
        ("Authorisation", Authorisation),
        ("Lanes, gravest first", Lane),
    ):
        yield ""
        yield f"## {title}"
        yield ""
        yield ", ".join(f"`{value.value}`" for value in values)
