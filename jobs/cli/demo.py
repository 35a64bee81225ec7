"""`undercut demo`: the whole product on the bundled street; no network, no keys."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.alerts import COLUMNS, alert_cells
from jobs.cli.output import print_table, say
from jobs.cli.watch import print_summaries, show_event

SHOWN_ALERTS = 100


def demo(
    check: Annotated[bool, typer.Option("--check", help="one round, then compare with what must be raised")] = False,
    data: Annotated[Path, typer.Option(help="folder of the demo's own database; made anew")] = Path("data/demo"),
) -> None:
    """Crawl a constructed market on loopback, price its offers, raise and deliver alerts, and show why."""
    from jobs.demo import differences, known_shortfalls, open_demo, undelivered
    from jobs.installation import open_installation
    from jobs.watching import Watch, plan

    with open_demo(data.absolute()) as street, open_installation(street.config) as installation:
        say(f"the street is open: {len(street.sites)} sites on loopback")
        watching = Watch(installation, show_event)
        with watching.running():
            summaries = watching.crawl_once(plan(installation).due, by_hand=False)
        print_summaries(summaries, as_json=False)
        found = installation.store.alerts.list(limit=SHOWN_ALERTS).alerts
        print_table(COLUMNS, [alert_cells(alert) for alert in found], title="alerts, gravest first")
        waiting = undelivered(installation)
        problems = differences(installation, street) if check else ()
    say(f"{len(found)} alerts, {waiting} notices undelivered; the database and its configuration lie in {data}")
    say(f"go on with: undercut --config {data}/undercut.toml alerts list")
    for problem in problems:
        say(problem)
    if check:
        for shortfall in known_shortfalls():
            say(f"known shortfall, {shortfall}")
        say(
            "the check failed"
            if problems or waiting
            else "the check passed: every other expected alert, and none beside"
        )
        raise typer.Exit(1 if problems or waiting else 0)
