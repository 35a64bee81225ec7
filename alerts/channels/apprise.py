"""Chat and paging tools that the Apprise library speaks to: Slack, Discord, Teams, ntfy, Matrix, PagerDuty and others.

Many of them read markup whatever they are told, so every character that any of them gives a meaning is replaced by its
look-alike. Only the tools named here can be reached: the library knows schemes that run programs, and each is loaded
from its own module without the others. The tools keep no idempotency key, so the key stands in the text.
"""

import asyncio
import importlib
import re
from collections.abc import Mapping
from typing import Any

import apprise

from alerts.channel import Channel, Delivery, DeliveryResult, Sender
from alerts.channel_settings import HOUSE_SETTINGS, ChannelSettingsError, SettingsReader
from alerts.channels._http import result_of_status
from alerts.channels._message_sender import MessageSender
from alerts.message import House, Message
from alerts.redaction import hide_in_logs, tokens_of

TOOLS: Mapping[str, tuple[str, str]] = {
    "betterstack": ("betterstack", "NotifyBetterStack"),
    "discord": ("discord", "NotifyDiscord"),
    "gchat": ("google_chat", "NotifyGoogleChat"),
    "gotify": ("gotify", "NotifyGotify"),
    "gotifys": ("gotify", "NotifyGotify"),
    "matrix": ("matrix", "NotifyMatrix"),
    "matrixs": ("matrix", "NotifyMatrix"),
    "mmost": ("mattermost", "NotifyMattermost"),
    "mmosts": ("mattermost", "NotifyMattermost"),
    "ntfy": ("ntfy", "NotifyNtfy"),
    "ntfys": ("ntfy", "NotifyNtfy"),
    "opsgenie": ("opsgenie", "NotifyOpsgenie"),
    "pagerduty": ("pagerduty", "NotifyPagerDuty"),
    "pagertree": ("pagertree", "NotifyPagerTree"),
    "pover": ("pushover", "NotifyPushover"),
    "rocket": ("rocketchat", "NotifyRocketChat"),
    "rockets": ("rocketchat", "NotifyRocketChat"),
    "slack": ("slack", "NotifySlack"),
    "splunk": ("splunk", "NotifySplunk"),
    "workflows": ("workflows", "NotifyWorkflows"),
    "wxteams": ("webexteams", "NotifyWebexTeams"),
    "zulip": ("zulip", "NotifyZulip"),
}
"""Scheme of the address to the library's module and class. Teams is `workflows`, Mattermost `mmost`."""

SETTINGS = {
    **HOUSE_SETTINGS,
    "url": f"the tool's Apprise address, one of {', '.join(f'{scheme}://' for scheme in TOOLS)}",
    "timeout_seconds": "how long one attempt may take, 10 without it",
}
MOST_CHARACTERS = 3000
# Statuses by which a tool says that the same request will never be taken.
_NEVER = frozenset({301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 413, 422})

