"""Lines on the operator's own terminal: nothing leaves the house, so everything is said."""

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from alerts.channel import Channel, Delivery, DeliveryResult, Sender
from alerts.channel_settings import HOUSE_SETTINGS, SettingsReader
from alerts.channels._message_sender import MessageSender
from alerts.message import Detail, House, Message

_STYLES = {"critical": "bold white on red", "high": "bold red", "medium": "bold yellow", "low": "bold"}
SETTINGS = {**HOUSE_SETTINGS, "width": "columns to wrap at; the terminal's own without it"}


class TerminalConsole(Console):
    """A console that says when nobody reads any more; the library's own would end the program."""

    def on_broken_pipe(self) -> None:
        """Called while the error is being handled."""
        raise


class TerminalSender(MessageSender):
    """Prints messages on a console, as text that is never read as markup."""

    def __init__(self, house: House, console: TerminalConsole) -> None:
        super().__init__(house)
        self._console = console

    async def transmit(self, message: Message) -> DeliveryResult:
        """Print the message."""
        try:
            for line in _rows(message):
                self._console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
        except OSError as error:
            return DeliveryResult(Delivery.RETRY, f"the terminal does not take output: {error.strerror}")
        return DeliveryResult(Delivery.DELIVERED, "printed")


def _rows(message: Message) -> list[Text]:
    style = _STYLES.get(message.facts.get("severity", ""), "bold")
    rows = [Text(message.subject, style=style)]
    rows += [Text.assemble((f"  {line.label}: ", "dim"), line.value) for line in message.lines]
    if message.console_url:
        rows.append(Text.assemble(("  Console: ", "dim"), message.console_url))
    return rows


def open_terminal(settings: Mapping[str, str]) -> Sender:
    """A sender that prints on standard output."""
    reader = SettingsReader("terminal", settings, SETTINGS)
    width = int(reader.number("width", 0, least=0, most=1000))
    return TerminalSender(reader.house(Detail.FULL), TerminalConsole(width=width or None))


CHANNEL = Channel("terminal", SETTINGS, open_terminal)
