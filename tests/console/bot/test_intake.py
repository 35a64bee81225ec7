"""What linked analysts hand in is assessed at once, and the answer comes into their chat."""

from dataclasses import replace

import pytest

from tests.console.bot.conftest import ANNA, CHAT, CONSOLE, OFFER, STRANGER, Rig, data_of

CHANNEL_POST = {
    "type": "channel",
    "chat": {"id": -1005, "type": "channel", "title": "Shop", "username": "shop_example"},
}


async def test_a_forwarded_post_is_assessed_at_once_as_that_channels_post(rig: Rig) -> None:
    await rig.link()
    origin = {**CHANNEL_POST, "message_id": 42, "date": 1_789_000_000}
    [answer, *_] = await rig.write(OFFER, forward_origin=origin)
    alert = rig.memory.store.alerts.of_listing("import/telegram_bot_api", "shop_example/42")
    assert alert is not None
    assert alert.alert_id in answer.text
    assert data_of(answer, "Claim")
    assert {kind for kind, _ in answer.active} <= {"text_link"}
    assert {url for _, url in answer.active} == {f"{CONSOLE}/alerts/{alert.alert_id}"}
    versions = rig.memory.store.histories.versions(alert.source, alert.external_id)
    assert str(ANNA) not in str(versions[-1].listing)
    assert "You hold" in await rig.press(data_of(answer, "Claim"), chat=ANNA)


async def test_a_pasted_text_names_nobody_as_its_seller(rig: Rig) -> None:
    await rig.link()
    [answer, *_] = await rig.write(OFFER)
    assert "Alert" in answer.text
    [alert] = rig.memory.store.alerts.list().alerts
    [version] = rig.memory.store.histories.versions(alert.source, alert.external_id)
    assert version.listing.handles == ()
    assert await rig.write(OFFER)
    assert rig.memory.store.alerts.count() == 1


async def test_what_is_no_offer_gets_an_answer_too(rig: Rig) -> None:
    await rig.link()
    [answer] = await rig.write("We are hiring a senior engineer, remote, no agencies.")
    assert "not resale" in answer.text


async def test_a_picture_is_kept_and_its_caption_assessed(rig: Rig) -> None:
    await rig.link()
    rig.api.files["f1"] = b"\x89PNG\r\n\x1a\n" + bytes(100)
    answers = await rig.write("", caption=OFFER, photo=[{"file_id": "f0"}, {"file_id": "f1"}])
    assert "Alert" in answers[0].text
    assert "is a picture" in answers[1].text
    [note] = rig.memory.store.custody.notes("kept what was handed in")
    assert rig.memory.store.evidence.open(note.details["sha256"]) == rig.api.files["f1"]


async def test_a_saved_page_is_imported(rig: Rig) -> None:
    await rig.link()
    rig.api.files["d1"] = (
        b'{"id": "1", "text": "Claude Max 20x \\u6210\\u54c1\\u53f7 \\u00a5280\\uff0c\\u8d28\\u4fdd"}\n'
    )
    answers = await rig.write("", document={"file_id": "d1", "file_name": "../../etc/lines.jsonl"})
    assert answers
    assert rig.memory.store.histories.state("import/lines", "1") is not None


async def test_a_link_is_fetched_for_who_sent_it(rig: Rig) -> None:
    await rig.link()
    [answer] = await rig.write("https://shop.example.test/item/1")
    assert rig.fetched == [("https://shop.example.test/item/1", "Anna")]
    assert "0 listings" in answer.text


@pytest.mark.parametrize("text", [OFFER, "/help", "/start", "https://shop.example.test/", "/start wrong-code"])
async def test_a_stranger_hands_nothing_in(rig: Rig, text: str) -> None:
    [answer] = await rig.write(text, user=STRANGER)
    assert "linked analysts only" in answer.text or "code" in answer.text
    assert rig.memory.store.alerts.count() == 0
    assert rig.fetched == []


async def test_what_is_written_in_groups_is_left_alone(rig: Rig) -> None:
    await rig.link()
    before = len(rig.api.calls)
    message = {"message_id": 1, "date": 1, "chat": {"id": CHAT, "type": "group"}, "from": {"id": ANNA}, "text": OFFER}
    await rig.bot.take({"update_id": 1, "message": message})
    assert len(rig.api.calls) == before


async def test_posts_of_channels_are_read_where_the_terms_were_reviewed(rig: Rig) -> None:
    post = {"message_id": 9, "date": 1_789_000_000, "chat": CHANNEL_POST["chat"], "text": OFFER}
    await rig.bot.take({"update_id": 1, "channel_post": post})
    assert rig.memory.store.alerts.count() == 0
    rig.bot = replace(rig.bot, reads_channels=True)
    await rig.bot.take({"update_id": 1, "channel_post": post})
    assert rig.memory.store.alerts.of_listing("import/telegram_bot_api", "shop_example/9") is not None
