"""Which names stand in a text."""

from detectors.signal import SignalContext

_NAMING = frozenset({"product"})


def names_product(context: SignalContext) -> bool:
    """Is a model, plan or maker of models named?"""
    return any(category in _NAMING for category, _ in context.first)
