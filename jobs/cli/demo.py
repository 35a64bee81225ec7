"""`undercut demo`: the whole product on the bundled street; no network, no keys."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.alerts import COLUMNS, alert_cells
from jobs.cli.output import print_table, say
from jobs.cli.watch import print_summaries, show_event

SHOWN_ALERTS = 100


def demo(
    check: Annotated[bool, typer.Option("--check", help="one round, then compare with what must be raised")] = False,
    open_console: Annotated[
        bool, typer.Option("--console/--no-console", help="end with the console open on what was found, or not")
    ] = True,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="the console's port; a free one where it is taken")
    ] = 8642,
    data: Annotated[Path, typer.Option(help="folder of the demo's own database; made anew")] = Path("data/demo"),
) -> None:
    """Crawl a constructed market on loopback, price its offers, raise and deliver alerts, and open the console on them.

    With --check it asks nobody anything, opens no console, and its exit status says how the round went.
    """
    from jobs.console import serve_console
    from jobs.demo import (
        differences,
        import_saved_pages,
        known_shortfalls,
        open_demo,
        receiver_problems,
        taken_by,
        undelivered,
    )
    from jobs.installation import open_installation
    from jobs.watching import Watch, plan

    with open_demo(data.absolute()) as street, open_installation(street.config) as installation:
        say(f"the street is open: {len(street.sites)} sites on loopback")
        watching = Watch(installation, show_event)
        with watching.running():
            say(f"brought in what an analyst saved: {import_saved_pages(installation)} listings")
            summaries = watching.crawl_once(plan(installation).due, by_hand=False)
        print_summaries(summaries, as_json=False)
        found = installation.store.alerts.list(limit=SHOWN_ALERTS).alerts
        print_table(COLUMNS, [alert_cells(alert) for alert in found], title="alerts, gravest first")
        waiting = undelivered(installation)
        taken = taken_by(street.receivers)
        told = receiver_problems(installation, street.receivers)
        problems = (*differences(installation, street), *told) if check else told
        say(f"{len(found)} alerts, {waiting} notices undelivered; the database and its configuration lie in {data}")
        say("told on loopback: " + ", ".join(f"{name} {count} messages" for name, count in taken.items()))
        say(f"go on with: undercut --config {data}/undercut.toml alerts list")
        if open_console and not check:
            # The street stays open meanwhile, so that its places can be read again from a second terminal.
            serve_console(installation, port=port, or_free_port=True)
    if check:
        _say_how_it_went(problems, known_shortfalls(), waiting)
        raise typer.Exit(1 if problems or waiting else 0)


def _say_how_it_went(problems: Sequence[str], shortfalls: Sequence[str], waiting: int) -> None:
    for problem in problems:
        say(problem)
    for shortfall in shortfalls:
        say(f"known shortfall, {shortfall}")
    failed = problems or waiting
    say("the check failed" if failed else "the check passed: every other expected alert, and none beside")
