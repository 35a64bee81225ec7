"""The command line's front door: options that hold for every command, and the groups beneath it."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli import (
    alerts,
    assess,
    bot,
    console,
    custody,
    demo,
    doctor,
    evaluate,
    evidence,
    find,
    import_,
    keys,
    rates,
    raw,
    read,
    rejudge,
    report,
    retention,
    schedule,
    sources,
    store,
    verify,
    watch,
    worker,
)
from jobs.config import CONFIG_VARIABLE

app = typer.Typer(
    name="undercut",
    help="Watches the public places where access to AI models is resold, and tells you what matters.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def configure(
    config: Annotated[
        Path | None, typer.Option(help="configuration file; undercut.toml here without it", envvar=CONFIG_VARIABLE)
    ] = None,
) -> None:
    """Say which configuration the commands use."""
    if config is not None:
        from jobs.config import load_config

        load_config(config)


app.command("demo")(demo.demo)
app.command("watch")(watch.watch)
app.command("worker")(worker.worker)
app.command("assess")(assess.assess)
app.command("read")(read.read)
app.command("import")(import_.import_)
app.command("eval")(evaluate.evaluate)
app.command("search")(find.search)
app.command("history")(find.history)
app.command("rejudge")(rejudge.rejudge)
app.command("verify")(verify.verify)
app.command("console")(console.console)
app.command("raw")(raw.raw)
app.command("doctor")(doctor.doctor)
app.add_typer(schedule.app, name="schedule")
app.add_typer(sources.app, name="sources")
app.add_typer(rates.app, name="rates")
app.add_typer(alerts.app, name="alerts")
app.add_typer(report.app, name="report")
app.add_typer(bot.app, name="bot")
app.add_typer(store.app, name="store")
app.add_typer(retention.app, name="retention")
app.add_typer(custody.app, name="custody")
app.add_typer(evidence.app, name="evidence")
app.add_typer(keys.app, name="keys")
