"""Score the detector on labelled passages: what it flags, what it misses, what its numbers are worth."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from detectors.assess import Detector
from domain.finding import Finding, Verdict
from line.disguise import disguised_twins
from line.figures import (
    Figure,
    ShareCount,
    calibration_error,
    count_shares,
    f1,
    queue_precision,
    resampled,
    wilson,
)
from line.labelled import Corpus, LabelledText
from rates.book import RateBook

BASE_RATES = (0.01, 0.05, 0.20)
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Judged:
    """A passage with what the detector found. A verdict `unsure` counts as not flagged."""

    labelled: LabelledText
    finding: Finding

    @property
    def flagged(self) -> bool:
        """Would an analyst see it by default?"""
        return self.finding.verdict is Verdict.RESALE

    @property
    def resale(self) -> bool:
        """Is it resale, by its label?"""
        return self.labelled.label is Verdict.RESALE


@dataclass(frozen=True, slots=True)
class Slice:
    """Precision and recall of one language or kind of offer."""

    texts: int
    precision: Figure
    recall: Figure


@dataclass(frozen=True, slots=True)
class Twins:
    """Of the disguised twins: how many were judged as their plain text, and that with the same shares."""

    same_verdict: Figure
    same_verdict_and_share: Figure
    by_transformation: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A passage that was judged wrongly, to be looked at."""

    text_id: str
    label: Verdict
    verdict: Verdict
    probability: float
    what: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that is measured. `left_out` counts passages whose label is unsure."""

    corpus_sha256: str
    rules_version: str
    rates_version: str
    texts: int
    left_out: int
    precision: Figure
    recall: Figure
    f1: Figure
    lookalikes_flagged: Figure
    calibration_error: Figure
    shares_right: Figure
    shares_wrong: Figure
    shares_refused: Figure
    queue_precision: Mapping[float, Figure]
    by_language: Mapping[str, Slice]
    recall_by_kind: Mapping[str, Figure]
    flagged_by_lookalike: Mapping[str, Figure]
    refusals: Mapping[str, int]
    twins: Twins | None
    mistakes: tuple[Mistake, ...]


def evaluate(corpus: Corpus, detector: Detector, rates: RateBook, *, with_twins: bool = True) -> Evaluation:
    """Judge every passage that has a label, and (unless told otherwise) every disguised twin of it."""
    judged = [
        Judged(labelled, detector.assess(labelled.listing, rates))
        for labelled in corpus.texts
        if labelled.label is not Verdict.UNSURE
    ]
    resale = [one for one in judged if one.resale]
    harmless = [one for one in judged if not one.resale]
    recall = _proportion(resale, _is_flagged)
    false_alarms = _proportion(harmless, _is_flagged)
    shares = _shares(judged)
    return Evaluation(
        corpus_sha256=corpus.sha256,
        rules_version=detector.rules_version,
        rates_version=rates.version,
        texts=len(judged),
        left_out=len(corpus.texts) - len(judged),
        precision=_precision(judged),
        recall=recall,
        f1=resampled([(one.flagged, one.resale) for one in judged], f1),
        lookalikes_flagged=false_alarms,
        calibration_error=resampled([(one.finding.probability, one.resale) for one in judged], calibration_error),
        **shares,
        queue_precision={rate: queue_precision(recall, false_alarms, rate) for rate in BASE_RATES},
        by_language=_by(judged, lambda one: one.labelled.language, _slice),
        recall_by_kind=_by(resale, lambda one: one.labelled.kind or "unknown", _flagged_part),
        flagged_by_lookalike=_by(harmless, lambda one: one.labelled.lookalike or "unnamed", _flagged_part),
        refusals=_refusals(judged),
        twins=_twins(judged, detector, rates) if with_twins else None,
        mistakes=tuple(_mistakes(judged)),
    )


def _is_flagged(one: Judged) -> bool:
    return one.flagged


def _proportion(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> Figure:
    return wilson(sum(holds(one) for one in judged), len(judged))


def _flagged_part(judged: Sequence[Judged]) -> Figure:
    return _proportion(judged, _is_flagged)


def _precision(judged: Sequence[Judged]) -> Figure:
    return _proportion([one for one in judged if one.flagged], lambda one: one.resale)


def _slice(judged: Sequence[Judged]) -> Slice:
    return Slice(len(judged), _precision(judged), _flagged_part([one for one in judged if one.resale]))


def _by(
    judged: Iterable[Judged], key: Callable[[Judged], str], measure: Callable[[Sequence[Judged]], Part]
) -> dict[str, Part]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(key(one), []).append(one)
    return {name: measure(groups[name]) for name in sorted(groups, key=lambda name: (-len(groups[name]), name))}


def computed_shares(finding: Finding) -> tuple[tuple[str | None, Decimal], ...]:
    """Product and best share of every offer whose share was confirmed."""
    return tuple(
        (priced.offer.product, priced.comparison.share.best)
        for priced in finding.offers
        if priced.comparison.share is not None
    )


def _shares(judged: Iterable[Judged]) -> dict[str, Figure]:
    counts = [count_shares(one.labelled.shares, computed_shares(one.finding)) for one in judged if one.labelled.shares]
    total = ShareCount(*(sum(getattr(count, name) for count in counts) for name in ("right", "wrong", "refused")))
    of = total.right + total.wrong + total.refused
    return {
        "shares_right": wilson(total.right, of),
        "shares_wrong": wilson(total.wrong, of),
        "shares_refused": wilson(total.refused, of),
    }


def _refusals(judged: Iterable[Judged]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in judged:
        for priced in one.finding.offers:
            if priced.comparison.refusal is not None:
                counts[priced.comparison.refusal] = counts.get(priced.comparison.refusal, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _twins(judged: Iterable[Judged], detector: Detector, rates: RateBook) -> Twins:
    verdicts: dict[str, list[bool]] = {}
    shares: list[bool] = []
    for one in judged:
        listing = one.labelled.listing
        plain = sorted(share for _, share in computed_shares(one.finding))
        for name, text in disguised_twins(listing.text, listing.external_id):
            twin = detector.assess(replace(listing, text=text), rates)
            same = twin.verdict is one.finding.verdict
            verdicts.setdefault(name, []).append(same)
            shares.append(same and sorted(share for _, share in computed_shares(twin)) == plain)
    every = [same for of_one in verdicts.values() for same in of_one]
    return Twins(
        wilson(sum(every), len(every)),
        wilson(sum(shares), len(shares)),
        {name: wilson(sum(same), len(same)) for name, same in verdicts.items()},
    )


def _mistakes(judged: Iterable[Judged]) -> Iterator[Mistake]:
    for one in judged:
        if one.flagged != one.resale:
            finding = one.finding
            what = one.labelled.kind or one.labelled.lookalike or ""
            yield Mistake(finding.external_id, one.labelled.label, finding.verdict, finding.probability, what)
