"""Primary rate limits per kind of request, with the headers that announce them."""

import time
from dataclasses import dataclass, field

from street.messages import Response, as_json

# kind: (requests, seconds of the window); the numbers of a client that has shown a token.
BUCKETS = {"core": (5000, 3600), "search": (30, 60), "code_search": (10, 60)}


@dataclass(slots=True)
class _Window:
    used: int
    ends_at: float


@dataclass(slots=True)
class Limits:
    """How much of each kind was spent in its running window."""

    windows: dict[str, _Window] = field(default_factory=dict)

    def spend(self, bucket: str) -> None:
        """Count one answered request."""
        self._window(bucket).used += 1

    def refuse(self, bucket: str) -> Response | None:
        """The refusal of a client that has spent its window, None for one that has not."""
        window = self._window(bucket)
        return self.spent(bucket, window.ends_at) if window.used >= BUCKETS[bucket][0] else None

    def headers(self, bucket: str) -> dict[str, str]:
        """What every answer says about the limit."""
        window, most = self._window(bucket), BUCKETS[bucket][0]
        return _headers(bucket, window.used, most, window.ends_at)

    def overview(self) -> dict[str, object]:
        """The answer of `/rate_limit`."""
        resources = {}
        for bucket, (most, _) in BUCKETS.items():
            window = self._window(bucket)
            left = most - window.used
            resources[bucket] = {"limit": most, "used": window.used, "remaining": left, "reset": int(window.ends_at)}
        return {"resources": resources, "rate": resources["core"]}

    @staticmethod
    def spent(bucket: str, ends_at: float | None = None) -> Response:
        """The refusal itself, until `ends_at` (seconds since the epoch) or for a minute."""
        most = BUCKETS[bucket][0]
        body = {
            "message": "API rate limit exceeded for 192.0.2.1.",
            "documentation_url": "https://docs.example.test/rest",
        }
        return as_json(body, 403).with_headers(_headers(bucket, most, most, ends_at or time.time() + 60))

    def _window(self, bucket: str) -> _Window:
        window = self.windows.get(bucket)
        if window is None or window.ends_at <= time.time():
            window = self.windows[bucket] = _Window(0, time.time() + BUCKETS[bucket][1])
        return window


def _headers(bucket: str, used: int, most: int, ends_at: float) -> dict[str, str]:
    return {
        "Server": "github.com",
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(max(0, most - used)),
        "X-RateLimit-Used": str(used),
        "X-RateLimit-Reset": str(int(ends_at)),
        "X-RateLimit-Resource": bucket,
    }
