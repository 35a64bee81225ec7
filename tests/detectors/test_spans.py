"""Places in a masked text lead back to the original, whatever stands where."""

from hypothesis import given
from hypothesis import strategies as st

from detectors.spans import masks_of, original_place
from domain.secrets import find_secrets, mask_secrets

KEY = "sk-ant-" + "q7" * 15
PIECES = st.lists(st.sampled_from(["claude ", "号池", KEY, " ", "6.5元", "😀"]), max_size=12).map("".join)


@given(PIECES)
def test_places_outside_secrets_lead_to_the_same_characters(text: str) -> None:
    masked, secrets, masks = mask_secrets(text), find_secrets(text), masks_of(text)
    inside = {place for secret in secrets for place in range(secret.start, secret.end)}
    for place in range(len(masked)):
        back = original_place(place, masks, at_end=False)
        assert back in inside or masked[place] == text[back]


@given(PIECES)
def test_the_end_leads_to_the_end(text: str) -> None:
    assert original_place(len(mask_secrets(text)), masks_of(text), at_end=True) == len(text)
