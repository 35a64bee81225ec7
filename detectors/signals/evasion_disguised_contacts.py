"""A contact written so that a filter misses it."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    for contact in context.read.contacts:
        if context.read.is_disguised(contact.span):
            yield Observation(f"A contact ({contact.kind}) is written to be missed", contact.span)
            return


SIGNAL = SignalRule(
    "evasion.disguised_contacts",
    "Disguised contacts",
    "Contacts are hidden where a platform forbids to lead buyers away from it.",
    _find,
)
