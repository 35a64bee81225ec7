"""`undercut retention`: what is kept how long, what is held, and what is forgotten or erased."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from domain.clock import utc_now
from domain.hostile_text import clean_text
from jobs.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from storage.retention.purging import PurgeReport

app = typer.Typer(help="Keeping and forgetting.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="one JSON line")]
By = Annotated[str, typer.Option(help="who does it; stands in the custody log", envvar="USER")]


@app.command("preview")
def preview(as_json: Json = False) -> None:
    """Say what a purge would forget now; nothing is changed."""
    from jobs.installation import open_installation
    from line.keeping import preview_purge

    with open_installation() as installation:
        _report(preview_purge(installation.store), "would be forgotten", as_json=as_json)


@app.command("purge")
def purge(by: By = "operator", as_json: Json = False) -> None:
    """Forget the bodies whose time has come (a watching process does this each night); noted in the custody log."""
    from jobs.installation import open_installation
    from line.keeping import purge_bodies

    with open_installation() as installation:
        _report(purge_bodies(installation.store, actor=by), "forgotten", as_json=as_json)


@app.command("hold")
def hold(
    subject: Annotated[str, typer.Argument(help="an alert's id, or a source's name")],
    authority: Annotated[str, typer.Option(help="who asks for it")],
    reason: Annotated[str, typer.Option(help="why")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="its end, within a year")],
    confirmed_by: Annotated[str, typer.Option(help="the second person")],
    by: By = "operator",
) -> None:
    """Place a legal hold: nothing it is on is forgotten or erased before its end."""
    from jobs.installation import open_installation
    from line.keeping import place_hold

    with open_installation() as installation:
        placed = place_hold(
            installation.store,
            subject,
            authority=authority,
            reason=reason,
            placed_by=by,
            confirmed_by=confirmed_by,
            expires_at=until.replace(tzinfo=UTC),
        )
    say(f"hold {placed.number} on {placed.kind} {placed.subject} until {placed.expires_at:%Y-%m-%d}")


@app.command("holds")
def holds(as_json: Json = False) -> None:
    """List the holds that are in force."""
    from jobs.installation import open_installation

    with open_installation() as installation:
        found = installation.store.holds.in_force()
    rows = [
        (str(one.number), f"{one.kind} {one.subject}", one.authority, one.reason, one.placed_by, one.confirmed_by,
         f"{one.expires_at:%Y-%m-%d}")
        for one in found
    ]  # fmt: skip
    columns = ("hold", "on", "authority", "reason", "placed by", "confirmed by", "until")
    if as_json:
        for row in rows:
            print_json(dict(zip(columns, row, strict=True)))
        return
    print_table(columns, rows)


@app.command("lift")
def lift(
    number: Annotated[int, typer.Argument(help="the hold's number")],
    reason: Annotated[str, typer.Option(help="why")],
    by: By = "operator",
) -> None:
    """End a hold before its time."""
    from jobs.installation import open_installation

    with open_installation() as installation:
        installation.store.holds.lift(number, by=by, reason=reason)
    say(f"hold {number} is lifted")


@app.command("erase")
def erase(
    reason: Annotated[str, typer.Option(help="the request it answers; must not name the person")],
    person: Annotated[str | None, typer.Option(help="a handle, contact or name: everything that names it")] = None,
    source: Annotated[str | None, typer.Option(help="the source of one listing")] = None,
    listing: Annotated[str | None, typer.Option(help="the listing's id at that source")] = None,
    by: By = "operator",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be erased")] = False,
) -> None:
    """Erase a person, a seller or a listing: rows, pages, search and alerts; the custody log stays whole."""
    from jobs.installation import open_installation
    from line.keeping import erase_one, erase_person, listings_of_person

    if (person is None) == (source is None or listing is None):
        raise typer.BadParameter("give --person, or --source together with --listing")
    with open_installation() as installation:
        store = installation.store
        if person is not None and dry_run:
            for where, which in listings_of_person(store, person):
                typer.echo(clean_text(f"{where} {which}"))
            return
        if person is not None:
            done = erase_person(store, person, actor=by, reason=reason)
            for one in done.held:
                say(f"kept under a legal hold: {one}")
            say(
                f"{done.listings} listings erased: {done.rows} rows, {done.bodies} bodies of the pages that showed them"
            )
            raise typer.Exit(1 if done.held else 0)
        if dry_run:
            typer.echo(clean_text(f"{source} {listing}"))
            return
        report = erase_one(store, source or "", listing or "", actor=by, reason=reason)
        say(f"erased: {report.rows} rows, {report.bodies} bodies of the pages that showed it")


@app.command("record")
def record() -> None:
    """Print the record of processing as JSON: purposes, categories, sources, periods, holds, erasures."""
    from jobs.installation import open_installation
    from line.keeping import record_of_processing

    with open_installation() as installation:
        contact = installation.config.contact
        print_json(record_of_processing(installation.store, installation.sources, contact=contact, made_at=utc_now()))


def _report(report: "PurgeReport", done: str, *, as_json: bool) -> None:
    from line.keeping import WHAT_A_CLASS_IS

    if as_json:
        bodies = {each.value: count for each, count in report.bodies.items()}
        print_json({"bodies": bodies, "bytes": report.body_bytes, "held": report.held})
        return
    print_table(
        ("class", "bodies", "what it is"),
        [(each.value, str(report.bodies.get(each, 0)), what) for each, what in WHAT_A_CLASS_IS.items()],
    )
    total = sum(report.bodies.values())
    say(
        f"{total} bodies, {report.body_bytes / 2**20:.1f} MiB before packing {done}; {report.held} kept by a legal hold"
    )