_LOOK_ALIKES = str.maketrans(
    {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", "|": "¦", "\\": "＼", "#": "＃", "[": "［", "]": "］", "!": "ǃ"}
)
_SHORT_CODE = re.compile(r":(?=[A-Za-z0-9_+\-ˍ]{1,60}:)")
_ANSWERED = re.compile(r"error=([1-5][0-9]{2})\b")


def unmarked(text: str) -> str:
    """The text without any character that a chat tool gives a meaning; each is replaced by one that looks like it."""
    return _SHORT_CODE.sub("∶", text.translate(_LOOK_ALIKES)).replace("$$", "$ $")


def body(message: Message) -> str:
    """The text below the title: a line for each fact, the console's address, and the key by which repeats are known."""
    lines: list[str] = []
    room = MOST_CHARACTERS
    for line in message.lines:
        said = f"{line.label}: {unmarked(line.value)}"
        if len(said) > room:
            break
        lines.append(said)
        room -= len(said) + 1
    if message.console_url:
        lines.append(f"Console: {message.console_url}")
    lines.append(f"Key: {unmarked(message.key)}")
    return "\n".join(lines)


class AppriseSender(MessageSender):
    """Tells one tool."""

    def __init__(self, house: House, tool: str, notifier: apprise.Apprise, timeout: float) -> None:
        super().__init__(house)
        self._tool = tool
        self._notifier = notifier
        self._timeout = timeout

    async def transmit(self, message: Message) -> DeliveryResult:
        """Tell the tool once; the library blocks, so it works in a thread."""
        title, said = unmarked(message.subject), body(message)
        try:
            async with asyncio.timeout(self._timeout + 1):
                return await asyncio.to_thread(self._notify, title, said)
        except TimeoutError:
            return DeliveryResult(Delivery.RETRY, f"{self._tool} did not answer within {self._timeout:g} s")

    def _notify(self, title: str, said: str) -> DeliveryResult:
        result = self._notifier.notify(title=title, body=said, body_format=apprise.NotifyFormat.TEXT)
        if result:
            return DeliveryResult(Delivery.DELIVERED, f"{self._tool} took it")
        statuses = _statuses(result)
        if statuses and statuses[-1] in _NEVER:
            return result_of_status(statuses[-1], None, self._tool)
        answered = f"answered {statuses[-1]}" if statuses else "could not be told"
        return DeliveryResult(Delivery.RETRY, f"{self._tool} {answered}")


def _statuses(result: Any) -> list[int]:
    """The HTTP statuses that the library saw; it keeps them only in the lines it logged about an attempt."""
    return [
        int(found.group(1))
        for service in result.results
        for entry in service.logs()
        if (found := _ANSWERED.search(str(entry.message))) is not None
    ]


def open_apprise(settings: Mapping[str, str]) -> Sender:
    """A sender for one tool. Whatever of the address may be a token is kept out of every log of this process."""
    reader = SettingsReader("apprise", settings, SETTINGS)
    url, timeout = reader.text("url"), reader.timeout()
    scheme, separator, _ = url.partition("://")
    scheme = scheme.lower()
    if scheme not in TOOLS or not separator:
        raise reader.wrong("url", f"must begin with one of {', '.join(f'{known}://' for known in TOOLS)}")
    hide_in_logs(tokens_of(url))
    notifier = apprise.Apprise(asset=_asset(timeout))
    notifier.add(_tool(scheme, url, timeout))
    return AppriseSender(reader.house(), scheme, notifier, timeout)


def _tool(scheme: str, url: str, timeout: float) -> Any:
    """The library's own object for the address, with what it must not do switched off."""
    module, name = TOOLS[scheme]
    kind = getattr(importlib.import_module(f"apprise.plugins.{module}"), name)
    # As the library's own front door does: the hash of a chat room is no fragment.
    parsed = kind.parse_url(url.replace("/#", "/%23"))
    if parsed is None:
        raise ChannelSettingsError(f"channel apprise: setting 'url' is no {scheme} address; see Apprise's page on it")
    forced = {"asset": _asset(timeout), "redirect": False, "include_image": False, "format": "text"}
    try:
        return kind(**{**parsed, **forced, "cto": str(timeout), "rto": str(timeout), "emojis": False})
    except (apprise.exception.AppriseImproperlyConfigured, TypeError) as error:
        raise ChannelSettingsError(
            f"channel apprise: setting 'url' is no usable {scheme} address ({type(error).__name__})"
        ) from None


def _asset(timeout: float) -> apprise.AppriseAsset:
    return apprise.AppriseAsset(
        app_id="Undercut",
        app_desc="Undercut",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        interpret_emojis=False,
        async_mode=False,
        secure_logging=True,
        allow_templates=False,
        service_timeout=timeout,
    )


CHANNEL = Channel("apprise", SETTINGS, open_apprise, secrets=frozenset({"url"}), budget_per_hour=20)
