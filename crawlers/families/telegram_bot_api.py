"""Channel posts, edits and forwards as Telegram's Bot API delivers them to a bot that the operator put into a channel.

The interface's address holds the bot's token, so nothing is asked for from here: updates are handed in, by import or by
the operator's own bot. Entities count in UTF-16 code units.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from crawlers.families._html import absolute_url
from crawlers.families._json import JsonValue, as_array, as_count, as_decimal, as_object, as_text, look_up
from crawlers.families._recognition import ANSWER, Mark, carries, recognition
from crawlers.families._state import empty, json_of, not_understood, reads
from crawlers.families._text import fit_text, one_line
from crawlers.families._time import time_from_epoch
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected, rate_limited
from domain.listing import Handle, HandleRole, Listing
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "telegram_bot_api"
PLATFORM = "telegram"
BASE = "https://t.me/"
MOST_UPDATES = 1_000
MOST_ENTITIES = 500

_MESSAGES = ("channel_post", "edited_channel_post", "message", "edited_message")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """Nothing is asked for: updates are imported or handed in by the operator's bot."""
    return ()


def _own_refusal(page: Page) -> Reading | None:
    """The interface's own words, which it gives with the fitting status or with 200."""
    if b'"ok":false' not in page.body[:200].replace(b" ", b""):
        return None
    answer = as_object(json_of(page))
    code, said = as_count(answer.get("error_code")), one_line(as_text(answer.get("description")))[:200]
    if code == 429:
        wait = as_count(look_up(answer, "parameters", "retry_after"))
        return replace(rate_limited(page, f"Telegram: {said}"), retry_after_seconds=wait)
    if code in (401, 403):
        return Reading(ReadingState.LOGIN_REQUIRED, f"Telegram: {said}")
    return not_understood(f"Telegram: {said}")


@reads(Expected("json", ('"update_id"', '"ok"')), own=_own_refusal)
def read(page: Page) -> Reading:
    """One listing a message, the newest edit of each."""
    value = json_of(page)
    answer = as_object(value)
    updates = as_array(answer.get("result")) if "result" in answer else as_array(value)
    if "update_id" in answer:
        updates = [answer]
    if not updates:
        return empty("no updates") if answer.get("ok") is True or value == [] else not_understood("no updates of a bot")
    listings: dict[str, Listing] = {}
    gone_ids: list[str] = []
    skipped = 0
    for update in updates[:MOST_UPDATES]:
        deleted = as_object(as_object(update).get("deleted_business_messages"))
        if deleted:
            gone_ids += _deleted(deleted)
            continue
        listing = _listing(page, as_object(update))
        if listing is None:
            skipped += 1
        else:
            listings[listing.external_id] = listing
    problems = (f"{skipped} updates hold no message with text and were skipped",) if skipped else ()
    if gone_ids and not listings:
        return Reading(ReadingState.GONE, "messages were deleted", gone_ids=tuple(gone_ids), problems=problems)
    if not listings:
        return Reading(ReadingState.EMPTY, "no update holds a message with text", problems=problems)
    kept = tuple(listings.values())
    return Reading(ReadingState.FRESH, listings=kept, gone_ids=tuple(gone_ids), problems=problems)


def _deleted(deleted: Mapping[str, JsonValue]) -> Iterator[str]:
    """The ids of messages that a business account's bot is told were deleted: the one explicit sign there is."""
    place = _place(as_object(deleted.get("chat")))
    numbers = (as_count(number) for number in as_array(deleted.get("message_ids"))[:MOST_UPDATES])
    yield from (f"{place}/{number}" for number in numbers if place and number is not None)


def _listing(page: Page, update: Mapping[str, JsonValue]) -> Listing | None:
    message = next((as_object(update[key]) for key in _MESSAGES if isinstance(update.get(key), dict)), None)
    number = as_count((message or {}).get("message_id"))
    if message is None or number is None:
        return None
    text = "\n\n".join(part for part in _parts(message) if part)
    if as_text(as_object(message.get("chat")).get("type")) == "private":
        return _handed_in(page, message, text)
    chat = as_object(message.get("chat"))
    place = _place(chat)
    if not text or not place:
        return None
    return Listing(
        source=page.snapshot.source,
        external_id=f"{place}/{number}",
        url=f"{BASE}{place}/{number}",
        platform=PLATFORM,
        title=one_line(as_text(chat.get("title")))[:300],
        text=text,
        observed_at=page.snapshot.fetched_at,
        posted_at=time_from_epoch(as_decimal(message.get("date"))),
        edited=as_decimal(message.get("edit_date")) is not None,
        one_time=True,
        handles=_handles(message, chat, place),
        links=tuple(dict.fromkeys(_links(message))),
    )


