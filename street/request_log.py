"""What each site was asked, how often, and how close together: so that manners can be counted, not believed."""

from collections import Counter
from dataclasses import dataclass, field

MOST_PATHS = 20_000


@dataclass(slots=True)
class RequestLog:
    """The requests that one site received. `shortest_gap_seconds` is None until a second one came."""

    requests: int = 0
    open_at_once: int = 0
    most_open_at_once: int = 0
    shortest_gap_seconds: float | None = None
    paths: Counter[str] = field(default_factory=Counter)
    user_agents: Counter[str] = field(default_factory=Counter)
    _last: float | None = None

    def note(self, target: str, user_agent: str, moment: float) -> None:
        """Count a request that arrived at `moment`, in seconds of one steady clock."""
        self.requests += 1
        if self._last is not None:
            gap = moment - self._last
            self.shortest_gap_seconds = (
                gap if self.shortest_gap_seconds is None else min(gap, self.shortest_gap_seconds)
            )
        self._last = moment
        # Bounded: a benchmark asks for any number of pages, and the log must not grow with them.
        if target in self.paths or len(self.paths) < MOST_PATHS:
            self.paths[target] += 1
            self.user_agents[user_agent] += 1

    def began(self) -> None:
        """A response is being sent."""
        self.open_at_once += 1
        self.most_open_at_once = max(self.most_open_at_once, self.open_at_once)

    def ended(self) -> None:
        """A response was sent, or its connection went away."""
        self.open_at_once -= 1

    def as_json(self) -> dict[str, object]:
        """The counts for the directory's `/requests.json`."""
        return {
            "requests": self.requests,
            "most_open_at_once": self.most_open_at_once,
            "shortest_gap_seconds": self.shortest_gap_seconds,
            "paths": dict(self.paths),
            "user_agents": dict(self.user_agents),
        }
