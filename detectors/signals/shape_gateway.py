"""Several makers' models from one hand, with what a seller says of it: no hurdles, credit, a lower price."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

SEVERAL = 2
CLOSED = frozenset({"claude", "gpt", "gemini", "grok", "copilot", "cursor", "midjourney", "perplexity"})
SAID = tuple(
    ("sale_phrase", concept) for concept in ("no_obstacles", "cheaper", "top_up", "relay_service", "invite_bonus")
)


def _find(context: SignalContext) -> Iterator[Observation]:
    makers = {concept.partition("-")[0] for category, concept in context.first if category in ("product", "plan")}
    if len(makers & CLOSED) >= SEVERAL:
        said = [key for key in SAID if key in context.first]
        if said:
            mention = context.first[said[0]]
            yield Observation(
                f"{len(makers)} makers' models from one hand", mention.span, 1.0 if len(said) < SEVERAL else 1.5
            )


SIGNAL = SignalRule(
    "shape.gateway",
    "Several makers from one hand",
    "Who offers the models of several makers at once, cheaper or without their hurdles, passes them on.",
    _find,
)
