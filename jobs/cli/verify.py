"""`undercut verify`: is a store, a packet or an archive still what it was?"""

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.output import print_json, say


def verify(
    place: Annotated[
        Path | None, typer.Argument(help="a packet (zip or folder), a WACZ, or a data folder; the store in use without")
    ] = None,
    head: Annotated[list[Path] | None, typer.Option(help="a head that was kept elsewhere; several allowed")] = None,
    key: Annotated[str | None, typer.Option(help="the sender's public key, hexadecimal, of a packet")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line")] = False,
) -> None:
    """Check everything, offline, and name what is not as it was: exit status 0 all holds, 1 not, 2 cannot be read."""
    from domain.errors import UndercutError
    from line.verify import Checked, is_packet, read_head, verify_memory, verify_packet

    def checked() -> Checked:
        if place is not None and is_packet(place):
            return verify_packet(place, key)
        from jobs.config import load_config
        from jobs.installation import open_installation

        config = load_config()
        if place is not None:
            config = config.model_copy(update={"data_folder": place, "database_url": None, "master_key_file": None})
            if not (place / "undercut.sqlite").is_file():
                raise UndercutError(f"{place} is neither a packet nor a data folder with undercut.sqlite in it")
        with open_installation(config) as installation:
            return verify_memory(installation.store, [read_head(one) for one in head or ()])

    try:
        found = checked()
    except UndercutError as error:
        say(f"undercut: {error}")
        raise typer.Exit(2) from error
    if as_json:
        print_json({"kind": found.kind, "looked_at": found.looked_at, "whole": not found.problems,
                    "problems": found.problems, "remarks": found.remarks})  # fmt: skip
    else:
        for problem in found.problems:
            typer.echo(_plain(problem))
        for remark in found.remarks:
            say(remark)
        say(f"{found.kind}: {found.looked_at}")
        verdict = f"NOT as it was: {len(found.problems)} findings" if found.problems else "everything is as it was"
        typer.echo(verdict)
    raise typer.Exit(1 if found.problems else 0)


def _plain(line: str) -> str:
    return line.encode("ascii", "backslashreplace").decode("ascii")
