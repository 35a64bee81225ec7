"""The states that a place can be in, and how many of them the golden cases and the saved refusals bring out rightly."""

from benchmarks.figure import Figure, Measurement
from benchmarks.places import golden_pages, refusal_pages
from crawlers.registry import families
from crawlers.soft_blocks import Expected, find_refusal
from domain.reading import ReadingState


def measure(quick: bool, seed: int) -> Measurement:
    """Distinct states that some page is read as, which is the state that was typed for it."""
    right: set[str] = set()
    wrong = 0
    for case in golden_pages():
        state = families()[case.family].read(case.page).state.value
        if state == case.state:
            right.add(state)
        else:
            wrong += 1
    refusals = refusals_right = 0
    for family, state, page in refusal_pages():
        refusals += 1
        read = families()[family].read(page) if family else find_refusal(page, Expected("json"))
        refusals_right += read is not None and read.state.value == state
    reference = {
        "of_states": float(len(ReadingState)),
        "pages_misread": float(wrong),
        "saved_refusals": float(refusals),
        "saved_refusals_right": float(refusals_right),
    }
    return Measurement(float(len(right)) if refusals == refusals_right else 0.0, reference)


FIGURE = Figure("states", "states of a place that are told rightly", goal=8.0, unit="states", measure=measure)
