"""What a figure is: a name, a goal, and a measurement that can be taken again on any machine."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured: the value, and what it was measured against in the same run (empty where nothing is)."""

    value: float
    reference: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure to hold.

    `goal` is met when the value is at least (or, with `at_least` false, at most) the goal. `measure` takes `quick`
    (answer within 40 seconds) and the seed.
    """

    name: str
    title: str
    goal: float
    unit: str
    measure: Callable[[bool, int], Measurement]
    at_least: bool = True

    def holds(self, value: float) -> bool:
        """Is the goal met by this value?"""
        compare = operator.ge if self.at_least else operator.le
        return bool(compare(value, self.goal))
