"""`python -m benchmarks [NAME...] [--quick] [--json]`: measure figures, one JSON line each, and print the table."""

import argparse
import json
import sys
import time
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from benchmarks import figures
from benchmarks.figure import Figure, Measurement
from benchmarks.machine import describe_machine
from domain.plugins import find_plugins

DEFAULT_SEED = 20_261_124


def main(arguments: list[str] | None = None) -> int:
    """0 when every measured figure holds, 1 when one does not, 2 for wrong usage."""
    known = find_plugins(figures, "FIGURE", Figure)
    options = _parse(arguments, sorted(known))
    machine = describe_machine()
    started = time.perf_counter()
    rows = []
    for name in options.names or sorted(known):
        figure = known[name]
        measurement = figure.measure(options.quick, options.seed)
        row = _row(figure, measurement, machine, options.seed)
        rows.append(row)
        if options.json:
            print(json.dumps(row, ensure_ascii=False), flush=True)
        else:
            print(f"{figure.name}: {measurement.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
    if not options.json:
        _print_table(rows, time.perf_counter() - started, machine)
    return 0 if all(row["ok"] for row in rows) else 1


def _parse(arguments: list[str] | None, known: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"figures to measure: {', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="an answer for each name within 40 seconds")
    parser.add_argument("--json", action="store_true", help="one JSON line a figure")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="seed of everything that is drawn by chance")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(known))
    if unknown:
        parser.error(f"no figure named {', '.join(unknown)}; known: {', '.join(known)}")
    return options


def _row(figure: Figure, measurement: Measurement, machine: dict[str, str], seed: int) -> dict[str, object]:
    return {
        "name": figure.name,
        "title": figure.title,
        **asdict(measurement),
        "goal": figure.goal,
        "at_least": figure.at_least,
        "unit": figure.unit,
        "ok": figure.holds(measurement.value),
        "machine": machine,
        "seed": seed,
    }


def _print_table(rows: list[dict[str, object]], seconds: float, machine: dict[str, str]) -> None:
    table = Table("figure", "value", "goal", "unit", "holds", "measured against")
    for row in rows:
        reference = row["reference"]
        against = ", ".join(f"{key} {value}" for key, value in reference.items()) if isinstance(reference, dict) else ""
        bound = "≥" if row["at_least"] else "≤"
        table.add_row(
            str(row["name"]), f"{row['value']:.4g}", f"{bound} {row['goal']:g}", str(row["unit"]),
            "yes" if row["ok"] else "NO", against,
        )  # fmt: skip
    console = Console()
    console.print(table)
    console.print(f"{len(rows)} figures in {seconds:.0f} s on {machine['processor']}, {machine['cores']} cores")


if __name__ == "__main__":
    sys.exit(main())
