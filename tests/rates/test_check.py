"""The check lists what a person should look at, and nothing else."""

from collections import Counter
from datetime import date

from rates.check import check_rates
from rates.overlay import OverlayFile, parse_provider, read_overlay

TODAY = date(2026, 4, 1)
GOOD = """
id: maker
name: Maker
domains: [maker.example]
series: make
plans:
  - id: make-pro
    names: [Make Pro]
    prices:
      - {from: 2026-01-01, to: 2026-02-01, amount: 20, source: "https://example.test/p", checked: 2026-03-01}
      - {from: 2026-02-01, amount: 25, source: "https://example.test/p", checked: 2026-03-01}
channels:
  - {name: Maker, basis: first_party, domains: [maker.example], source: "https://example.test/", checked: 2026-03-01}
terms:
  - {document: Terms, clause: "1", gist: no resale, as_of: 2026-03-01,
     source: "https://example.test/t", checked: 2026-03-01}
intake: [{email: abuse@maker.example, accepts: [e-mail], source: "https://example.test/t", checked: 2026-03-01}]
"""


def kinds(text: str, on: date = TODAY) -> Counter[str]:
    file: OverlayFile = parse_provider("maker.yml", text.encode())
    return Counter(problem.kind for problem in check_rates(on, files=(file,)))


def test_a_good_file_has_nothing_to_look_at() -> None:
    assert kinds(GOOD) == {}


def test_rows_grow_old_after_ninety_days() -> None:
    assert kinds(GOOD, date(2026, 5, 30)) == {}
    assert kinds(GOOD, date(2026, 5, 31)) == {"not_checked": 3}, "one line a source and day"


def test_gaps_and_overlaps_are_found() -> None:
    assert kinds(GOOD.replace("to: 2026-02-01", "to: 2026-01-15")) == {"gap": 1}
    assert kinds(GOOD.replace("to: 2026-02-01", "to: 2026-02-15")) == {"overlap": 1}


def test_colliding_names_are_found() -> None:
    assert kinds(GOOD + "families: [{id: make, names: [MAKE-PRO]}]") == {"name_collides": 1}
    assert kinds(GOOD + "families: [{id: make, names: [Make Pro+]}]") == {}


def test_models_without_a_price_are_found_unless_anyone_may_host_them() -> None:
    assert kinds(GOOD + "models: [{id: make-1}]") == {"no_price": 1}
    assert kinds(GOOD + "models: [{id: make-1, open_weights: true}]") == {}


def test_missing_terms_intake_and_channels_are_found() -> None:
    bare = GOOD[: GOOD.index("channels:")]
    assert kinds(bare) == {"no_terms": 1, "no_intake": 1, "no_channel": 1}


def test_a_problem_says_where_what_and_how_to_mend_it() -> None:
    (problem,) = check_rates(TODAY, files=(parse_provider("maker.yml", (GOOD + "models: [{id: make-1}]").encode()),))
    assert str(problem) == (
        "maker.yml: neither the library nor a row gives make-1 a price; add a row or correct the id"
    )


def test_the_shipped_rates_have_only_known_problems() -> None:
    latest = max(row.checked for file in read_overlay() for row in file.provider.channels)
    problems = check_rates(latest)
    assert {problem.kind for problem in problems} <= {"not_checked", "no_terms", "no_intake"}
    sellers = {"anthropic", "openai", "google", "x-ai", "deepseek", "alibaba", "mistral"}
    without_terms = {problem.where.removesuffix(".yml") for problem in problems if problem.kind == "no_terms"}
    assert not sellers & without_terms
