"""What the bot says, in messages with entities: nobody's words become markup, a mention or a link here either."""

from datetime import datetime
from typing import Any

from alerts.buttons import HOLDS, Action, Button, Key, Keyboard, alert_keyboard, nonce_of, seal
from alerts.channels.telegram import entity_text
from alerts.message import LANE_WORDS, Detail, House, Line, Message, compose, console_link
from domain.alert import Alert, Notice
from line.chat import choices_of
from line.chat_intake import Assessed, HandedIn

MOST_TOLD = 5
HELP = (
    Line("Buttons", "claim, why, snooze, dismiss and confirm stand under every alert; each works once, for a day"),
    Line("Forward", "a message of a channel or a person: it is assessed at once, and the answer comes here"),
    Line("Send", "a link, a saved page (HTML, MHTML, HAR), or the text of an offer: the same"),
)


def message_of(subject: str, lines: tuple[Line, ...], link: str | None = None) -> Message:
    """A message of the bot's own."""
    return Message("", "", "reply", subject, lines, {}, link)


def parameters(message: Message) -> dict[str, Any]:
    """A message as the Bot API takes it: text with entities, no preview."""
    said = entity_text(message)
    return {
        "text": said.text,
        "entities": [entity.to_dict() for entity in said.entities],
        "link_preview_options": {"is_disabled": True},
    }


def markup(keyboard: Keyboard) -> dict[str, Any]:
    """A keyboard as the Bot API takes it."""
    rows = [
        [{"text": key.text, **({"url": key.url} if key.url else {"callback_data": key.data})} for key in row]
        for row in keyboard
    ]
    return {"inline_keyboard": rows}


def menu(button: Button, chat_id: int, key: bytes) -> Keyboard:
    """The choices of a menu button, one a row, and a way back; all of them expire with the message's own buttons."""
    action, words = choices_of(button.action)

    def sealed(what: Action, choice: int = 0) -> str:
        made = Button(what, button.alert_id, button.version, button.expires_at, choice, button.nonce)
        return seal(made, chat_id, key)

    rows = [(Key(text, sealed(action, place)),) for place, text in enumerate(words)]
    return (*rows, (Key("Back", sealed(Action.BACK)),))


def buttons_of(
    alert: Alert, chat_id: int, key: bytes, now: datetime, house: House, *, held: bool, used: str = ""
) -> Keyboard:
    """The buttons of an alert as it stands now; `used` is what was pressed last, so that these are new ones."""
    nonce = nonce_of("reply", alert.alert_id, str(chat_id), used, now.isoformat())
    link = console_link(house.console_url, alert.alert_id)
    keyboard = alert_keyboard(alert.alert_id, alert.version, chat_id, key, now, nonce, link)
    if not held:
        return keyboard
    release = Button(Action.RELEASE, alert.alert_id, alert.version, now + HOLDS, nonce=nonce)
    (_, *others), *rows = keyboard
    return ((Key("Let go", seal(release, chat_id, key)), *others), *rows)


def about_alert(alert: Alert, house: House, now: datetime) -> Message:
    """An alert as the channel would be told of it."""
    return compose(Notice("", "", "", alert, now), house)


def about_import(handed: HandedIn, house: House) -> Message:
    """What was read out of something handed in and raised no alert, or why nothing was."""
    if not handed.assessed:
        return message_of("Nothing was read", (Line("Reason", handed.problem or "no listing in it"),))
    without = [one for one in handed.assessed if one.alert is None]
    lines = [Line("Read", f"{len(handed.assessed)} listings, {len(handed.assessed) - len(without)} alerts")]
    lines += [Line("Assessed", _verdict(one, house.detail)) for one in without[:MOST_TOLD]]
    if handed.problem:
        lines.append(Line("Not read", handed.problem))
    return message_of("Assessed", tuple(lines))


def _verdict(one: Assessed, detail: Detail) -> str:
    finding = one.finding
    said = f"{finding.probability:.0%} {finding.verdict}, {LANE_WORDS[finding.lane]}".replace("_", " ")
    product = finding.headline.offer.product if finding.headline else None
    return f"{said}, {product}" if product and detail is Detail.FULL else said
