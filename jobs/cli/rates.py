"""`undercut rates`: official prices on a date."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import print_json, print_table, say
from line.rates import rate_fields, show_rates, validity

app = typer.Typer(help="Official prices on a date.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="one JSON line a row")]


@app.command("show")
def show(
    model: Annotated[str, typer.Argument(help="a model or plan, by any of its names")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day; today without it")] = None,
    as_json: Json = False,
) -> None:
    """Show the official rows of a model or plan that hold on a day: price, tier, validity and source."""
    from jobs.installation import open_installation

    day: date = on.date() if on else utc_now().date()
    with open_installation() as installation:
        answer = show_rates(installation.rates, model, day)
    if as_json:
        for row in answer.rows:
            print_json(rate_fields(row))
        return
    weights = "open weights: anyone may host it" if answer.product.open_weights else "closed"
    print_table(
        ("unit", "price", "tier", "region", "validity", "checked", "source"),
        [
            (
                row.unit.value,
                f"{row.price.amount:f} {row.price.currency}" + (f" / {row.period_days} d" if row.period_days else ""),
                row.tier,
                row.region,
                validity(row),
                row.checked_on.isoformat() if row.checked_on else "unknown",
                row.source_url,
            )
            for row in answer.rows
        ],
        title=f"{answer.product.id} ({answer.product.provider}, {weights}) on {day}",
    )


@app.command("check")
def check(as_json: Json = False) -> None:
    """List what is wrong or old in the rates; exit status 1 when there is anything."""
    from jobs.installation import open_installation
    from rates.check import check_rates

    with open_installation() as installation:
        problems = check_rates(utc_now().date(), installation.rate_updates)
    for problem in problems:
        print_json(asdict(problem)) if as_json else typer.echo(str(problem))
    raise typer.Exit(1 if problems else 0)


@app.command("update")
def update(
    place: Annotated[str, typer.Argument(help="a file of updates, or an https address of one")],
    author: Annotated[str, typer.Option(help="who brings it in", envvar="USER")] = "operator",
) -> None:
    """Bring prices and currency rates up to date without a new release; appended, never overwritten."""
    from jobs.installation import open_installation
    from jobs.rate_updates import fetch_update
    from line.rates import add_update

    with open_installation() as installation:
        name, content = fetch_update(place, installation.identity.user_agent)
        version = add_update(installation.store, installation.rate_updates, name, content, author=author)
    say(f"{name} is in the store, version {version}")
