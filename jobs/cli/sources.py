"""`undercut sources`: what is watched, and how it fares."""

from pathlib import Path
from typing import Annotated

import typer

from crawlers.family import Recognition
from jobs.cli.output import print_json, print_table, say

LEAST_SURE = 0.5
"""Below it marks are of one kind only, and no source is proposed."""

app = typer.Typer(help="The places that are watched.", no_args_is_help=True)


@app.command("list")
def list_sources(as_json: Annotated[bool, typer.Option("--json", help="one JSON line a source")] = False) -> None:
    """List every source: state, last success, yield, expectation met, block rate, and why it does not run, if so."""
    from jobs.installation import open_installation
    from line.sources import COLUMNS, source_rows

    with open_installation() as installation:
        from jobs.permission import permission_of, why_not

        config, sources = installation.config, installation.sources
        refusals = {name: why_not(source, config) for name, source in sources.items()}
        permissions = {name: permission_of(source, config) for name, source in sources.items()}
        rows = source_rows(sources, installation.store.sources, refusals, permissions)
    if as_json:
        for row in rows:
            print_json(row.as_json())
        return
    print_table(COLUMNS, [row.cells() for row in rows])


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="a source file; its name becomes custom/<file stem>")],
    name: Annotated[str | None, typer.Option(help="another name, as kind/name")] = None,
    author: Annotated[str, typer.Option(help="who adds it", envvar="USER")] = "operator",
) -> None:
    """Add a source to the store; it is watched from the next round on, and survives an upgrade."""
    from domain.errors import UndercutError
    from jobs.installation import open_installation
    from line.sources import add_source

    try:
        content = file.read_bytes()
    except OSError as error:
        raise UndercutError(f"cannot read {file}: {error.strerror}") from error
    with open_installation() as installation:
        version = add_source(installation.store, name or f"custom/{file.stem}", content, place=str(file), author=author)
    say(f"{name or f'custom/{file.stem}'} is in the store, version {version}")


@app.command("check")
def check(
    place: Annotated[str, typer.Argument(help="a source file, a saved page, or the http(s) address of a place")],
    url: Annotated[str | None, typer.Option(help="address of a saved page")] = None,
) -> None:
    """Validate a source file; or say which software a page or place is of, why, how sure, and propose a file."""
    if place.endswith((".yml", ".yaml")):
        from line.sources import validate_source_file

        source = validate_source_file(Path(place))
        print_table(("source", "family", "addresses"), [(source.name, source.family, ", ".join(source.start_urls))])
        return
    found, address = _recognised(place, url)
    if not found:
        say(f"{place}: no family recognises this")
        raise typer.Exit(1)
    print_table(
        ("family", "sure", "marks"),
        [(each.family, f"{each.confidence:.2f}", "; ".join(each.marks)) for each in found],
    )
    if found[0].confidence <= LEAST_SURE:
        say("one kind of evidence only, which anybody can imitate: no source is proposed; look at the place yourself")
    elif address is not None:
        from crawlers.registry import proposed_source

        typer.echo(proposed_source(address, found[0]))


def _recognised(place: str, url: str | None) -> tuple[tuple[Recognition, ...], str | None]:
    if place.startswith(("http://", "https://")):
        from jobs.installation import open_installation
        from jobs.probe import probe

        with open_installation() as installation:
            return probe(installation, place)[0], place
    from domain.clock import utc_now
    from line.saved_pages import HowSaved
    from line.sources import recognise_file

    return recognise_file(Path(place), HowSaved(utc_now(), url=url)), url
