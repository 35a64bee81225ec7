"""`undercut schedule`: what runs when; pause, resume, run now, run again."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from jobs.cli.output import print_json, print_table, say

app = typer.Typer(help="What runs when.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="a job's name as `undercut schedule list` shows it, or a source's")]
By = Annotated[str, typer.Option(help="who does it", envvar="USER")]


@app.command("list")
def list_jobs(as_json: Annotated[bool, typer.Option("--json", help="one JSON line a job")] = False) -> None:
    """List every job with its cadence, its last run and how it ended, its next run, and whether it is paused."""
    from jobs.installation import open_installation
    from jobs.schedule_view import COLUMNS, schedule_rows

    with open_installation() as installation:
        rows = schedule_rows(installation)
    if as_json:
        for row in rows:
            print_json(row.as_json())
        return
    print_table(COLUMNS, [row.cells() for row in rows])


@app.command("pause")
def pause(
    name: Name, reason: Annotated[str, typer.Option(help="why; the next person will want to know")] = "",
    by: By = "operator",
) -> None:  # fmt: skip
    """Let a job's slots pass until it is resumed; what is queued already still runs."""
    from jobs.installation import open_installation
    from jobs.schedule_view import entry_named

    with open_installation() as installation:
        entry = entry_named(installation, name)
        installation.store.schedule.pause(entry.name, by=by, reason=reason)
    say(f"{entry.name} is paused")


@app.command("resume")
def resume(name: Name) -> None:
    """End a pause; the job runs again from its next slot on."""
    from jobs.installation import open_installation
    from jobs.schedule_view import entry_named

    with open_installation() as installation:
        entry = entry_named(installation, name)
        was_paused = installation.store.schedule.resume(entry.name)
    say(f"{entry.name} runs again" if was_paused else f"{entry.name} was not paused")


@app.command("now")
def now(name: Name, by: By = "operator") -> None:
    """Ask for a run at once, beside the schedule (paused or not); the worker that schedules takes it up."""
    from jobs.installation import open_installation
    from jobs.schedule_view import entry_named, who_schedules

    with open_installation() as installation:
        entry = entry_named(installation, name)
        installation.store.schedule.ask(entry.name, by=by)
        scheduler = who_schedules(installation)
    say(f"a run of {entry.name} is asked for" + ("" if scheduler else "; nobody works: start `undercut worker`"))


@app.command("backfill")
def backfill(
    name: Name,
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="UTC")],
    until: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="UTC; not included")],
    by: By = "operator",
) -> None:
    """Ask for every slot between two times; one that has run already is left alone.

    A crawl reads the present, whatever its slot: ask for one run with `now` instead.
    """
    from jobs.installation import open_installation
    from jobs.schedule_view import entry_named, slots_between

    with open_installation() as installation:
        entry = entry_named(installation, name)
        slots = slots_between(entry, since.replace(tzinfo=UTC), until.replace(tzinfo=UTC))
        asked = installation.store.schedule.ask(entry.name, by=by, slots=slots)
    say(f"{asked} slots of {entry.name} are asked for")
