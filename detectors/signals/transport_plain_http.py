"""A base URL without encryption: everything that passes can be read and changed on the way."""

from collections.abc import Iterator

from detectors.indicators import plain_http_addresses
from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    for address in plain_http_addresses(context.read.listing.text):
        yield Observation("A base URL without encryption", address)
        return


SIGNAL = SignalRule(
    "transport.plain_http_base_url",
    "Base URL without encryption",
    "Keys, prompts and answers travel in the clear.",
    _find,
)