def _handed_in(page: Page, message: Mapping[str, JsonValue], text: str) -> Listing | None:
    """What a person forwarded to the bot, or wrote to it. That person is nobody's seller and is not named.

    A channel's post is that post, as if it had been read in the channel; anything else is known by its own words.
    """
    if not text:
        return None
    origin = as_object(message.get("forward_origin"))
    chat = as_object(origin.get("chat"))
    place, number = _place(chat), as_count(origin.get("message_id"))
    is_post = as_text(origin.get("type")) == "channel" and place and number is not None
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return Listing(
        source=page.snapshot.source,
        external_id=f"{place}/{number}" if is_post else f"handed-in/{digest}",
        url=f"{BASE}{place}/{number}" if is_post else f"https://{digest}.saved.invalid/",
        platform=PLATFORM,
        title=one_line(as_text(chat.get("title")))[:300],
        text=text,
        observed_at=page.snapshot.fetched_at,
        posted_at=time_from_epoch(as_decimal(origin.get("date"))) if origin else None,
        one_time=True,
        handles=tuple(_origin_handles(origin)) if origin else (),
        links=tuple(dict.fromkeys(_links(message))),
    )


def _place(chat: Mapping[str, JsonValue]) -> str:
    """The public name of a chat, or the `c/<number>` that its members' links use."""
    name = one_line(as_text(chat.get("username")))
    identity = as_text(chat.get("id"))
    return name or (f"c/{identity.removeprefix('-100')}" if identity else "")


def _parts(message: Mapping[str, JsonValue]) -> Iterator[str]:
    yield as_text(message.get("text")) or as_text(message.get("caption"))
    yield as_text(as_object(message.get("document")).get("file_name"))
    poll = as_object(message.get("poll"))
    if poll:
        options = [as_text(as_object(option).get("text")) for option in as_array(poll.get("options"))]
        yield "\n".join([as_text(poll.get("question")), *(f"- {option}" for option in options if option)])
    yield "\n".join(as_text(button.get("text")) for button in _buttons(message))


def _buttons(message: Mapping[str, JsonValue]) -> Iterator[dict[str, JsonValue]]:
    for row in as_array(as_object(message.get("reply_markup")).get("inline_keyboard"))[:20]:
        yield from (as_object(button) for button in as_array(row)[:20])


def _links(message: Mapping[str, JsonValue]) -> Iterator[str]:
    """Where a message leads: hidden links, written ones and buttons."""
    for text_key, entities_key in (("text", "entities"), ("caption", "caption_entities")):
        raw = message.get(text_key)
        encoded = (raw if isinstance(raw, str) else "").encode("utf-16-le", "surrogatepass")
        for value in as_array(message.get(entities_key))[:MOST_ENTITIES]:
            entity = as_object(value)
            address = as_text(entity.get("url"))
            if as_text(entity.get("type")) == "url":
                offset, length = as_count(entity.get("offset")) or 0, as_count(entity.get("length")) or 0
                written = encoded[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")
                address = written if "://" in written else f"https://{written}"
            link = absolute_url(fit_text(address), "")
            if link:
                yield link
    for button in _buttons(message):
        link = absolute_url(as_text(button.get("url")), "")
        if link:
            yield link


def _handles(message: Mapping[str, JsonValue], chat: Mapping[str, JsonValue], place: str) -> tuple[Handle, ...]:
    """Who is who: a forward's origin is the seller; else the channel, or in a group the person who wrote."""
    here = f"{BASE}{place}" if not place.startswith("c/") else None
    origin = as_object(message.get("forward_origin"))
    writer = as_object(message.get("sender_chat")) or as_object(message.get("from"))
    handles: list[Handle] = []
    if origin:
        handles += _origin_handles(origin)
        handles.append(Handle(PLATFORM, place, HandleRole.FORWARDER, here))
    elif as_text(chat.get("type")) == "channel" or as_text(writer.get("id")) == as_text(chat.get("id")):
        handles.append(Handle(PLATFORM, place, HandleRole.SELLER, here))
    else:
        name = _name(writer)
        if name:
            handles.append(Handle(PLATFORM, name, HandleRole.SELLER, _address(writer)))
        handles.append(Handle(PLATFORM, place, HandleRole.HOST, here))
    signature = one_line(as_text(message.get("author_signature")))
    if signature:
        handles.append(Handle(PLATFORM, signature, HandleRole.PUBLISHER))
    return tuple(handles)


def _origin_handles(origin: Mapping[str, JsonValue]) -> list[Handle]:
    who = as_object(origin.get("chat")) or as_object(origin.get("sender_chat")) or as_object(origin.get("sender_user"))
    name = _name(who) or one_line(as_text(origin.get("sender_user_name")))
    handles = [Handle(PLATFORM, name, HandleRole.SELLER, _address(who))] if name else []
    signature = one_line(as_text(origin.get("author_signature")))
    if signature:
        handles.append(Handle(PLATFORM, signature, HandleRole.PUBLISHER))
    return handles


def _name(who: Mapping[str, JsonValue]) -> str:
    full = " ".join(part for key in ("first_name", "last_name") if (part := as_text(who.get(key))))
    return one_line(as_text(who.get("username")) or as_text(who.get("title")) or full)[:200]


def _address(who: Mapping[str, JsonValue]) -> str | None:
    username = one_line(as_text(who.get("username")))
    return f"{BASE}{username}" if username else None


def recognise(page: Page) -> Recognition | None:
    """By the shape of updates; never more than a half, as nothing else says where a file is from."""
    if carries(page, b'"update_id"', b'"message_id"', b'"chat"'):
        return recognition(NAME, [Mark(ANSWER, 0.5, "updates of a bot")])
    return None


FAMILY = Family(
    name=NAME,
    software="Telegram Bot API",
    platform="telegram",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
