"""Mail with a text and an HTML part that say the same, over SMTP.

The Message-ID comes from the idempotency key, so that a repeat after a crash is the same mail to every program that
sorts them out, and the messages about one alert stand in one thread.
"""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

import aiosmtplib

from alerts.channel import Channel, Delivery, DeliveryResult, Sender
from alerts.channel_settings import HOUSE_SETTINGS, SettingsReader
from alerts.channels._message_sender import MessageSender
from alerts.message import House, Message
from alerts.redaction import hide_in_logs, scrub, spellings
from domain.clock import Clock, utc_now
from domain.errors import UndercutError
from domain.hostile_text import one_line

LONGEST_DETAIL = 200
PICTURE = "digest-chart"
SETTINGS = {
    **HOUSE_SETTINGS,
    "host": "the mail server's name",
    "port": "its port; 587 with starttls, 465 with tls, 25 with none",
    "security": "`starttls` (without it), `tls`, or `none` for a server on this machine",
    "username": "the account to log in with; no login without it",
    "password": "the account's password",
    "from": "the sender's address",
    "to": "the recipients' addresses, separated by commas",
    "timeout_seconds": "how long one attempt may take, 10 without it",
}
PORTS = {"starttls": 587, "tls": 465, "none": 25}
_PLAIN_ADDRESSES = "must hold plain mail addresses, as duty@example.org"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]{1,64}@[A-Za-z0-9.\-]{1,253}")


class MailRefusedError(UndercutError):
    """A letter was not taken; the message says what the server answered."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over and how."""

    host: str
    port: int
    security: str
    username: str | None
    password: str | None


def mail(message: Message, sender: str, recipients: tuple[str, ...], clock: Clock) -> EmailMessage:
    """The mail that a message becomes; only our own words stand in its headers, and a line break there is an error."""
    domain = sender.rpartition("@")[2]
    letter = EmailMessage()
    letter["Subject"] = one_line(message.subject)
    letter["From"] = Address("Undercut", *sender.rsplit("@", 1))
    letter["To"] = ", ".join(recipients)
    letter["Date"] = format_datetime(clock())
    letter["Message-ID"] = f"<{_digest(message.key)}@{domain}>"
    thread = f"<thread-{_digest(message.thread)}@{domain}>"
    letter["In-Reply-To"] = thread
    letter["References"] = thread
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter["X-Undercut-Key"] = one_line(message.key, 120)
    letter.set_content(_text(message), cte="base64")
    letter.add_alternative(_html(message), subtype="html", cte="base64")
    html = letter.get_body(("html",))
    if message.picture and isinstance(html, EmailMessage):
        html.add_related(message.picture, "image", "png", cid=f"<{PICTURE}>", filename="digest.png")
    return letter


