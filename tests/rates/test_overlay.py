"""A mistake in a provider's file is named with its file, its row and the mend."""

from datetime import date
from pathlib import Path

import pytest

from rates.assemble import assemble
from rates.errors import RatesFileError
from rates.overlay import PROVIDERS_FOLDER, parse_provider, read_overlay

HEAD = """
id: maker
name: Maker
domains: [maker.example]
series: make
"""
PLAN = """
plans:
  - id: make-pro
    names: [Make Pro]
    prices:
      - {from: 2026-01-01, amount: 20, source: "https://example.test/pricing", checked: 2026-02-01}
"""


def parse(text: str) -> object:
    return parse_provider("maker.yml", text.encode())


def test_a_file_says_what_is_sold() -> None:
    file = parse_provider("maker.yml", (HEAD + PLAN).encode())
    assert file.provider.plans[0].prices[0].start == date(2026, 1, 1)
    assert file.provider.plans[0].prices[0].period_days == 30
    assembled = assemble(files=(file,))
    assert list(assembled.products) == ["make-pro"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD + PLAN.replace("amount: 20", "amount: -1"),
            r"maker\.yml: plans\.0\.prices\.0\.amount \(make-pro, 2026-01-01\)",
        ),
        (HEAD + PLAN.replace("checked: 2026-02-01", "check: 2026-02-01"), r"plans\.0\.prices\.0\.checked .*add it"),
        (HEAD + PLAN.replace("checked: 2026-02-01", "check: 2026-02-01"), r"plans\.0\.prices\.0\.check .*spelling"),
        (HEAD + PLAN.replace('"https://example.test/pricing"', "nowhere"), "give a full https address"),
        (HEAD + PLAN.replace("from: 2026-01-01", "from: soon"), "from"),
        (HEAD + PLAN.replace("from: 2026-01-01", "from: 2026-01-01, to: 2025-01-01"), "ends before it starts"),
        (HEAD + PLAN.replace("amount: 20", "amount: .inf"), "finite"),
        (HEAD + PLAN.replace("id: make-pro", "id: Make Pro"), r"plans\.0\.id"),
        (HEAD + "plans: [{id: a, names: []}]", "no_price"),
        (HEAD + "models: [{id: a, released: 2026-01-01}]", "released_source"),
        (
            HEAD + 'models: [{id: a, prices: [{from: unknown, source: "https://a.test", checked: 2026-01-01}]}]',
            "gives no price",
        ),
        ("id: maker\n  name: x", r"maker\.yml, line 2: not readable as YAML .*mend the line"),
        ("- a", "maker"),
        ("", "maker"),
        ("!!python/object/apply:os.system ['true']", "not readable as YAML"),
        ("a: " + "[" * 3000, "not readable as YAML"),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "maker"),
    ],
)
def test_a_mistake_is_named_with_file_row_and_mend(text: str, said: str) -> None:
    with pytest.raises(RatesFileError, match=said):
        parse(text)


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    with pytest.raises(RatesFileError) as caught:
        parse(HEAD.replace("name: Maker", "nam: Maker") + PLAN.replace("amount: 20", "amount: x"))
    assert len(str(caught.value).splitlines()) == 3


def test_two_providers_cannot_sell_the_same_product() -> None:
    one = parse_provider("maker.yml", (HEAD + PLAN).encode())
    other = parse_provider("other.yml", (HEAD.replace("id: maker", "id: other") + PLAN).encode())
    with pytest.raises(RatesFileError, match=r"other\.yml: make-pro is already a plan of maker"):
        assemble(files=(one, other))


def test_the_shipped_files_are_named_for_their_provider() -> None:
    files = read_overlay()
    assert len(files) >= 20
    assert all(file.name == f"{file.provider.id}.yml" for file in files)


def test_a_folder_without_files_is_an_empty_overlay(tmp_path: Path) -> None:
    assert read_overlay(tmp_path) == ()


def test_the_shipped_files_name_no_machine_and_only_https() -> None:
    for path in PROVIDERS_FOLDER.glob("*.yml"):
        assert "http://" not in path.read_text(encoding="utf-8"), path
