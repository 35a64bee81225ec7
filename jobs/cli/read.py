"""`undercut read`: a saved page in, its listings and offers out; no database, no network."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import print_json, print_table


def read(
    files: Annotated[list[Path], typer.Argument(help="saved pages or answers")],
    family: Annotated[str | None, typer.Option(help="site software; recognised without it")] = None,
    url: Annotated[str | None, typer.Option(help="address the page was saved from")] = None,
    status: Annotated[int, typer.Option(help="HTTP status it came with")] = 200,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day it was seen; today without")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line per listing")] = False,
) -> None:
    """Read saved pages and price what they offer."""
    from crawlers.reading_pool import ReadingPool
    from detectors.assess import load_detector
    from line.read import read_and_assess
    from line.saved_pages import HowSaved
    from rates.book import load_rate_book

    how = HowSaved(on.replace(tzinfo=UTC) if on else utc_now(), family, url, status)
    with ReadingPool(preload=(family,) if family else ()) as pool:
        lines = read_and_assess(tuple(files), how, pool.read_now, load_detector(), load_rate_book())
        if as_json:
            for line in lines:
                print_json(line)
            return
        print_table(
            ("file", "state", "listing", "offer", "price", "share"), (row for line in lines for row in _rows(line))
        )


def _rows(line: dict[str, object]) -> list[tuple[str, ...]]:
    place = (Path(str(line["file"])).name, str(line["state"]), str(line.get("external_id") or line.get("reason") or ""))
    offers = line.get("offers")
    if not isinstance(offers, list) or not offers:
        return [(*place, "", "", "")]
    return [(*place, *_offer_cells(offer)) for offer in offers]


def _offer_cells(offer: dict[str, object]) -> tuple[str, str, str]:
    conditions = offer["conditions"]
    told = " ".join(str(value) for value in conditions.values()) if isinstance(conditions, dict) else ""
    price = offer["price"]
    money = f"{price['amount']} {price['currency']} {offer['unit']}" if isinstance(price, dict) else ""
    share = offer["share_of_official"]
    figure = f"{share['best']:.3f}" if isinstance(share, dict) else str(offer["refusal"])
    return f"{offer['product'] or offer['stated_product']} {told}".strip(), money, figure
