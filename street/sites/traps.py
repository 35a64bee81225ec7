"""Pages that harm a careless reader: lying or broken bodies, bombs, redirects into private networks, slow answers.

Each stands on a port of its own. `/api/status` of the lying relays is in order, so that a reader gets to the trap.
"""

import functools
import json
import zlib
from collections.abc import Callable, Sequence

from street.content import json_of, text_of
from street.messages import Drip, Request, Response, as_json, html, plain, redirect
from street.site import NO_ROBOTS, Options, Site
from street.sites.telegram import answer as telegram_answer
from street.sites.telegram import channels
from street.telegram_page import channel_page

MEBIBYTE = 1_048_576
FLOOD_BYTES = 10 * MEBIBYTE
BOMB_MEBIBYTES = 512
NESTED_TAGS = 100_000
NESTED_LISTS = 200_000
ATTRIBUTES = 40_000

# What a metadata service or a router must never be asked for on a stranger's word; /hop/<n> gives the n-th.
FORBIDDEN_TARGETS = (
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://169.254.169.254.nip.example.test/",
    "http://192.168.0.1/",
    "http://10.0.0.1:8080/admin",
    "http://[::1]:1/",
    "http://[::ffff:169.254.169.254]/",
    "http://0.0.0.0:1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:1/_x",
)


def open_sites(options: Options) -> Sequence[Site]:
    """The trap sites."""
    said: tuple[tuple[str, str, Callable[[Request], Response]], ...] = (
        ("truncated", "a relay whose price list breaks off in the middle", _relay(_truncated)),
        ("html_for_json", "a relay that answers its interface with a web page, status 200", _page_for_everything),
        ("flood", f"a relay whose price list is {FLOOD_BYTES // MEBIBYTE} MiB of valid JSON", _relay(_flood)),
        ("redirector", "every page redirects to a metadata address; /hop/<n> to others that are closed", _redirector),
        ("gzip_bomb", f"a relay whose price list unpacks to {BOMB_MEBIBYTES} MiB", _relay(_gzip_bomb)),
        ("deep_json", "a relay whose price list nests 200,000 lists", _relay(_deep_json)),
        ("deep_html", "a channel page with 100,000 nested elements", _deep_html),
        ("wide_html", "a channel page with one element of 40,000 attributes", _wide_html),
        ("garbled", "a channel page in GB18030 that claims UTF-8; /empty/ has no body at all", _garbled),
        ("drip", "a channel page that arrives at ten bytes a second", _dripping),
        ("maze", "every page links to a deeper one, without end", _maze),
    )
    return tuple(Site(name, purpose, answer, NO_ROBOTS) for name, purpose, answer in said)


def _relay(price_list: Callable[[], Response]) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        if request.path == "/api/status":
            return as_json({"data": json_of("relays/lantern/status.json"), "message": "", "success": True})
        if request.path == "/api/pricing":
            return price_list()
        return html(text_of("relays/home.html").replace("{{system_name}}", "Trap"))

    return answer


def _truncated() -> Response:
    whole = as_json(json_of("relays/lantern/pricing.json"))
    return Response(body=whole.body[: len(whole.body) // 2], content_type=whole.content_type)


def _page_for_everything(request: Request) -> Response:
    return html(text_of("relays/home.html").replace("{{system_name}}", "Trap"))


@functools.cache
def _flood() -> Response:
    # Rows without a price: a reader that copes with the size still finds nothing on offer.
    row = {**json_of("relays/lantern/pricing.json")["data"][0], "model_ratio": 37.5, "description": "x" * 1000}
    rows = [{**row, "model_name": f"filler-{number:05}"} for number in range(7_000)]
    body = json.dumps({"data": rows, "group_ratio": {"default": 1}, "success": True}).encode()
    return Response(body=body.ljust(FLOOD_BYTES), content_type="application/json; charset=utf-8")


def _redirector(request: Request) -> Response:
    number = request.path.removeprefix("/hop/")
    chosen = int(number) % len(FORBIDDEN_TARGETS) if number.isdigit() and len(number) < 4 else 0
    return redirect(FORBIDDEN_TARGETS[chosen])


@functools.cache
def _gzip_bomb() -> Response:
    # A block that ends in a full flush can be repeated as it is: half a gibibyte for the compression of one MiB.
    block = b" " * MEBIBYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(BOMB_MEBIBYTES):
        checksum = zlib.crc32(block, checksum)
    trailer = checksum.to_bytes(4, "little") + (BOMB_MEBIBYTES * MEBIBYTE % 2**32).to_bytes(4, "little")
    body = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + packed * BOMB_MEBIBYTES + b"\x03\x00" + trailer
    return Response(body=body, content_type="application/json; charset=utf-8", headers={"Content-Encoding": "gzip"})


@functools.cache
def _deep_json() -> Response:
    body = b'{"success":true,"data":' + b"[" * NESTED_LISTS + b"]" * NESTED_LISTS + b"}"
    return Response(body=body, content_type="application/json; charset=utf-8")


def _deep_html(request: Request) -> Response:
    return _channel_with("<div>" * NESTED_TAGS + "deep" + "</div>" * NESTED_TAGS)


def _wide_html(request: Request) -> Response:
    attributes = " ".join(f'data-a{number}="{number}"' for number in range(ATTRIBUTES))
    return _channel_with(f"<p {attributes}>wide</p>")


@functools.cache
def _channel_with(inside: str) -> Response:
    channel = channels()["open_drawer_example"]
    page = channel_page(channel, channel.posts[2:])
    marker = '<div class="tgme_widget_message_wrap'
    return html(page.replace(marker, inside + marker, 1))


def _garbled(request: Request) -> Response:
    if request.path.startswith("/empty"):
        return Response()
    channel = channels()["model_price_wire_example"]
    page = channel_page(channel, [post for post in channel.posts if "官方" in post.text])
    return Response(body=page.encode("gb18030", "replace"), content_type="text/html; charset=utf-8")


def _dripping(request: Request) -> Response:
    whole = telegram_answer(Request("GET", "/s/quiet_room_example", request.headers))
    return Response(body=whole.body, drip=Drip(piece_bytes=10, pause_seconds=1.0))


def _maze(request: Request) -> Response:
    if len(request.path) > 2_000:
        return plain("the path is too long\n", 414)
    deeper = f"{request.path.rstrip('/')}/in"
    return html(
        f'<!DOCTYPE html><html><body><a href="{deeper}">deeper</a> <a href="{deeper}?again=1">or here</a></body></html>'
    )
