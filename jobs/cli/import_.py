"""`undercut import`: pages that people saved go down the line, into the store."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from line.import_report import ImportedFile
    from line.imports import HowImported


def import_(
    files: Annotated[list[Path], typer.Argument(help="HTML, JSON, MHTML, HAR, WARC, WACZ, or JSON lines")],
    family: Annotated[str | None, typer.Option(help="site software; recognised without it")] = None,
    url: Annotated[str | None, typer.Option(help="address of a page whose file does not hold it")] = None,
    status: Annotated[int, typer.Option(help="HTTP status that a single page came with", min=100, max=599)] = 200,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="day it was seen, where a file does not say; its own date without"),
    ] = None,
    by: Annotated[str, typer.Option(help="who brings it in", envvar="USER")] = "operator",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a file")] = False,
) -> None:
    """Bring saved pages in: kept, read, priced, judged and recorded; exit status 1 when something was not read."""
    from line.imports import HowImported

    seen_at = on.replace(hour=12, tzinfo=UTC) if on else None
    how = HowImported(utc_now(), seen_at, family, url, status, by)
    imported = asyncio.run(_import(tuple(files), how))
    if as_json:
        for one in imported:
            print_json(one.as_json())
    else:
        print_table(
            ("file", "kind", "pages", "passed over", "listings", "new", "alerts", "states", "note"),
            (_cells(one) for one in imported),
        )
    notices = sum(one.total("notices") for one in imported)
    if notices:
        say(f"{notices} notices wait for delivery; `undercut watch` delivers them")
    raise typer.Exit(1 if any(one.failed for one in imported) else 0)


async def _import(files: tuple[Path, ...], how: "HowImported") -> "list[ImportedFile]":
    from crawlers.reading_pool import ReadingPool
    from crawlers.registry import family
    from jobs.installation import open_installation
    from line.imports import import_file

    if how.family is not None:
        family(how.family)
    imported = []
    with open_installation() as installation, ReadingPool(preload=(how.family,) if how.family else ()) as pool:
        instruments = installation.instruments(pool.read)
        for file in files:
            one = await import_file(file, how, instruments)
            if one.error:
                say(f"{file}: {one.error}")
            imported.append(one)
    return imported


def _cells(one: "ImportedFile") -> tuple[str, ...]:
    return (
        Path(one.file).name,
        one.kind or "unknown",
        str(len(one.pages)),
        str(one.passed_over),
        str(one.total("listings")),
        str(one.total("new_listings")),
        str(one.alerts()),
        ", ".join(f"{state} {count}" for state, count in one.states().items()) or "none",
        ("FAILED: " if one.error else "") + one.note(),
    )
