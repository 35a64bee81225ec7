"""A base URL that is a bare address: no name, no certificate, gone tomorrow."""

from collections.abc import Iterator

from detectors.indicators import bare_ip_addresses
from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    for address in bare_ip_addresses(context.read.listing.text):
        yield Observation("A base URL that is a bare address", address)
        return


SIGNAL = SignalRule(
    "transport.bare_ip_base_url",
    "Base URL that is a bare address",
    "A model's provider is never reached by a number; a relay on somebody's rented machine is.",
    _find,
)
