"""By what alerts are ranked: lane, then official value exposed (unknown last), then confidence; never by discount."""

from decimal import Decimal
from typing import Any, Final

from domain.finding import Finding
from storage.types import MOST_NANO, to_nano_range

UNKNOWN_EXPOSURE_ORDER: Final = MOST_NANO
UNKNOWN_SHARE_ORDER: Final = MOST_NANO
MOST_LANGUAGE: Final = 40


def product_of(finding: Finding) -> str | None:
    """The product that the finding's headline offer sells, None where it could not be told."""
    headline = finding.headline
    return None if headline is None else headline.offer.product


def exposure_high_usd(finding: Finding) -> Decimal | None:
    """The high end of the official value on offer, in the range that a ranking column holds; None for unknown."""
    return None if finding.exposure is None else to_nano_range(finding.exposure.high.amount)


def share_order(share: Decimal) -> int:
    """A share in billionths, in the range that a column holds."""
    return int(to_nano_range(share).scaleb(9))


def ranking_columns(finding: Finding, lowest_share: Decimal | None, product: str | None) -> dict[str, Any]:
    """The columns of an alert that follow from its newest finding; the `..._order` ones rise where the rank falls."""
    exposure = exposure_high_usd(finding)
    return {
        "lane": finding.lane.value,
        "lane_rank": finding.lane.rank,
        "exposure_high_usd": exposure,
        "exposure_order": UNKNOWN_EXPOSURE_ORDER if exposure is None else -int(exposure.scaleb(9)),
        "probability": finding.probability,
        "probability_order": -finding.probability,
        "headline_share": lowest_share,
        "share_order": UNKNOWN_SHARE_ORDER if lowest_share is None else share_order(lowest_share),
        "language": finding.language[:MOST_LANGUAGE],
        "product": product,
    }
