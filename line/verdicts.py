"""Human verdicts as a corpus for `undercut eval`; texts whose platform forbids such use are left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from domain.decision import Outcome
from domain.finding import Verdict
from domain.source import Source
from line.assess import plain
from line.decide import review_of
from line.review import Stage
from storage.console_memory import ConsoleMemory

LEFT_OUT_PLATFORMS = ("telegram",)
"""Platforms whose terms forbid that their texts fit a model or serve a benchmark, whoever brought the texts."""

_LABELS = {
    Outcome.CONFIRMED: Verdict.RESALE,
    Outcome.AUTHORISED: Verdict.RESALE,
    Outcome.NOT_A_VIOLATION: Verdict.NOT_RESALE,
}


@dataclass(slots=True)
class ExportCount:
    """How many verdicts were written and why others were not."""

    written: int = 0
    platform: int = 0
    unsettled: int = 0


def export_verdicts(memory: ConsoleMemory, count: ExportCount, sources: Iterable[Source] = ()) -> Iterator[bytes]:
    """One JSON line a settled verdict, in the form of `tests/corpus/README.md`; `count` says what was left out.

    Texts are left out of those of the `sources` whose platform's terms limit programs, and of the same platforms where
    somebody saved their pages. The offers carry no share: a reviewer confirms that something is sold, and no sums.
    """
    limited = [source for source in sources if source.terms_limit_programs]
    names = {source.name for source in limited}
    platforms = {name for source in limited for name in (source.family, source.family.partition("_")[0])}
    for alert_id in memory.reviews.decided_alerts():
        review = review_of(memory, alert_id)
        alert, standing = review.alert, review.standing
        label = _LABELS.get(standing.outcome) if standing.outcome is not None else None
        if standing.stage is not Stage.SETTLED or label is None or standing.last is None:
            count.unsettled += 1
            continue
        own_terms = alert.source in names or alert.platform in platforms
        if own_terms or alert.platform.startswith(LEFT_OUT_PLATFORMS) or "telegram" in alert.source:
            count.platform += 1
            continue
        listing = memory.store.histories.versions(alert.source, alert.external_id)[-1].listing
        row: dict[str, Any] = {
            "id": alert.alert_id,
            "language": alert.finding.language,
            "platform": alert.platform,
            "title": listing.title,
            "text": listing.text,
            "observed_at": listing.observed_at.date().isoformat(),
            "label": label.value,
            "offers": [],
            "reason_code": standing.last.decision.reason_code,
        }
        stated = next((price.amount for price in listing.prices if price.amount is not None and not price.old), None)
        if stated is not None:
            row["price"] = {"amount": plain(stated.amount), "currency": stated.currency}
        headline = alert.finding.headline
        if label is Verdict.RESALE and headline is not None:
            row["offers"] = [{"product": headline.offer.product, "kind": headline.offer.kind.value, "share": None}]
        count.written += 1
        yield orjson.dumps(row) + b"\n"
