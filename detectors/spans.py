"""From places in a masked text back to places in the text that was handed in."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from domain.finding import Finding
from domain.listing import Listing
from domain.offer import Span, TextSpan
from domain.secrets import FoundSecret, find_secrets


def restore_spans(finding: Finding, original: Listing) -> Finding:
    """The finding with every span as code points of the original; a place inside a mask becomes the whole secret."""
    masks = {"title": masks_of(original.title), "text": masks_of(original.text)}

    def restored(span: Span) -> Span:
        if not isinstance(span, TextSpan):
            return span
        of_field = masks.get(span.field, ())
        start = original_place(span.start, of_field, at_end=False)
        return TextSpan(span.field, start, max(start, original_place(span.end, of_field, at_end=True)))

    return replace(
        finding,
        offers=tuple(replace(one, offer=replace(one.offer, span=restored(one.offer.span))) for one in finding.offers),
        signals=tuple(replace(one, span=restored(one.span)) if one.span else one for one in finding.signals),
        contacts=tuple(replace(one, span=restored(one.span)) for one in finding.contacts),
    )


class Mask(NamedTuple):
    """Where a mask stands in the masked text, where its secret stood, and how much longer the original is after it."""

    start: int
    end: int
    secret: FoundSecret
    longer: int


def masks_of(text: str) -> Sequence[Mask]:
    """The masks that stand in the text once its secrets are masked, in order."""
    masks, longer = [], 0
    for secret in find_secrets(text):
        start, length = secret.start - longer, len(secret.masked)
        longer += secret.end - secret.start - length
        masks.append(Mask(start, start + length, secret, longer))
    return masks


def original_place(place: int, masks: Sequence[Mask], *, at_end: bool) -> int:
    """The place in the original; inside a mask the beginning of its secret, or with `at_end` the end of it."""
    index = bisect_left(masks, place, key=_start) - 1
    if index < 0:
        return place
    mask = masks[index]
    if place < mask.end or (at_end and place == mask.end):
        return mask.secret.end if at_end else mask.secret.start
    return place + mask.longer


def _start(mask: Mask) -> int:
    return mask.start
