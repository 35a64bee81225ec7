"""`undercut report recipients`: who takes reports, in what form, by which way."""

from pathlib import Path
from typing import Annotated

import typer

from domain.clock import utc_now
from domain.hostile_text import clean_text
from jobs.cli.output import print_json, print_table, say

app = typer.Typer(help="Who takes reports: providers, platforms, hosts, registrars, communities.", no_args_is_help=True)

By = Annotated[str, typer.Option(help="who does it", envvar="USER")]
File = Annotated[Path, typer.Argument(help="a file; it is read, never fetched")]
Source = Annotated[str, typer.Option(help="where it stands, as an https address")]
Print = Annotated[bool, typer.Option("--print", help="only print what would be added")]


@app.command("list")
def list_recipients(as_json: Annotated[bool, typer.Option("--json", help="JSON lines")] = False) -> None:
    """List recipients with what they accept."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk

    with open_installation() as installation:
        known = open_report_desk(installation).recipients()
    if as_json:
        for one in known.values():
            print_json(one.model_dump(mode="json"))
        return
    print_table(
        ("recipient", "kind", "takes", "formats", "handles", "links", "ways in"),
        [
            (
                one.id,
                one.kind.value,
                one.submission.value,
                ", ".join(one.formats),
                "as they are" if one.needs_handles else "pseudonyms",
                str(one.most_links or ""),
                ", ".join(way.email or way.form or way.account or "" for way in one.ways) or "none known",
            )
            for _, one in sorted(known.items())
        ],
    )


@app.command("check")
def check() -> None:
    """Say whom nobody can reach, what was read long ago, and what does not fit."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk
    from line.report_recipients import check_directory

    with open_installation() as installation:
        desk = open_report_desk(installation)
        problems = check_directory(desk.recipients(), installation.rates, utc_now().date())
    for problem in problems:
        typer.echo(clean_text(f"{problem.recipient}: {problem.what}"))
    say(f"{len(problems)} things to look at")
    raise typer.Exit(1 if problems else 0)


@app.command("add")
def add(file: File, by: By = "operator") -> None:
    """Put a recipient of your own, or another version of a shipped one, over the directory."""
    from jobs.installation import open_installation
    from line.report_recipients import add_recipient

    content = _read(file).decode("utf-8", "replace")
    with open_installation() as installation:
        added = add_recipient(installation.store, content, file.name, by)
    say(f"{added.id} is in force")


@app.command("import-security-txt")
def import_security_txt(
    recipient: Annotated[str, typer.Argument(help="whose security.txt it is")],
    file: File,
    source: Source,
    by: By = "operator",
    only_print: Print = False,
) -> None:
    """Put the contacts of a security.txt before a recipient's other ways in; an expired one is refused."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk
    from line.report_recipients import add_recipient, recipient_of_security_txt

    text = _read(file).decode("utf-8", "replace")
    with open_installation() as installation:
        desk = open_report_desk(installation)
        made = recipient_of_security_txt(desk.recipient(recipient), text, source, utc_now())
        if only_print:
            typer.echo(clean_text(made))
            return
        add_recipient(installation.store, made, file.name, by)
    say(f"{recipient} has the contacts of {file.name}")


@app.command("import-registration")
def import_registration(
    domain: Annotated[str, typer.Argument(help="the domain that was asked for")],
    file: File,
    source: Source,
    by: By = "operator",
    only_print: Print = False,
) -> None:
    """Make a recipient of the registrar in an RDAP or WHOIS answer: its abuse contact, never the holder of a domain."""
    from jobs.installation import open_installation
    from line.report_recipients import add_recipient, registrar_of

    made = registrar_of(_read(file), domain, source, utc_now())
    if only_print:
        typer.echo(clean_text(made))
        return
    with open_installation() as installation:
        added = add_recipient(installation.store, made, file.name, by)
    say(f"{added.id} is in force")


def _read(file: Path) -> bytes:
    from domain.errors import UndercutError

    try:
        return file.read_bytes()
    except OSError as error:
        raise UndercutError(f"cannot read {file}: {error.strerror}") from error
