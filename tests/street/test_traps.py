"""The traps are what they claim to be."""

import gzip
import json
import time
import zlib

import pytest

from street.sites.traps import BOMB_MEBIBYTES, FLOOD_BYTES, FORBIDDEN_TARGETS, MEBIBYTE, NESTED_LISTS, NESTED_TAGS


@pytest.mark.parametrize("site", ["truncated", "flood", "gzip_bomb", "deep_json"])
def test_the_lying_relays_have_an_honest_status(ask, site: str) -> None:
    assert json.loads(ask(site, "/api/status").text)["success"] is True


def test_a_truncated_price_list_is_no_json(ask) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(ask("truncated", "/api/pricing").text)


def test_html_stands_where_json_is_expected(ask) -> None:
    answer = ask("html_for_json", "/api/status")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_the_flood_is_valid_json_of_its_size(ask) -> None:
    body = ask("flood", "/api/pricing").body
    assert len(body) == FLOOD_BYTES
    assert len(json.loads(body)["data"]) == 7_000


def test_redirects_lead_where_no_crawler_may_go(ask) -> None:
    led = [ask("redirector", f"/hop/{number}").headers["location"] for number in range(len(FORBIDDEN_TARGETS))]
    assert led == list(FORBIDDEN_TARGETS)
    assert ask("redirector", "/s/any").headers["location"] == "http://169.254.169.254/latest/meta-data/"


def test_the_gzip_bomb_is_one_valid_member_that_unpacks_to_its_size(ask) -> None:
    answer = ask("gzip_bomb", "/api/pricing")
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.body) < MEBIBYTE
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert unpacker.decompress(answer.body, MEBIBYTE) == b" " * MEBIBYTE
    assert int.from_bytes(answer.body[-4:], "little") == BOMB_MEBIBYTES * MEBIBYTE


@pytest.mark.slow
def test_the_gzip_bomb_ends_with_the_right_checksum(ask) -> None:
    from io import BytesIO

    with gzip.open(BytesIO(ask("gzip_bomb", "/api/pricing").body)) as unpacked:
        length = sum(len(piece) for piece in iter(lambda: unpacked.read(8 * MEBIBYTE), b""))
    assert length == BOMB_MEBIBYTES * MEBIBYTE


def test_deep_pages_are_deep(ask) -> None:
    assert ask("deep_json", "/api/pricing").body.count(b"[") == NESTED_LISTS
    page = ask("deep_html", "/s/any").text
    assert page.count("<div>") >= NESTED_TAGS
    assert "data-post=" in page
    assert ask("wide_html", "/s/any").text.count("data-a") == 40_000


def test_the_garbled_page_is_not_the_encoding_it_claims(ask) -> None:
    answer = ask("garbled", "/s/any")
    assert "utf-8" in answer.headers["content-type"]
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")
    assert "官方" in answer.body.decode("gb18030")
    assert ask("garbled", "/empty/page").body == b""


def test_the_drip_sends_its_head_at_once_and_its_body_slowly(street) -> None:
    import http.client
    from urllib.parse import urlsplit

    place = urlsplit(street.sites["drip"])
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=5)
    began = time.monotonic()
    connection.request("GET", "/s/any")
    response = connection.getresponse()
    first = response.read(10)
    took = time.monotonic() - began
    connection.close()
    assert len(first) == 10
    assert took < 1.0
    assert int(response.headers["Content-Length"]) > 1_000


def test_the_maze_has_no_end_but_a_longest_path(ask) -> None:
    assert 'href="/a/in"' in ask("maze", "/a").text
    assert ask("maze", "/" + "in/" * 700).status == 414
