"""`undercut doctor`: what is missing or broken, and the mend."""

from typing import Annotated

import typer

from jobs.cli.output import print_json, print_table


def doctor(as_json: Annotated[bool, typer.Option("--json", help="one JSON line a check")] = False) -> None:
    """Look at everything an installation stands on; exit status 1 when something is broken."""
    from jobs.health import Health, examine
    from jobs.installation import open_installation

    with open_installation() as installation:
        checks = list(examine(installation))
    if as_json:
        for check in checks:
            print_json({"what": check.what, "health": check.health, "found": check.found, "mend": check.mend})
    else:
        print_table(
            ("what", "health", "found", "mend"),
            [(check.what, check.health.value, check.found, check.mend) for check in checks],
        )
    raise typer.Exit(1 if any(check.health is Health.BROKEN for check in checks) else 0)
