"""The signals on disk, and which of them are worth asking about a listing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from detectors import signals
from detectors.reading.result import Mention
from detectors.signal import SignalRule
from domain.plugins import find_plugins


def signal_rules() -> tuple[SignalRule, ...]:
    """Every signal on disk, in order of its file's name."""
    return tuple(find_plugins(signals, "SIGNAL", SignalRule).values())


@dataclass(frozen=True, slots=True)
class AskedRules:
    """Which rules are asked of a listing: those that name no concept, and those whose concept it mentions."""

    always: tuple[SignalRule, ...]
    of_concept: Mapping[tuple[str, str], tuple[SignalRule, ...]]

    def rules_for(self, first: Mapping[tuple[str, str], Mention]) -> Iterator[SignalRule]:
        """The rules to ask, each once."""
        yield from self.always
        asked: set[str] = set()
        for key in first:
            for rule in self.of_concept.get(key, ()):
                if rule.name not in asked:
                    asked.add(rule.name)
                    yield rule


def asked_rules(rules: Iterable[SignalRule]) -> AskedRules:
    """The rules by what must be mentioned for them to speak."""
    of_concept: dict[tuple[str, str], tuple[SignalRule, ...]] = {}
    always = []
    for rule in rules:
        if not rule.concepts:
            always.append(rule)
        for key in rule.concepts:
            of_concept[key] = (*of_concept.get(key, ()), rule)
    return AskedRules(tuple(always), of_concept)
