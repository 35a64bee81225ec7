"""Reading a channel's settings strictly: an unknown or unusable one is named with the mend, its value never shown."""

import difflib
from collections.abc import Mapping
from urllib.parse import urlsplit

from alerts.message import Detail, House
from domain.errors import UndercutError

HOUSE_SETTINGS: Mapping[str, str] = {
    "detail": "how much of an alert is told: `minimal` (id, lane, severity, product, link) or `full`",
    "console_url": "the console's address as readers reach it; without it messages carry no link",
}
LONGEST_TIMEOUT_SECONDS = 60.0


class ChannelSettingsError(UndercutError):
    """A channel cannot be opened as it is configured."""


class SettingsReader:
    """The settings of one channel, read by name; `kind` is the channel's, for messages."""

    def __init__(self, kind: str, settings: Mapping[str, str], known: Mapping[str, str]) -> None:
        for name in settings:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                mend = f"did you mean {near[0]!r}?" if near else f"it knows {', '.join(sorted(known))}"
                raise ChannelSettingsError(f"channel {kind}: no setting is named {name!r}; {mend}")
        self.kind = kind
        self._settings = settings
        self._known = known

    def text(self, name: str, default: str | None = None) -> str:
        """The setting's text; ChannelSettingsError where it is missing and has no default."""
        value = self._settings.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise self.wrong(name, f"is missing; it is {self._known[name]}")
        return default

    def number(self, name: str, default: float, *, least: float, most: float) -> float:
        """The setting's number within bounds."""
        text = self.text(name, str(default))
        try:
            number = float(text)
        except ValueError:
            raise self.wrong(name, f"must be a number between {least:g} and {most:g}") from None
        if not least <= number <= most:
            raise self.wrong(name, f"must be between {least:g} and {most:g}")
        return number

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """The setting's word, one of those allowed."""
        word = self.text(name, default)
        if word not in allowed:
            raise self.wrong(name, f"must be one of {', '.join(allowed)}")
        return word

    def web_address(self, name: str, default: str | None = None) -> str:
        """The setting's absolute http or https address."""
        address = self.text(name, default)
        try:
            parts = urlsplit(address)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable or any(character.isspace() for character in address):
            raise self.wrong(name, "must be an absolute http or https address")
        return address

    def house(self, detail: Detail = Detail.MINIMAL) -> House:
        """What the house lets out through this channel."""
        told = self.choice("detail", detail, tuple(Detail))
        return House(Detail(told), self.web_address("console_url") if self._settings.get("console_url") else None)

    def timeout(self) -> float:
        """Seconds that one attempt may take."""
        return self.number("timeout_seconds", 10.0, least=0.05, most=LONGEST_TIMEOUT_SECONDS)

    def wrong(self, name: str, what: str) -> ChannelSettingsError:
        """An error about one setting; it never repeats the value, which may be a secret."""
        return ChannelSettingsError(f"channel {self.kind}: setting {name!r} {what}")
