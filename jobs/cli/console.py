"""`undercut console`: the analysts' pages, on loopback unless told otherwise."""

from typing import Annotated

import typer


def console(
    host: Annotated[str, typer.Option(help="address to listen on; loopback unless given")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="port; 0 takes a free one")] = 8642,
    name: Annotated[list[str] | None, typer.Option(help="host name people use, with its port; several allowed")] = None,
    behind_https: Annotated[
        bool, typer.Option("--behind-https", help="a proxy in front of it speaks https; needed beyond loopback")
    ] = False,
) -> None:
    """Open the review console; the first run prints a one-time link that makes the first account."""
    from jobs.console import serve_console
    from jobs.installation import open_installation

    with open_installation() as installation:
        serve_console(installation, host=host, port=port, names=tuple(name or ()), behind_https=behind_https)
