"""One crawl through the whole line, as a worker's child runs it, timed from its first page to its last.

`python -m benchmarks.line_crawl CONFIG SOURCE`: prints how many pages and listings, and the seconds between.
"""

import json
import sys
import time

from jobs.crawl_process import crawl_in_child
from jobs.events import CrashEvent, PageEvent, read_event


def main(arguments: list[str]) -> int:
    """0 when the crawl came to its end."""
    times: list[float] = []
    listings = 0

    def tell(message: bytes) -> None:
        nonlocal listings
        event = read_event(message)
        if isinstance(event, PageEvent):
            times.append(time.perf_counter())
            listings += event.listings
        elif isinstance(event, CrashEvent):
            sys.stderr.write(event.message + "\n")

    status = crawl_in_child(tell, arguments[0], arguments[1])
    seconds = times[-1] - times[0] if times else 0.0
    print(json.dumps({"pages": len(times), "listings": listings, "seconds": seconds}))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
