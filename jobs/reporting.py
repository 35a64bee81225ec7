"""The report desk of an installation: who reports, with which keys, and through which mail server."""

from email.message import EmailMessage

from alerts.channels.email import open_mail_way
from jobs.config import ChannelSetting, ConfigError, read_secret
from jobs.installation import Installation
from line.report_desk import NOT_CONFIGURED, ReportDesk, ReportHouse
from reports.dossier import Reporter
from storage.console_memory import ConsoleMemory


def open_report_desk(installation: Installation) -> ReportDesk:
    """The desk over this installation's memory."""
    return ReportDesk(ConsoleMemory(installation.store), report_house(installation))


def report_house(installation: Installation) -> ReportHouse:
    """What reports are made with; the mail server's secrets are read only when something is sent."""
    evidence = installation.store.evidence
    channel = _mail_channel(installation)
    setting = installation.config.reports
    reporter = (
        NOT_CONFIGURED
        if setting is None
        else Reporter(setting.organisation, setting.email, setting.domain, setting.trusted_flagger_id)
    )

    def post(letter: EmailMessage) -> str:
        if channel is None:
            raise ConfigError("no mail server is set; add a channel of the kind email to undercut.toml")
        secrets = {name: read_secret(place) for name, place in channel.secrets_from.items()}
        return open_mail_way({**channel.settings, **secrets}).send(letter)

    return ReportHouse(
        reporter=reporter,
        pseudonym_key=evidence.derived_key("pseudonyms of sellers"),
        signing_key=evidence.signing_key().private_bytes_raw(),
        rates=installation.rates,
        mail_from=channel.settings.get("from", "") if channel else "",
        post=post if channel else None,
    )


def _mail_channel(installation: Installation) -> ChannelSetting | None:
    """The email channel that reports go out through: the named one, else the only one; raises ConfigError."""
    found = {name: one for name, one in installation.config.channels.items() if one.kind == "email"}
    setting = installation.config.reports
    wanted = setting.mail_channel if setting else None
    if wanted is None:
        return next(iter(found.values())) if len(found) == 1 else None
    if wanted not in found:
        raise ConfigError(f"reports.mail_channel is {wanted!r}, and no channel of the kind email has that name")
    return found[wanted]
