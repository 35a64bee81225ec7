"""`undercut evidence`: raw captures let out, for a reason that stands in the custody log."""

from pathlib import Path
from typing import Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import say

app = typer.Typer(help="What is kept of pages.", no_args_is_help=True)


@app.command("export")
def export(
    names: Annotated[list[str], typer.Argument(help="snapshots by number, or alerts by id")],
    to: Annotated[Path, typer.Option(help="the WACZ file to write; never over one that is there")],
    reason: Annotated[str, typer.Option(help="why the raw capture leaves the house")],
    by: Annotated[str, typer.Option(help="who lets it out", envvar="USER")] = "operator",
) -> None:
    """Write raw captures, unmasked, as WARC 1.1 in a WACZ; that it left stands in the custody log first."""
    from domain.errors import UndercutError
    from jobs.installation import open_installation
    from line.captures import export_captures

    if to.exists():
        raise UndercutError(f"{to} is there already; name another file")
    with open_installation() as installation:
        content = export_captures(installation.store, names, by=by, reason=reason, now=utc_now())
    to.write_bytes(content)
    say(f"{to}: {len(content):,} bytes, unmasked; check it with `undercut verify {to}`")


@app.callback()
def _group() -> None:
    """Keep `export` a command of its own while it is the only one."""
