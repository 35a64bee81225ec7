"""A button opens only in the chat that it was made for, only for a day, and only as it was made."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.buttons import (
    HOLDS,
    MOST_CHARACTERS,
    Action,
    Button,
    ButtonError,
    alert_keyboard,
    button_key,
    can_carry,
    nonce_of,
    seal,
    unseal,
)
from tests.alerts.conftest import NOON

KEY = button_key("123456:a-token")
ALERT = "0123456789abcdef0123"
CHAT = -1001234567890


def made(**changes: object) -> Button:
    said = {"action": Action.DISMISS, "alert_id": ALERT, "version": 3, "expires_at": NOON + HOLDS, "choice": 2}
    return Button(**{**said, "nonce": nonce_of("n"), **changes})  # type: ignore[arg-type]


def test_a_button_says_what_it_was_made_of_and_fits_into_telegrams_limit() -> None:
    data = seal(made(), CHAT, KEY)
    assert len(data) <= MOST_CHARACTERS
    assert unseal(data, CHAT, KEY, NOON) == made()


@pytest.mark.parametrize(("chat", "token"), [(CHAT + 1, "123456:a-token"), (CHAT, "123456:another"), (0, "x:y")])
def test_a_button_opens_nothing_in_another_chat_or_with_another_bot(chat: int, token: str) -> None:
    with pytest.raises(ButtonError, match="does not belong"):
        unseal(seal(made(), CHAT, KEY), chat, button_key(token), NOON)


def test_a_button_expires() -> None:
    data = seal(made(), CHAT, KEY)
    assert unseal(data, CHAT, KEY, NOON + HOLDS - timedelta(seconds=1))
    with pytest.raises(ButtonError, match="expired"):
        unseal(data, CHAT, KEY, NOON + HOLDS)


def test_no_single_changed_character_is_taken() -> None:
    data = seal(made(), CHAT, KEY)
    for place in range(len(data)):
        for other in "AZaz09-_":
            if other == data[place]:
                continue
            changed = data[:place] + other + data[place + 1 :]
            try:
                # The last character has two bits that say nothing: what is taken must then mean the same.
                assert unseal(changed, CHAT, KEY, NOON) == made()
                assert place == len(data) - 1
            except ButtonError:
                pass


@given(st.text(max_size=100))
def test_whatever_else_is_sent_as_data_is_refused(data: str) -> None:
    with pytest.raises(ButtonError):
        unseal(data, CHAT, KEY, NOON)


@pytest.mark.parametrize("alert_id", ["", "al-1", "rehearsal", ALERT.upper(), ALERT + "0", "../" + ALERT[3:]])
def test_only_stored_alerts_have_buttons(alert_id: str) -> None:
    assert not can_carry(alert_id)
    with pytest.raises(ButtonError):
        seal(made(alert_id=alert_id), CHAT, KEY)


def test_the_same_message_told_twice_has_the_same_buttons_and_another_message_has_others() -> None:
    def keyboard(message: str) -> object:
        return alert_keyboard(ALERT, 1, CHAT, KEY, NOON, nonce_of(message), "https://console.example.test/alerts/x")

    assert keyboard("one") == keyboard("one")
    assert keyboard("one") != keyboard("two")


def test_only_a_public_console_becomes_a_button() -> None:
    def last(address: str | None) -> str:
        return alert_keyboard(ALERT, 1, CHAT, KEY, NOON, nonce_of("n"), address)[-1][0].text

    assert last("https://console.example.test/a") == "Open in console"
    assert last("http://127.0.0.1:8642/a") != "Open in console"
    assert last(None) != "Open in console"
