"""Chat tools are told in text that none of them reads as markup, and only those that are named can be reached."""

import json
import re
import subprocess
import sys

import pytest

from alerts.channel import Delivery
from alerts.channel_settings import ChannelSettingsError
from alerts.channels.apprise import MOST_CHARACTERS, TOOLS, body, open_apprise, unmarked
from alerts.message import Detail, House, compose
from street.hostile_texts import hostile_texts
from street.receivers.http_receiver import Answer, HttpReceiver
from tests.alerts.conftest import HOW_MANY, make_alert, make_finding, make_notice, make_offer
from tests.alerts.rigs import CONSOLE, AppriseRig
from tests.conftest import REPOSITORY

FULL = House(Detail.FULL, CONSOLE)
MEANINGFUL = re.compile(r"[*_~`|\\#\[\]<>@!]|\$\$|:[A-Za-z0-9_+\-]+:|://")
ADDRESSES = {
    "betterstack": "betterstack://abcdefghijklmnopqrstuvwx",
    "discord": "discord://123456789012345678/abcdefghijklmnopqrstuvwxyzABCDEF",
    "gchat": "gchat://workspace/key-key-key/token-token-token",
    "gotify": "gotify://127.0.0.1/abcdefghijklmno",
    "gotifys": "gotifys://gotify.example.test/abcdefghijklmno",
    "matrix": "matrix://user:password@127.0.0.1/#duty",
    "matrixs": "matrixs://user:password@matrix.example.test/#duty",
    "mmost": "mmost://127.0.0.1/abcdefghijklmnopqrstuvwx",
    "mmosts": "mmosts://chat.example.test/abcdefghijklmnopqrstuvwx",
    "ntfy": "ntfy://127.0.0.1/duty",
    "ntfys": "ntfys://ntfy.example.test/duty",
    "opsgenie": "opsgenie://01234567-89ab-cdef-0123-456789abcdef",
    "pagerduty": "pagerduty://integrationkey01@apikey0123456789",
    "pagertree": "pagertree://int_abcdefghijkl",
    "pover": "pover://abcdefghijklmnopqrstuvwxyz0123@abcdefghijklmnopqrstuvwxyz0123",
    "rocket": "rocket://user:password@127.0.0.1/#duty",
    "rockets": "rockets://user:password@chat.example.test/#duty",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#duty",
    "splunk": "splunk://route@abcdefghijklmnopqrstuvwxyz012345",
    "workflows": "workflows://prod-1.example.test:443/643e69f83c8943438d0f/SignatureSignature",
    "wxteams": "wxteams://" + "a" * 80,
    "zulip": "zulip://bot@organisation/abcdefghijklmnopqrstuvwxyz012345",
}


@HOW_MANY
def test_hostile_texts_leave_nothing_that_a_tool_gives_a_meaning(count: int) -> None:
    for text in hostile_texts(count):
        finding = make_finding(offers=(make_offer(stated_product=text, conditions={"group": text}),))
        alert = make_alert(title=text, url=f"https://{text}", source=text, finding=finding)
        message = compose(make_notice(alert=alert), FULL)
        *lines, link, key = body(message).splitlines()
        assert link == f"Console: {CONSOLE}/alerts/al-1"
        assert key == "Key: key-al-1-1-duty"
        for said in (unmarked(message.subject), *lines):
            assert not MEANINGFUL.search(said), said
        assert len("\n".join(lines)) <= MOST_CHARACTERS


def test_every_tool_that_is_named_can_be_opened_without_loading_the_others() -> None:
    code = (
        "import json, sys\n"
        "from alerts.channels.apprise import open_apprise\n"
        "for url in json.loads(sys.stdin.read()): open_apprise({'url': url})\n"
        "print(sorted(n.split('.')[2] for n in sys.modules if n.startswith('apprise.plugins.')))\n"
    )
    assert set(ADDRESSES) == set(TOOLS)
    answer = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(list(ADDRESSES.values())),
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )
    assert answer.returncode == 0, answer.stderr
    loaded = set(json.loads(answer.stdout.replace("'", '"')))
    assert loaded <= {module for module, _ in TOOLS.values()} | {"base"}


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1/x",
        "dbus://",
        "syslog://",
        "windows://",
        "macosx://",
        "mailto://user:password@example.test",
        "file:///etc/passwd",
        "python://x",
        "tgram://123456789:token/1",
        "slack",
        "",
    ],
)
def test_any_other_scheme_is_refused_before_the_library_sees_it(url: str) -> None:
    with pytest.raises(ChannelSettingsError, match=r"must begin with one of|is missing"):
        open_apprise({"url": url})


def test_an_address_that_the_tool_does_not_understand_is_refused_without_being_repeated() -> None:
    with pytest.raises(ChannelSettingsError, match=r"no usable slack address|is no slack address") as caught:
        open_apprise({"url": "slack://secret-token/x"})
    assert "secret-token" not in str(caught.value)


async def test_the_address_cannot_switch_markup_redirects_or_pictures_on() -> None:
    receiver = HttpReceiver()
    async with receiver.serving():
        options = "?format=markdown&redirect=yes&image=yes&emojis=yes"
        sender = open_apprise({"url": f"mmost://127.0.0.1:{receiver.port}/abcdefghijklmnopqrstuvwx{options}"})
        await sender.send(make_notice())
    (request,) = receiver.requests
    said = json.loads(request.body)
    assert set(said) == {"text", "username"}
    assert "http" not in said["text"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_tool_that_says_never_is_believed(status: int) -> None:
    rig = AppriseRig()
    async with rig.open():
        rig.http.script.append(Answer(status))
        assert (await rig.sender.send(make_notice())).outcome is Delivery.REFUSED


async def test_ntfy_is_told_in_plain_text_too() -> None:
    receiver = HttpReceiver()
    async with receiver.serving():
        sender = open_apprise({"url": f"ntfy://127.0.0.1:{receiver.port}/duty?mode=private"})
        result = await sender.send(make_notice())
    assert result.outcome is Delivery.DELIVERED, result
    (request,) = receiver.requests
    everything = request.body.decode() + json.dumps(request.headers)
    assert "Key: key-al-1-1-duty" in everything
    assert "github.com" not in everything