class EmailSender(MessageSender):
    """Sends to one list of recipients."""

    shows_pictures = True

    def __init__(
        self,
        house: House,
        server: MailServer,
        sender: str,
        recipients: tuple[str, ...],
        timeout: float,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(house)
        self._server = server
        self._sender = sender
        self._recipients = recipients
        self._timeout = timeout
        self._clock = clock
        self._hidden = spellings([server.password] if server.password else [])

    async def transmit(self, message: Message) -> DeliveryResult:
        """Send the mail once."""
        letter = mail(message, self._sender, self._recipients, self._clock)
        try:
            refused = await _hand_in(letter, self._server, self._sender, self._timeout)
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [recipient.code for recipient in error.recipients]
            return self._result(
                max(codes, default=550) if all(code >= 500 for code in codes) else 450, "all recipients"
            )
        except aiosmtplib.SMTPResponseException as error:
            return self._result(error.code, error.message)
        except aiosmtplib.SMTPNotSupported as error:
            return DeliveryResult(Delivery.REFUSED, self._clean(f"{error}; check the setting 'security'"))
        except (aiosmtplib.SMTPException, OSError) as error:
            # A timeout is an OSError too.
            return DeliveryResult(Delivery.RETRY, self._clean(f"{type(error).__name__}: {error}"))
        if refused:
            return DeliveryResult(Delivery.DELIVERED, f"{len(refused)} of {len(self._recipients)} recipients refused")
        return DeliveryResult(Delivery.DELIVERED, f"{self._server.host} took it")

    def _result(self, code: int, said: str) -> DeliveryResult:
        """Four hundreds pass, five hundreds do not (RFC 5321, 4.2.1)."""
        outcome = Delivery.REFUSED if code >= 500 else Delivery.RETRY
        return DeliveryResult(outcome, self._clean(f"{self._server.host} answered {code} {said}"))

    def _clean(self, detail: str) -> str:
        return one_line(scrub(detail, self._hidden), LONGEST_DETAIL)


def _text(message: Message) -> str:
    link = ["", f"Console: {message.console_url}"] if message.console_url else []
    return "\n".join([message.subject, "", *message.plain_lines, *link, ""])


def _html(message: Message) -> str:
    rows = "".join(
        f'<tr><th align="left">{escape(line.label)}</th><td>{escape(line.value)}</td></tr>' for line in message.lines
    )
    link = (
        f'<p><a href="{escape(message.console_url)}" rel="noreferrer">Open in the console</a></p>'
        if message.console_url
        else ""
    )
    words = escape(message.picture_words)
    picture = f'<p><img src="cid:{PICTURE}" alt="{words}" width="640"></p>' if message.picture else ""
    # The last meta keeps mail programs from making links of what looks like a number, a date or an address.
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no"></head>'
        f"<body><h1>{escape(message.subject)}</h1><table>{rows}</table>{picture}{link}</body></html>"
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class MailWay:
    """A mail server that takes single letters, with the sender's address that it expects."""

    server: MailServer
    sender: str
    timeout_seconds: float

    def send(self, letter: EmailMessage) -> str:
        """Hand one letter in now and give the server's answer in a line; raises MailRefusedError."""
        try:
            refused = asyncio.run(_hand_in(letter, self.server, self.sender, self.timeout_seconds))
        except (aiosmtplib.SMTPException, OSError) as error:
            hidden = spellings([self.server.password] if self.server.password else [])
            said = one_line(scrub(f"{type(error).__name__}: {error}", hidden), LONGEST_DETAIL)
            raise MailRefusedError(f"{self.server.host} did not take the mail: {said}") from error
        if refused:
            raise MailRefusedError(f"{self.server.host} refused {len(refused)} of the recipients")
        return f"{self.server.host} took it"


async def _hand_in(letter: EmailMessage, server: MailServer, sender: str, seconds: float) -> Mapping[str, object]:
    async with asyncio.timeout(seconds):
        refused, _ = await aiosmtplib.send(
            letter,
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            local_hostname=sender.rpartition("@")[2],
            timeout=seconds,
        )
    return refused


def open_mail_way(settings: Mapping[str, str]) -> MailWay:
    """The configured mail server for letters that name their own recipient."""
    reader = SettingsReader("email", settings, SETTINGS)
    return _way(reader)


def _way(reader: SettingsReader) -> MailWay:
    security = reader.choice("security", "starttls", tuple(PORTS))
    port = int(reader.number("port", PORTS[security], least=1, most=65_535))
    username = reader.text("username", "") or None
    password = reader.text("password") if username else None
    sender = reader.text("from")
    if not _ADDRESS.fullmatch(sender):
        raise reader.wrong("from", _PLAIN_ADDRESSES)
    if password:
        hide_in_logs([password])
    return MailWay(MailServer(reader.text("host"), port, security, username, password), sender, reader.timeout())


def open_email(settings: Mapping[str, str]) -> Sender:
    """A sender through the configured mail server; the password is kept out of every log of this process."""
    reader = SettingsReader("email", settings, SETTINGS)
    way = _way(reader)
    recipients = tuple(part.strip() for part in reader.text("to").split(","))
    if not all(_ADDRESS.fullmatch(address) for address in recipients):
        raise reader.wrong("to", _PLAIN_ADDRESSES)
    return EmailSender(reader.house(), way.server, way.sender, recipients, way.timeout_seconds)


CHANNEL = Channel("email", SETTINGS, open_email, secrets=frozenset({"password"}), budget_per_hour=20)
