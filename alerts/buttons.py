"""What the buttons under a message carry: an action on one version of an alert, signed, for one chat and one day.

A button's data fits into the 64 bytes that Telegram allows. The signature covers the chat, so that a button that is
forwarded or copied elsewhere opens nothing, and the version, so that nobody decides about what has changed since.
Whether a button was used before is remembered by who obeys it.
"""

import base64
import binascii
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Final

from domain.errors import UndercutError

HOLDS: Final = timedelta(hours=24)
MOST_CHARACTERS: Final = 64
_FORM: Final = struct.Struct(">BBBIH10s6s")
_FIRST: Final = 1
_MAC_BYTES: Final = 12
_ALERT_ID = re.compile(r"[0-9a-f]{20}")


class ButtonError(UndercutError):
    """Data that is none of our buttons, or none for this chat, or too old; the message is for who pressed it."""


class Action(IntEnum):
    """What a button does. Those that open a menu, and WHY, change nothing and may be pressed again."""

    CLAIM = 1
    RELEASE = 2
    WHY = 3
    SNOOZE_MENU = 4
    DISMISS_MENU = 5
    CONFIRM_MENU = 6
    BACK = 7
    SNOOZE = 8
    DISMISS = 9
    CONFIRM = 10


CHANGING: Final = frozenset({Action.CLAIM, Action.RELEASE, Action.SNOOZE, Action.DISMISS, Action.CONFIRM})


@dataclass(frozen=True, slots=True)
class Button:
    """What one button means; `choice` is the place in the list of spans or reasons that its action offers."""

    action: Action
    alert_id: str
    version: int
    expires_at: datetime
    choice: int = 0
    nonce: bytes = bytes(6)


def can_carry(alert_id: str) -> bool:
    """Is this the id of a stored alert, which is what buttons are about?"""
    return _ALERT_ID.fullmatch(alert_id) is not None


def button_key(bot_token: str) -> bytes:
    """The key of a bot's buttons: who sends them and who obeys them share the bot's token and nothing else."""
    return hmac.new(bot_token.encode(), b"undercut buttons/1", hashlib.sha256).digest()


def nonce_of(*parts: str) -> bytes:
    """Six bytes that follow from these texts: the same message told twice has the same buttons, used once in all."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=6).digest()


def seal(button: Button, chat_id: int, key: bytes) -> str:
    """The data of a button in a chat; raises ButtonError for an alert whose id is none of ours."""
    if not can_carry(button.alert_id) or not 0 <= button.version < 2**16:
        raise ButtonError(f"no button can carry alert {button.alert_id[:40]!r} version {button.version}")
    payload = _FORM.pack(
        _FIRST,
        button.action,
        button.choice,
        int(button.expires_at.timestamp()),
        button.version,
        bytes.fromhex(button.alert_id),
        button.nonce,
    )
    return base64.urlsafe_b64encode(payload + _mac(payload, chat_id, key)).decode().rstrip("=")


def unseal(data: str, chat_id: int, key: bytes, now: datetime) -> Button:
    """The button of a chat's data; raises ButtonError for a forged, foreign or expired one."""
    try:
        padded = data + "=" * (-len(data) % 4) if len(data) <= MOST_CHARACTERS else ""
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    payload, mac = raw[: _FORM.size], raw[_FORM.size :]
    if len(payload) != _FORM.size or not hmac.compare_digest(mac, _mac(payload, chat_id, key)):
        raise ButtonError("this button does not belong to this chat; use the original message, or the console")
    first, action, choice, expires, version, alert_id, nonce = _FORM.unpack(payload)
    if first != _FIRST or action not in set(Action):
        raise ButtonError("this button is of another version of Undercut; use the console")
    expires_at = datetime.fromtimestamp(expires, UTC)
    if now >= expires_at:
        raise ButtonError("this button has expired; open the alert in the console")
    return Button(Action(action), alert_id.hex(), version, expires_at, choice, nonce)


def _mac(payload: bytes, chat_id: int, key: bytes) -> bytes:
    return hmac.new(key, str(chat_id).encode("ascii") + b"\0" + payload, hashlib.sha256).digest()[:_MAC_BYTES]


@dataclass(frozen=True, slots=True)
class Key:
    """One button as a chat shows it: its words, and either what it carries or the address that it opens."""

    text: str
    data: str | None = None
    url: str | None = None


Keyboard = tuple[tuple[Key, ...], ...]


def alert_keyboard(
    alert_id: str, version: int, chat_id: int, key: bytes, now: datetime, nonce: bytes, console_url: str | None
) -> Keyboard:
    """The buttons under an alert: claim, why, the menus, and the console where its address may be a button."""

    def one(text: str, action: Action) -> Key:
        button = Button(action, alert_id, version, now + HOLDS, nonce=nonce)
        return Key(text, seal(button, chat_id, key))

    rows: list[tuple[Key, ...]] = [
        (one("Claim", Action.CLAIM), one("Why", Action.WHY)),
        (
            one("Snooze …", Action.SNOOZE_MENU),
            one("Dismiss …", Action.DISMISS_MENU),
            one("Confirm …", Action.CONFIRM_MENU),
        ),
    ]
    # Telegram takes addresses of the public web only.
    if console_url is not None and console_url.startswith("https://"):
        rows.append((Key("Open in console", url=console_url),))
    return tuple(rows)
