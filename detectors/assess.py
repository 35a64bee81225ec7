"""Judge one listing: mask, read, price, gather signals, score. A pure function of what is handed in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from detectors.asked import AskedRules, asked_rules, signal_rules
from detectors.authorisation import Overlay, authorise
from detectors.exposure import exposure_of
from detectors.indicators import hosts_of, indicators_of
from detectors.lane import lane_of
from detectors.pricing import price_offers
from detectors.reading import read_listing
from detectors.reading.lexicon import Lexicon, load_lexicon
from detectors.rules_version import rules_version_of
from detectors.score import Weights, load_weights
from detectors.shape import shape_of
from detectors.signal import SignalContext, SignalRule
from detectors.spans import restore_spans
from detectors.wording import Wording, load_wording
from domain.finding import Finding, History, Signal, Verdict
from domain.listing import Listing
from domain.masking import mask_listing
from rates.book import RateBook, load_rate_book

NO_HISTORY = History()
LEAST_PROOF = 0.1
"""What a signal must weigh here to be more than a weak word."""

SHORT_OF_IT = 0.01
WEAK_GROUPS = frozenset({"benign", "data", "deception", "evasion", "text", "trade", "transport"})
WEAK_SIGNALS = frozenset({
    "shape.kind_words", "shape.trade_words", "shape.listing_title", "shape.seller_contact", "sale.order_hook",
    "sale.no_obstacles",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Detector:
    """Everything that judges, immutable: the same listing, rates and history give the same finding, bit for bit.

    `rules_version` changes whenever an output can: with a word, a weight, the operator's overlay or the code.
    """

    lexicon: Lexicon
    wording: Wording
    weights: Weights
    rules: tuple[SignalRule, ...]
    overlay: Overlay
    rules_version: str
    asked: AskedRules = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "asked", asked_rules(self.rules))

    def assess(self, listing: Listing, rates: RateBook, history: History = NO_HISTORY) -> Finding:
        """The finding about one version of a listing.

        Secrets are masked before anything is derived. Spans are code points of the listing as it was handed in.
        """
        masked = mask_listing(listing)
        kept = masked.listing
        on = pricing_day(kept)
        read = read_listing(kept, self.lexicon)
        priced = price_offers(read, rates, on)
        hosts = hosts_of(kept)
        authorisation = authorise(kept, priced, read.contacts, hosts, rates, self.overlay)
        first = self.wording.first_mentions(read)
        shape = shape_of(read, priced, first, rates)
        context = SignalContext(read, priced, rates, history, authorisation, shape, first)
        found = tuple(self._signals(context))
        probability = self.weights.probability(signal.weight for signal in found)
        if not any(signal.weight >= LEAST_PROOF and proves_something(signal.name) for signal in found):
            probability = min(probability, self.weights.resale_from - SHORT_OF_IT)
        verdict = self.weights.verdict(probability)
        said = frozenset(signal.name for signal in found)
        finding = Finding(
            source=kept.source,
            external_id=kept.external_id,
            listing_version=kept.content_hash,
            language=read.language,
            offers=priced,
            signals=found,
            contacts=read.contacts,
            indicators=indicators_of(read, masked.secrets, hosts, read.contacts),
            probability=probability,
            verdict=verdict,
            authorisation=authorisation,
            lane=lane_of(priced, said, resale=verdict is not Verdict.NOT_RESALE),
            exposure=exposure_of(priced, kept.reach, rates, on),
            history=history,
            rules_version=self.rules_version,
            rates_version=rates.version,
            overlay_version=self.overlay.version,
        )
        return restore_spans(finding, listing) if masked.secrets else finding

    def _signals(self, context: SignalContext) -> Iterator[Signal]:
        """What the rules say, weightiest first; of each rule the first observation counts."""
        said = []
        weights = self.weights.of_signal
        for rule in self.asked.rules_for(context.first):
            for observation in rule.find(context):
                weight = weights.get(rule.name, 0.0) * observation.strength
                said.append(Signal(rule.name, weight, observation.reason, observation.span))
                break
        return iter(sorted(said, key=_weightiest))


def proves_something(name: str) -> bool:
    """Can this signal carry an alert? How one pays, is reached, hides, boasts or merely speaks of the trade cannot."""
    return name.partition(".")[0] not in WEAK_GROUPS and name not in WEAK_SIGNALS


def _weightiest(signal: Signal) -> tuple[float, str]:
    return (-abs(signal.weight), signal.name)


def pricing_day(listing: Listing) -> date:
    """The day whose official rates apply: the day it was observed, or posted where it is a one-time message."""
    if listing.one_time and listing.posted_at is not None:
        return listing.posted_at.date()
    return listing.observed_at.date()


def load_detector(overlay: Overlay | None = None, rates: RateBook | None = None) -> Detector:
    """The shipped detector with the operator's overlay on top; `rates` gives the names of products (shipped: all).

    Raises LexiconError, WeightsError or PluginError where the shipped data or the overlay cannot be read.
    """
    overlay = overlay or Overlay()
    lexicon = load_lexicon(rates or load_rate_book(), overlay.words)
    wording = load_wording(overlay.words)
    return Detector(
        lexicon=lexicon,
        wording=wording,
        weights=load_weights(),
        rules=signal_rules(),
        overlay=overlay,
        rules_version=rules_version_of(f"{lexicon.digest}/{wording.digest}", overlay),
    )
