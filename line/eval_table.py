"""An evaluation as a table for people and as plain data for programs."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from line.eval import Evaluation, Slice
from line.figures import Figure

HEADLINE = (
    ("precision", "precision"),
    ("recall", "recall"),
    ("f1", "F1"),
    ("lookalikes_flagged", "look-alikes flagged"),
    ("calibration_error", "calibration error"),
    ("shares_right", "shares within 5 percent"),
    ("shares_wrong", "shares wrong"),
    ("shares_refused", "shares refused or not read"),
)
MOST_MISTAKES = 40


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as JSON-ready data; a figure measured on nothing has the value null."""
    data: dict[str, Any] = _plain(asdict(evaluation))
    return data


def _plain(value: Any) -> Any:
    """Without what JSON has no word for: numbers that are none, and keys that are no strings."""
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, dict):
        return {f"{key:g}" if isinstance(key, float) else str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def as_table(evaluation: Evaluation) -> str:
    """Every figure with its 95 percent interval, as text of fixed columns."""
    return "\n".join(_lines(evaluation)) + "\n"


def _lines(evaluation: Evaluation) -> Iterator[str]:
    yield f"{evaluation.texts} passages judged, {evaluation.left_out} left out as unsure"
    yield f"rules {evaluation.rules_version}, rates {evaluation.rates_version}, corpus {evaluation.corpus_sha256[:12]}"
    yield ""
    yield from (_row(title, getattr(evaluation, name)) for name, title in HEADLINE)
    for rate, figure in evaluation.queue_precision.items():
        yield _row(f"queue precision at {rate:.0%} resale", figure)
    if evaluation.twins is not None:
        yield _row("disguised twins, same verdict", evaluation.twins.same_verdict)
        yield _row("disguised twins, same verdict and share", evaluation.twins.same_verdict_and_share)
        yield from _section("twins by disguise", evaluation.twins.by_transformation.items())
    yield ""
    yield f"{'language':<10}{'texts':>7}  {'precision':<24}{'recall':<24}"
    yield from (_slice_row(name, part) for name, part in evaluation.by_language.items())
    yield from _section("recall by kind of offer", evaluation.recall_by_kind.items())
    yield from _section("flagged by look-alike", evaluation.flagged_by_lookalike.items())
    if evaluation.refusals:
        yield ""
        yield "refusals: " + ", ".join(f"{name} {count}" for name, count in evaluation.refusals.items())
    if evaluation.mistakes:
        yield ""
        yield "judged wrongly"
        for mistake in evaluation.mistakes[:MOST_MISTAKES]:
            yield (
                f"  {mistake.text_id:<12}{mistake.what:<22}{mistake.label.value} judged {mistake.verdict.value} "
                f"({mistake.probability:.2f})"
            )
        if len(evaluation.mistakes) > MOST_MISTAKES:
            yield f"  and {len(evaluation.mistakes) - MOST_MISTAKES} more (see --json)"


def _section(title: str, rows: Iterable[tuple[str, Figure]]) -> Iterator[str]:
    yield ""
    yield title
    yield from (_row(f"  {name}", figure) for name, figure in rows)


def _row(title: str, figure: Figure) -> str:
    return f"{title:<44}{_told(figure):<24}n={figure.of}"


def _slice_row(name: str, part: Slice) -> str:
    return f"{name:<10}{part.texts:>7}  {_told(part.precision):<24}{_told(part.recall):<24}"


def _told(figure: Figure) -> str:
    if math.isnan(figure.value):
        return "-"
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"
