"""`undercut eval`: score the detector on labelled JSON lines."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import print_json, say


def evaluate(
    corpus: Annotated[Path, typer.Argument(help="labelled JSON lines")],
    as_json: Annotated[bool, typer.Option("--json", help="as one JSON line")] = False,
    twins: Annotated[bool, typer.Option(help="judge disguised twins of every text too")] = True,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day of texts that state none; today without it")
    ] = None,
    floors: Annotated[Path | None, typer.Option(help="file of floors; exit status 1 where one is not held")] = None,
    raise_floors: Annotated[bool, typer.Option("--raise-floors", help="write what was measured into --floors")] = False,
    allow_lower: Annotated[bool, typer.Option("--allow-lower", help="with --raise-floors: let a floor fall")] = False,
) -> None:
    """Score the detector: precision, recall, shares, calibration, disguised twins, each with its interval."""
    from detectors.assess import load_detector
    from line import floors as floor_files
    from line.eval import evaluate as measure
    from line.eval_table import as_data, as_table
    from line.labelled import read_corpus
    from rates.book import load_rate_book

    day = on.date() if on else utc_now().date()
    evaluation = measure(read_corpus(_bytes(corpus), day), load_detector(), load_rate_book(), with_twins=twins)
    print_json(as_data(evaluation)) if as_json else typer.echo(as_table(evaluation))
    if floors is None:
        return
    known = floor_files.parse_floors(floors.read_text(encoding="utf-8")) if floors.is_file() else None
    if raise_floors:
        raised = floor_files.raise_floors(evaluation, known, allow_lower=allow_lower)
        floors.write_text(floor_files.as_text(raised), encoding="utf-8")
        return
    breaches = floor_files.breaches(evaluation, known) if known else (f"{floors} does not exist",)
    for breach in breaches:
        say(breach)
    raise typer.Exit(1 if breaches else 0)


def _bytes(path: Path) -> bytes:
    from domain.errors import UndercutError

    try:
        return path.read_bytes()
    except OSError as error:
        raise UndercutError(f"cannot read {path}: {error.strerror}") from error
