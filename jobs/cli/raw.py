"""`undercut raw`: a capture as the place gave it, by role and for a reason."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.output import say


def raw(
    sha256: Annotated[str, typer.Argument(help="the capture's digest, 64 hexadecimal digits")],
    to: Annotated[Path, typer.Argument(help="a new file for its bytes; nothing is shown in the terminal")],
    role: Annotated[str, typer.Option("--as", help="in which role: lead or auditor")],
    reason: Annotated[str, typer.Option(help="why it is opened; stands in the custody log")],
    person: Annotated[str, typer.Option("--by", help="who opens it", envvar="USER")] = "operator",
) -> None:
    """Open a raw capture, secrets and third persons included; that it was opened is logged before it is written."""
    from domain.errors import UndercutError
    from jobs.installation import open_installation
    from line.raw_capture import open_raw_capture

    with open_installation() as installation:
        body = open_raw_capture(installation.store, sha256.lower(), person=person, role=role, reason=reason)
    try:
        with to.open("xb") as file:
            file.write(body)
    except OSError as error:
        raise UndercutError(f"cannot write {to}: {error.strerror}") from error
    say(f"{len(body)} bytes are in {to}; the custody log says who opened them, as what and why")
