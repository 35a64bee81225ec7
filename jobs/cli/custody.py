"""`undercut custody`: the log's head, signed, for somebody else to keep."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.output import print_json, say

app = typer.Typer(help="The log of what happened to the evidence.", no_args_is_help=True)


@app.command("head")
def head(
    to: Annotated[Path | None, typer.Option(help="a file for it; printed without")] = None,
) -> None:
    """Sign the newest entry. Give a copy to somebody who is not you: against it, a cut-off end is found."""
    import orjson

    from jobs.installation import open_installation
    from line.keeping import sign_newest_head
    from line.verify import head_object

    with open_installation() as installation:
        signed = sign_newest_head(installation.store)
    if to is None:
        print_json(head_object(signed))
    else:
        to.write_bytes(orjson.dumps(head_object(signed), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    say(f"entry {signed.head.seq}, signed with the key {signed.public_key.hex()}")
    if signed.timestamp_token is None:
        say("no outside authority stamped the time: it is this machine's word")


@app.command("notes")
def notes(
    action: Annotated[str, typer.Argument(help="what was noted: erased, purged, held, viewed_raw, ...")],
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
) -> None:
    """List what was noted under an action, newest first, one JSON line each."""
    from jobs.installation import open_installation

    with open_installation() as installation:
        for one in installation.store.custody.notes(action, limit=limit):
            print_json({"entry": one.seq, "at": one.at.isoformat(), "by": one.actor, "subject": one.subject,
                        **one.details})  # fmt: skip
