"""What the whole line costs beside a plain spider that fetches the same pages and only writes their fields."""

import json

from benchmarks.figure import Figure, Measurement
from benchmarks.load_street import SOURCE, open_load_street, run_module

QUICK_PAGES = 80
FULL_PAGES = 400


def measure(quick: bool, seed: int) -> Measurement:
    """The line's pages a second as a part of the plain spider's, both over the same pages in the same run."""
    with open_load_street(QUICK_PAGES if quick else FULL_PAGES, seed) as street:
        addresses = street.folder / "addresses.json"
        addresses.write_text(json.dumps(street.addresses), encoding="utf-8")
        # Once beforehand, so that neither is the one that warms the street's pages up.
        run_module("benchmarks.plain_spider", str(addresses), str(street.folder / "warm.jsonl"))
        plain = run_module("benchmarks.plain_spider", str(addresses), str(street.folder / "plain.jsonl"))
        line = run_module("benchmarks.line_crawl", str(street.config_file), SOURCE)
    plain_rate = (plain["pages"] - 1) / plain["seconds"]
    line_rate = (line["pages"] - 1) / line["seconds"]
    return Measurement(
        line_rate / plain_rate,
        {
            "plain_pages_per_second": round(plain_rate, 1),
            "line_pages_per_second": round(line_rate, 1),
            "line_listings_per_second": round(line["listings"] / line["seconds"]),
            "pages": line["pages"],
        },
    )


FIGURE = Figure(
    name="line_overhead",
    title="the whole line beside a plain Scrapy spider, pages a second",
    goal=0.25,
    unit="of the plain spider",
    measure=measure,
)
