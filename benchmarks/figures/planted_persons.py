"""Persons planted in texts and erased on request: how many stand anywhere in the store's folder or its exports."""

import random
import string
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, Measurement
from benchmarks.planted import count_found, exports_of
from benchmarks.recorded_store import load_judge, open_in, record_page
from line.keeping import erase_person

PLANTED = 20


def measure(quick: bool, seed: int) -> Measurement:
    """Twenty persons, each a seller by handle and by name in the text; found before, looked for after erasure."""
    chance = random.Random(seed)
    persons = [f"person_{''.join(chance.choice(string.ascii_lowercase) for _ in range(12))}" for _ in range(PLANTED)]
    judge = load_judge()
    with TemporaryDirectory(prefix="undercut-bench-") as name:
        folder = Path(name)
        store = open_in(folder)
        try:
            for number, person in enumerate(persons):
                text = f"Claude Max 20x private account, $50 for 30 days, DM @{person}"
                record_page(store, judge, number, [text, "Claude Pro account, $9 a month"], sellers=(person,))
            store.search.catch_up()
            before = count_found(persons, folder, [exports_of(store)])
            for person in persons:
                erase_person(store, person, actor="bench", reason="request 1")
            exports = exports_of(store)
            whole = store.verify().whole
        finally:
            store.close()
        found = count_found(persons, folder, [exports])
    told = {"planted": float(PLANTED), "found_before": float(before), "log_whole_after": float(whole)}
    return Measurement(float(found + (not whole)), told)


FIGURE = Figure(
    "planted_persons", "planted persons found in database, files and exports after their erasure", goal=0.0,
    unit="found", measure=measure, at_least=False,
)  # fmt: skip
