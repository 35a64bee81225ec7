"""How many families read their golden cases, the five kinds of page that each must have among them."""

from benchmarks.figure import Figure, Measurement
from benchmarks.places import REPOSITORY, golden_pages
from crawlers.registry import families, sources

KINDS = frozenset({"normal", "empty", "removed", "refused", "changed"})


def measure(quick: bool, seed: int) -> Measurement:
    """Families with a page of every kind, each read as the state that was typed for it."""
    shown: dict[str, set[str]] = {}
    wrong: set[str] = set()
    cases = 0
    for case in golden_pages():
        cases += 1
        shown.setdefault(case.family, set()).add(case.kind)
        if families()[case.family].read(case.page).state.value != case.state:
            wrong.add(case.family)
    whole = {name for name in families() if shown.get(name, set()) >= KINDS} - wrong
    files = (REPOSITORY / "crawlers" / "sources").glob("*/*.yml")
    reference = {
        "families": float(len(families())),
        "golden_cases": float(cases),
        "misread": float(len(wrong)),
        "shipped_sources": float(len(sources())),
        "longest_source_lines": float(max(file.read_text(encoding="utf-8").count("\n") for file in files)),
    }
    return Measurement(float(len(whole)), reference)


FIGURE = Figure(
    "families", "families that read a normal, empty, removed, refused and changed page", goal=25.0, unit="families",
    measure=measure,
)  # fmt: skip
