"""`undercut store`: the memory as a thing: how large it is, moving it, backing it up and bringing it back."""

from pathlib import Path
from typing import Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import print_json, print_table, say

app = typer.Typer(help="The memory: size, copy, backup, restore.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="one JSON line")]


@app.command("info")
def info(as_json: Json = False) -> None:
    """Say what the memory holds, how much room it takes, and what a million listings would take."""
    from jobs.installation import open_installation
    from line.memory import size_object, size_of

    with open_installation() as installation:
        store = installation.store
        size = size_of(store, utc_now())
        told = {"database": store.database.name, "evidence": str(store.evidence.folder), **size_object(size)}
        told["search_entries_behind"] = store.search.behind()
        told["custody_head"] = store.custody.head().seq
    if as_json:
        print_json(told)
        return
    print_table(("what", "value"), [(name.replace("_", " "), _shown(name, value)) for name, value in told.items()])


@app.command("copy")
def copy(
    to: Annotated[
        str, typer.Option(help="the other database: postgresql://USER@HOST/NAME; its password from PGPASSWORD")
    ],
    as_json: Json = False,
) -> None:
    """Copy the database to another one, verified; cut short, the same command goes on. Evidence stays where it is."""
    from jobs.installation import open_installation
    from line.memory import copy_store

    with open_installation() as installation:
        done = copy_store(installation.store, to, lambda name, rows: say(f"{name}: {rows} rows, the same at both ends"))
    if as_json:
        print_json({"rows": dict(done.rows), "written": done.written, "indexed": done.indexed})
    say(f"{sum(done.rows.values())} rows are the same at both ends, {done.written} of them written now")
    say(f"{done.indexed} versions indexed for search; set database_url to the new place, and `undercut verify` there")


@app.command("backup")
def backup(
    folder: Annotated[Path, typer.Argument(help="where to; a later backup into the same folder copies what is new")],
    as_json: Json = False,
) -> None:
    """Write a backup, consistent while crawls go on. The master key is not in it: keep that apart."""
    from jobs.installation import VERSION, open_installation
    from line.memory import back_up_store

    with open_installation() as installation:
        made = back_up_store(installation.store, folder, utc_now(), VERSION)
    if as_json:
        print_json({"made_at": made.made_at, "entry": made.head.seq, "digest": made.head.digest, "bodies": made.bodies})
    say(f"{folder}: the memory up to log entry {made.head.seq}, {made.bodies} bodies")
    say("the master key is not in it; without that key nobody can open the bodies: keep a copy of it apart")


@app.command("restore")
def restore(
    folder: Annotated[Path, typer.Argument(help="a folder that `undercut store backup` wrote")],
) -> None:
    """Bring a backup back into the (empty) place that the configuration names, and verify it; exit status 1 if not."""
    from jobs.config import load_config
    from jobs.installation import Installation
    from line.memory import restore_store
    from line.verify import verify_memory

    config = load_config()
    made = restore_store(folder, config.database, config.data_folder)
    installation = Installation(config)
    try:
        indexed = installation.store.search.behind()
        found = verify_memory(installation.store)
    finally:
        installation.close()
    for problem in found.problems:
        say(problem)
    say(f"restored what was backed up at {made.made_at}, log entry {made.head.seq}: {found.looked_at}")
    if indexed:
        say(f"{indexed} log entries are still to be indexed for search; the next crawl does it")
    raise typer.Exit(1 if found.problems else 0)


def _shown(name: str, value: object) -> str:
    if value is None:
        return "too few listings to tell"
    if "bytes" in name and isinstance(value, int):
        return f"{value / 2**20:,.1f} MiB"
    return f"{value:,.1f}" if isinstance(value, float) else str(value)
