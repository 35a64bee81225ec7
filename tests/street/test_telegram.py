"""The preview has the shapes of the true one, and its refusals come as the true ones do."""

import re

import pytest
from lxml import html

from street.sites.telegram import channels
from street.telegram_page import PAGE_POSTS, shown_count


def one(document, selector):
    found = document.cssselect(selector)
    assert found, f"nothing at {selector}"
    return found[0]


def test_a_list_page_has_the_marks_of_the_true_one(ask) -> None:
    document = html.fromstring(ask("telegram", "/s/north_harbor_example").text)
    assert one(document, ".tgme_channel_info_header_title span").text == "Северная гавань | подписки на ИИ"
    assert one(document, ".tgme_channel_info_header_username a").text == "@north_harbor_example"
    assert one(document, ".tgme_channel_info_counter .counter_value").text == "3.1K"
    assert one(document, ".tgme_channel_info_counter .counter_type").text == "subscribers"
    blocks = document.cssselect("div.tgme_widget_message_wrap > div.tgme_widget_message[data-post]")
    assert len(blocks) == PAGE_POSTS
    numbers = [int(block.get("data-post").partition("/")[2]) for block in blocks]
    assert numbers == sorted(numbers)
    for block in blocks:
        assert one(block, "a.tgme_widget_message_date > time[datetime]").get("datetime").endswith("+00:00")
        assert one(block, "a.tgme_widget_message_owner_name").get("href") == "https://t.me/north_harbor_example"


@pytest.mark.parametrize(
    ("channel", "number", "selector"),
    [
        ("north_harbor_example", 213, ".tgme_widget_message_meta"),
        ("north_harbor_example", 215, "a.tgme_widget_message_forwarded_from_name[href='https://t.me/quiet_port_example/88']"),
        ("north_harbor_example", 216, "video.tgme_widget_message_video[src]"),
        ("north_harbor_example", 220, ".tgme_widget_message_poll_option_text"),
        ("north_harbor_example", 221, "a.tgme_widget_message_reply .js-message_reply_text"),
        ("north_harbor_example", 223, ".tgme_widget_message_document_title"),
        ("qinghe_relay_example", 102, ".tgme_reaction b"),
        ("qinghe_relay_example", 106, ".tgme_widget_message_from_author"),
        ("qinghe_relay_example", 108, "a.tgme_widget_message_photo_wrap[style*='background-image']"),
        ("qinghe_relay_example", 109, ".service_message"),
        ("model_price_wire_example", 300, "a.tgme_widget_message_link_preview .link_preview_title"),
        ("arcade_lagoon_example", 404, ".tgme_widget_message_grouped_wrap a[href$='?single']"),
    ],
)  # fmt: skip
def test_every_part_of_a_message_has_its_mark(ask, channel: str, number: int, selector: str) -> None:
    document = html.fromstring(ask("telegram", f"/{channel}/{number}?embed=1").text)
    assert one(document, f".tgme_widget_message[data-post='{channel}/{number}']") is not None
    one(document, selector)


def test_an_edited_message_says_so(ask) -> None:
    document = html.fromstring(ask("telegram", "/north_harbor_example/213?embed=1").text)
    assert "edited" in one(document, ".tgme_widget_message_meta").text_content()


def test_paging_back_shows_every_post_once(ask) -> None:
    path, seen = "/s/qinghe_relay_example", []
    while path:
        page = ask("telegram", path).text
        numbers = [int(number) for number in re.findall(r'data-post="qinghe_relay_example/([0-9]+)"', page)]
        seen = numbers + seen
        document = html.fromstring(page)
        older = document.cssselect("a.tme_messages_more[data-before]")
        assert bool(older) == bool(document.cssselect("link[rel=prev]"))
        path = older[0].get("href") if older else ""
    assert seen == [post.number for post in channels()["qinghe_relay_example"].posts]


def test_paging_forward_starts_after_the_number(ask) -> None:
    page = ask("telegram", "/s/qinghe_relay_example?after=104").text
    assert re.findall(r'data-post="qinghe_relay_example/([0-9]+)"', page)[0] == "105"


def test_a_search_finds_words_and_an_empty_list_is_no_proof(ask) -> None:
    found = ask("telegram", "/s/north_harbor_example?q=SuperGrok%20Heavy").text
    nothing = ask("telegram", "/s/north_harbor_example?q=nonesuch").text
    quiet = ask("telegram", "/s/quiet_room_example")
    assert re.findall(r'data-post="[a-z_]+/([0-9]+)"', found) == ["210"]
    for page in (nothing, quiet.text):
        assert (
            one(html.fromstring(page), ".tgme_widget_message_centered .tme_no_messages_found").text == "No posts found"
        )
    assert quiet.status == 200


@pytest.mark.parametrize(
    ("name", "title", "mark"),
    [
        ("closed_lounge_example", "Telegram: View @closed_lounge_example", ".tgme_page_extra"),
        ("nobody_has_this_name", "Telegram: Contact @nobody_has_this_name", ".tgme_icon_user"),
    ],
)
def test_what_has_no_preview_leads_to_its_card(ask, name: str, title: str, mark: str) -> None:
    refused = ask("telegram", f"/s/{name}")
    assert refused.status == 302
    assert refused.headers["location"].endswith(f"/{name}")
    card = ask("telegram", f"/{name}")
    document = html.fromstring(card.text)
    assert card.status == 200
    assert one(document, "title").text == title
    one(document, mark)


def test_a_post_that_is_not_there_says_so_with_200(ask) -> None:
    missing = ask("telegram", "/north_harbor_example/99999?embed=1")
    assert missing.status == 200
    assert one(html.fromstring(missing.text), ".err_message .tgme_widget_message_error").text == "Post not found"


def test_hostile_texts_are_escaped_as_the_true_preview_escapes_them(ask) -> None:
    page = ask("telegram", "/s/glitch_bazaar_example").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(document.domain)&lt;/script&gt;" in page
    assert "\x1b[31m" in page
    assert "\u202e" in page


def test_fake_keys_are_made_when_read_and_stand_in_no_file(ask) -> None:
    page = ask("telegram", "/s/open_drawer_example").text
    assert re.search(r"sk-ant-api03-[0-9a-f]{64}", page)
    assert "⟦" not in page


def test_there_is_no_robots_file(ask) -> None:
    assert ask("telegram", "/robots.txt").status == 404


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (980, "980"), (1520, "1.52K"), (12_500, "12.5K"), (3_100_000, "3.1M")]
)
def test_views_are_rounded_as_the_preview_rounds_them(count: int, shown: str) -> None:
    assert shown_count(count) == shown
