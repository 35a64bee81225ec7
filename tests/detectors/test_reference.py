"""The generated reference is the committed one."""

from detectors.reference import reference_text
from detectors.score import load_weights
from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "signals.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_text(load_weights()), (
        "write it anew: python -c 'from detectors.reference import reference_text; from detectors.score import "
        'load_weights; print(reference_text(load_weights()), end="")\' > docs/reference/signals.md'
    )
