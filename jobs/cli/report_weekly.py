"""`undercut report weekly`: a provider's week, as PDF, data and charts."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import say


def weekly(
    provider: Annotated[str, typer.Argument(help="whose products: anthropic, openai ...")],
    week: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the Monday it began on; last week without it")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="folder for the files; weekly-<provider>-<week> without it")] = None,
) -> None:
    """Sum up a week: offers, shares of the official price, sellers, sites, and how that moved."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk
    from line.report_desk import write_files
    from line.report_weekly import monday_of, weekly_report
    from storage.reports import KeptFile

    now = utc_now()
    monday = week.date() if week else monday_of(now.date()) - timedelta(days=7)
    with open_installation() as installation:
        desk = open_report_desk(installation)
        rendered = weekly_report(desk.memory, desk.house, provider, monday, now)
    folder = out or Path(f"weekly-{provider}-{monday.isoformat()}")
    write_files([KeptFile(file.name, file.media_type, file.content) for file in rendered.files], folder)
    say(f"{', '.join(file.name for file in rendered.files)} are in {folder}")
