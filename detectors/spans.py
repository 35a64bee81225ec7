"""From places in a masked text back to places in the text that was handed in."""

from collections.abc import Sequence
from dataclasses import replace

from domain.finding import Finding
from domain.listing import Listing
from domain.offer import Span, TextSpan
from domain.secrets import FoundSecret, find_secrets


def restore_spans(finding: Finding, original: Listing) -> Finding:
    """The finding with every span as code points of the original; a place inside a mask becomes the whole secret."""
    secrets = {"title": find_secrets(original.title), "text": find_secrets(original.text)}

    def restored(span: Span) -> Span:
        if not isinstance(span, TextSpan):
            return span
        of_field = secrets.get(span.field, ())
        start = _original_place(span.start, of_field, at_end=False)
        return TextSpan(span.field, start, max(start, _original_place(span.end, of_field, at_end=True)))

    return replace(
        finding,
        offers=tuple(replace(one, offer=replace(one.offer, span=restored(one.offer.span))) for one in finding.offers),
        signals=tuple(replace(one, span=restored(one.span)) if one.span else one for one in finding.signals),
        contacts=tuple(replace(one, span=restored(one.span)) for one in finding.contacts),
    )


def _original_place(place: int, secrets: Sequence[FoundSecret], *, at_end: bool) -> int:
    longer = 0
    for secret in secrets:
        mask_start = secret.start - longer
        mask_end = mask_start + len(secret.masked)
        if place <= mask_start:
            break
        if place < mask_end or (at_end and place == mask_end):
            return secret.end if at_end else secret.start
        longer += secret.end - secret.start - len(secret.masked)
    return place + longer
