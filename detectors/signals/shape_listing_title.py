"""The text is what stands on a shelf: short, no sentence, a plan or model and a kind of offer."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._form import form_of
from detectors.signals._names import names_product

LONGEST = 90
_WAYS = frozenset({"kind", "delivery"})
_SALE = frozenset({
    "instant_delivery", "credentials_delivered", "warranty", "own_account", "shared_place", "ready_account", "top_up",
})  # fmt: skip


def _find(context: SignalContext) -> Iterator[Observation]:
    listing = context.read.listing
    if len(listing.title) + len(listing.text) > 2 * LONGEST or not names_product(context):
        return
    form = form_of(context.read.folded_text)
    if form.characters > LONGEST or form.questions or form.sentences > 1 or form.code_marks > 1:
        return
    sells = any(key[0] in _WAYS or (key[0] == "sale" and key[1] in _SALE) for key in context.first)
    if sells and not any(key[0] == "phrase" and not key[1].startswith("hint ") for key in context.first):
        yield Observation("Short as the title of a shop's item")


SIGNAL = SignalRule(
    "shape.listing_title",
    "The title of an item",
    "Items of card shops are a line: what plan, in what form, with what warranty.",
    _find,
)
