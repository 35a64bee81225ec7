"""`undercut search` and `undercut history`: find listings in any script, and follow one over time."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from domain.hostile_text import clean_text, defang, one_line
from jobs.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from line.find import ListingHistory
    from storage.search.finder import SearchHit

Several = list[str] | None
Day = datetime | None


def search(
    words: Annotated[list[str] | None, typer.Argument(help='words in any script; "a phrase"; begin* of a word')] = None,
    platform: Annotated[Several, typer.Option(help="several allowed")] = None,
    source: Annotated[Several, typer.Option(help="several allowed")] = None,
    product: Annotated[Several, typer.Option(help="several allowed")] = None,
    signal: Annotated[Several, typer.Option(help="several allowed")] = None,
    lane: Annotated[Several, typer.Option(help="several allowed")] = None,
    verdict: Annotated[Several, typer.Option(help="resale, not_resale, unsure")] = None,
    language: Annotated[Several, typer.Option(help="several allowed")] = None,
    share: Annotated[str | None, typer.Option(help="lowest confirmed share at most, as 0.3")] = None,
    since: Annotated[Day, typer.Option(formats=["%Y-%m-%d"], help="first seen on or after")] = None,
    until: Annotated[Day, typer.Option(formats=["%Y-%m-%d"], help="first seen before")] = None,
    gone: Annotated[bool | None, typer.Option("--gone/--there", help="gone now, or not; both without")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a listing")] = False,
) -> None:
    """Find listings: newest first, those with every word in the title before the others."""
    from jobs.installation import open_installation
    from line.find import find_listings, hit_object, search_of

    named = {"platform": platform, "source": source, "product": product, "signal": signal, "lane": lane,
             "verdict": verdict, "language": language}  # fmt: skip
    wanted = search_of(
        " ".join(words or ()),
        {name: tuple(values) for name, values in named.items() if values},
        share_at_most=_decimal(share),
        since=since.replace(tzinfo=UTC) if since else None,
        until=until.replace(tzinfo=UTC) if until else None,
        gone=gone,
    )
    with open_installation() as installation:
        page = find_listings(installation.store, wanted, limit=limit)
    if as_json:
        for hit in page.hits:
            print_json(hit_object(hit))
        return
    print_table(("alert", "seen", "lane", "share", "title", "where"), [_cells(hit) for hit in page.hits])
    more = "; there are older ones, narrow the search to see them" if page.more else ""
    say(f"{len(page.hits)} of {page.found} listings{more}")


def history(
    name: Annotated[str, typer.Argument(help="an alert's id or its start, or 'SOURCE EXTERNAL_ID'")],
    as_json: Annotated[bool, typer.Option("--json", help="as one JSON line")] = False,
) -> None:
    """Show a listing over time: versions with their differences, the price line, when it was there and gone."""
    from jobs.installation import open_installation
    from line.find import history_of

    with open_installation() as installation:
        found = history_of(installation.store, name)
    if as_json:
        print_json(_history_object(found))
    else:
        _print_history(found)


def _cells(hit: "SearchHit") -> tuple[str, ...]:
    share = hit.finding.lowest_share
    title = hit.listing.title
    # From the end, so that earlier places stay what they are.
    for span in sorted(hit.highlights, key=lambda one: -one.start):
        if span.field == "title":
            title = f"{title[: span.start]}[{title[span.start : span.end]}]{title[span.end :]}"
    return (
        (hit.alert_id or "")[:10],
        f"{hit.last_seen_at:%Y-%m-%d}" + (" gone" if hit.gone_at else ""),
        hit.finding.lane.value,
        "" if share is None else f"{share:.3f}",
        one_line(title, 60),
        one_line(f"{hit.listing.source} {hit.listing.external_id}", 50),
    )


def _print_history(found: "ListingHistory") -> None:
    from line.find import differences, spells

    state = found.state
    say(f"{one_line(found.source)} {one_line(found.external_id)}: {defang(found.versions[-1].listing.url)}")
    gone = f", gone since {state.gone_at:%Y-%m-%d %H:%M}" if state.gone_at else ""
    say(f"first seen {state.first_seen_at:%Y-%m-%d %H:%M}, last {state.last_seen_at:%Y-%m-%d %H:%M}{gone}; "
        f"{len(found.sightings)} sightings, {state.versions} versions")  # fmt: skip
    print_table(
        ("there from", "to", "then"),
        [(f"{first:%Y-%m-%d %H:%M}", f"{last:%Y-%m-%d %H:%M}", "said to be gone" if is_gone else "")
         for first, last, is_gone in spells(found)],
    )  # fmt: skip
    print_table(
        ("at", "version", "product", "price", "official", "share"),
        [(f"{one.at:%Y-%m-%d %H:%M}", str(one.version), one_line(one.product, 30), one.price, one.official,
          "" if one.share is None else f"{one.share:.3f}") for one in found.prices],
        title="price line",
    )  # fmt: skip
    for before, after in zip(found.versions, found.versions[1:], strict=False):
        typer.echo(f"version {after.number}, first seen {after.first_seen_at:%Y-%m-%d %H:%M}, against {before.number}:")
        for line in differences(before.listing, after.listing):
            typer.echo("  " + clean_text(line))


def _history_object(found: "ListingHistory") -> dict[str, object]:
    from line.find import differences, spells

    pairs = zip((None, *found.versions), found.versions, strict=False)
    return {
        "source": found.source,
        "external_id": found.external_id,
        "first_seen_at": found.state.first_seen_at.isoformat(),
        "last_seen_at": found.state.last_seen_at.isoformat(),
        "gone_at": None if found.state.gone_at is None else found.state.gone_at.isoformat(),
        "spells": [[first.isoformat(), last.isoformat(), is_gone] for first, last, is_gone in spells(found)],
        "sightings": [{"at": one.observed_at.isoformat(), "version": one.version} for one in found.sightings],
        "prices": [
            {"at": one.at.isoformat(), "version": one.version, "product": one.product, "price": one.price,
             "official": one.official, "share": None if one.share is None else str(one.share)}
            for one in found.prices
        ],
        "versions": [
            {"version": after.number, "first_seen_at": after.first_seen_at.isoformat(), "title": after.listing.title,
             "differences": [] if before is None else differences(before.listing, after.listing)}
            for before, after in pairs
        ],
    }  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text!r} is no number", param_hint="--share") from error
