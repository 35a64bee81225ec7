"""`undercut keys`: keys that stood in the open, by digest and place; never the keys."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.output import print_json, print_table, say

app = typer.Typer(help="Keys that were found in the open: digest, place, and whether they are sealed to their issuer.")


@app.command("list")
def list_keys(
    issuer: Annotated[str | None, typer.Option(help="of one provider only")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a key and place")] = False,
) -> None:
    """List what was found, the newest first."""
    from jobs.installation import open_installation

    with open_installation() as installation:
        found = installation.store.leaked_keys.list(issuer=issuer)
    if as_json:
        for one in found:
            print_json(one.as_json())
        return
    print_table(
        ("kind", "issuer", "sha256", "place", "listing", "last seen", "sealed to"),
        [
            (
                one.found.kind,
                one.found.issuer or "unknown",
                one.found.key_sha256[:16],
                one.found.place,
                f"{one.found.source} {one.found.external_id}",
                f"{one.found.seen_at:%Y-%m-%d %H:%M}",
                one.found.sealed_to or "nobody: the digest is all that is kept",
            )
            for one in found
        ],
    )


@app.command("export")
def export(
    issuer: Annotated[str, typer.Argument(help="the provider whose keys they are")],
    to: Annotated[Path, typer.Argument(help="a new file, one JSON line a key and place")],
) -> None:
    """Write the sealed keys of an issuer for it to open: HPKE (RFC 9180), X25519, HKDF-SHA256, AES-256-GCM."""
    import base64

    import orjson

    from domain.errors import UndercutError
    from jobs.installation import open_installation

    with open_installation() as installation:
        sealed = [one for one in installation.store.leaked_keys.list(issuer=issuer) if one.found.sealed is not None]
    lines = [
        orjson.dumps({**one.as_json(), "sealed": base64.b64encode(one.found.sealed or b"").decode("ascii")})
        for one in sealed
    ]
    try:
        with to.open("xb") as file:
            file.write(b"".join(line + b"\n" for line in lines))
    except OSError as error:
        raise UndercutError(f"cannot write {to}: {error.strerror}") from error
    say(f"{len(lines)} sealed keys of {issuer} are in {to}; only its private key opens them")
