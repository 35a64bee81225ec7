"""The report desk of an installation: who reports, with which keys, and through which mail server."""

from alerts.channels.email import MailWay, open_mail_way
from jobs.config import ConfigError
from jobs.installation import Installation
from line.report_desk import NOT_CONFIGURED, ReportDesk, ReportHouse
from reports.dossier import Reporter
from storage.console_memory import ConsoleMemory


def open_report_desk(installation: Installation, *, to_send: bool = False) -> ReportDesk:
    """The desk; the mail server's secrets are read only where something will be sent."""
    return ReportDesk(ConsoleMemory(installation.store), report_house(installation, to_send=to_send))


def report_house(installation: Installation, *, to_send: bool = False) -> ReportHouse:
    """What reports are made with."""
    evidence = installation.store.evidence
    way = _mail_way(installation) if to_send else None
    setting = installation.config.reports
    reporter = (
        NOT_CONFIGURED
        if setting is None
        else Reporter(setting.organisation, setting.email, setting.domain, setting.trusted_flagger_id)
    )
    return ReportHouse(
        reporter=reporter,
        pseudonym_key=evidence.derived_key("pseudonyms of sellers"),
        signing_key=evidence.signing_key().private_bytes_raw(),
        rates=installation.rates,
        mail_from=way.sender if way else "",
        post=way.send if way else None,
    )


def _mail_way(installation: Installation) -> MailWay | None:
    specs = {name: spec for name, spec in installation.channel_specs(with_secrets=True).items() if spec.kind == "email"}
    setting = installation.config.reports
    wanted = setting.mail_channel if setting else None
    if wanted is not None and wanted not in specs:
        raise ConfigError(f"reports.mail_channel is {wanted!r}, and no channel of the kind email has that name")
    if wanted is None and len(specs) > 1:
        raise ConfigError(f"several email channels ({', '.join(specs)}); say which in reports.mail_channel")
    chosen = specs.get(wanted) if wanted else next(iter(specs.values()), None)
    return open_mail_way({**chosen.settings, **chosen.secrets}) if chosen else None
