"""`undercut rates`: official prices on a date."""

from datetime import date, datetime
from typing import Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import print_json, print_table
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
    from jobs.rates import load_rates

    day: date = on.date() if on else utc_now().date()
    answer = show_rates(load_rates(), model, day)
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
    from jobs.rates import load_rates
    from rates.check import check_rates

    problems = check_rates(load_rates(), utc_now().date())
    for problem in problems:
        print_json({"problem": problem}) if as_json else typer.echo(problem)
    raise typer.Exit(1 if problems else 0)
