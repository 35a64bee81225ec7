"""The command line: one file per group of commands; every command calls `line/` and prints what it says."""

import sys

from domain.errors import UndercutError
from domain.hostile_text import clean_text


def main() -> None:
    """Run the command line; an error of ours is one clear message on standard error and exit status 1."""
    from jobs.cli.app import app

    try:
        app()
    except UndercutError as error:
        sys.stderr.write(f"undercut: {clean_text(str(error))}\n")
        sys.exit(1)
