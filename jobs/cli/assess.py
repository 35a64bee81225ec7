"""`undercut assess`: judge texts; JSON lines in, JSON lines out, no network and no database."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from domain.clock import utc_now


def assess(
    file: Annotated[Path | None, typer.Argument(help="JSON lines with id and text; standard input without it")] = None,
) -> None:
    """Judge each line's text and print what was concluded; exit status 1 when a line was malformed."""
    from detectors.assess import load_detector
    from domain.errors import UndercutError
    from line.assess import assess_lines
    from rates.book import load_rate_book

    try:
        lines = sys.stdin.buffer if file is None else file.open("rb")
    except OSError as error:
        raise UndercutError(f"cannot read {file}: {error.strerror}") from error
    all_fine = True
    with lines:
        for line, fine in assess_lines(lines, load_detector(), load_rate_book(), utc_now().date()):
            sys.stdout.buffer.write(line + b"\n")
            all_fine = all_fine and fine
    sys.stdout.buffer.flush()
    raise typer.Exit(0 if all_fine else 1)
