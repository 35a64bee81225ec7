"""`undercut rejudge`: what the memory holds, read, priced and judged by today's parsers, prices and rules."""

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from domain.hostile_text import one_line
from jobs.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from line.rejudge import Difference

SHOWN = 50


def rejudge(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="only what was last seen on or after this day")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="write what differs; without it nothing is written")] = False,
    stored_only: Annotated[
        bool, typer.Option("--stored-only", help="judge the stored listings and read no page again")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="processes that judge; the cores without")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="one JSON line a difference, then one with the counts")
    ] = False,
) -> None:
    """Judge everything again and say which alerts appear, disappear and change; a dry run unless --apply is given."""
    import os

    from crawlers.reading_pool import ReadingPool
    from jobs.installation import open_installation
    from line.rejudge import Rules, Scope
    from line.rejudge import rejudge as judge_again

    shown: list[Difference] = []

    def on_difference(one: "Difference") -> None:
        if as_json:
            print_json(_fields(one))
        elif len(shown) < SHOWN:
            shown.append(one)

    with open_installation() as installation, ReadingPool() as pool:
        rules = Rules(installation.detector, installation.rates, installation.policy, installation.routing)
        families = {name: source.family for name, source in installation.sources.items()}
        scope = Scope(
            since.replace(tzinfo=UTC) if since else None,
            families,
            None if stored_only else pool.read_now,
            workers or len(os.sched_getaffinity(0)),
        )
        counts = judge_again(installation.store, rules, scope, apply=apply, on_difference=on_difference)
    if as_json:
        print_json({"counts": dict(sorted(counts.items())), "applied": apply})
        return
    print_table(("alert", "what", "why", "share", "lane", "listing"), [_cells(one) for one in shown])
    told = counts["appear"] + counts["disappear"] + counts["change"]
    if told > len(shown):
        say(f"{told - len(shown)} further differences; --json prints all")
    _sum_up(counts, apply=apply)


def _sum_up(counts: Counter[str], *, apply: bool) -> None:
    say(
        f"{counts['listings']} listings: {counts['read_again']} read again from their pages, "
        f"{counts['from_stored']} judged as they are stored "
        f"({counts['not_found_again']} not found on their page again); "
        f"{counts['same']} conclusions are the same, {counts['other']} are other ones"
    )
    say(f"alerts: {counts['appear']} appear, {counts['disappear']} disappear, {counts['change']} change")
    if apply:
        say(f"{counts['written']} findings written, {counts['moved_on']} left to a crawl that came between")
    else:
        say("nothing was written; --apply writes it")


def _fields(one: "Difference") -> dict[str, object]:
    return {
        "what": one.what,
        "why": one.why.value,
        "alert": one.alert_id,
        "source": one.listing.source,
        "external_id": one.listing.external_id,
        "url": one.listing.url,
        "share": [None if share is None else str(share) for share in (one.share_before, one.share_after)],
        "lane": [one.lane_before, one.lane_after],
    }


def _cells(one: "Difference") -> tuple[str, ...]:
    before, after = (f"{share:.3f}" if share is not None else "none" for share in (one.share_before, one.share_after))
    return (
        (one.alert_id or "new")[:10],
        one.what,
        one.why.value,
        after if before == after else f"{before} to {after}",
        one.lane_after if one.lane_before in {"", one.lane_after} else f"{one.lane_before} to {one.lane_after}",
        one_line(f"{one.listing.source} {one.listing.external_id}", 60),
    )
