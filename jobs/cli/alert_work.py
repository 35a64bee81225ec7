"""`undercut alerts decide`, `snooze`, `notices` and `resend`: acting on alerts, and on what was told of them."""

from typing import Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import print_json, print_table, say

AlertName = Annotated[str, typer.Argument(help="the alert's id, or its first characters")]
By = Annotated[str, typer.Option(help="who decides; an account's name once there are accounts", envvar="USER")]
Note = Annotated[str, typer.Option(help="a sentence that says why; stays in the house")]


def decide(
    alert: AlertName,
    outcome: Annotated[str, typer.Argument(help="confirmed, not_a_violation, authorised, duplicate, needs_more ...")],
    reason: Annotated[str, typer.Argument(help="reason code; a wrong one names those that there are")],
    note: Note = "",
    by: By = "operator",
) -> None:
    """Give a verdict on an alert."""
    from jobs.installation import open_installation
    from line.alert_work import decide_by_name
    from line.alerts import open_alert
    from storage.console_memory import ConsoleMemory

    with open_installation() as installation:
        found = open_alert(installation.store, alert).alert.alert_id
        say(decide_by_name(ConsoleMemory(installation.store), found, outcome, reason, note, by, utc_now()))


def snooze(
    alert: AlertName,
    span: Annotated[str, typer.Option("--for", help="30m, 4h, 2d, 1w")] = "4h",
    note: Note = "",
    by: By = "operator",
) -> None:
    """Let an alert sleep; it comes back then, or sooner when it has become much worse."""
    from jobs.installation import open_installation
    from line.alert_work import snooze_by_name
    from line.alerts import open_alert
    from storage.console_memory import ConsoleMemory

    with open_installation() as installation:
        found = open_alert(installation.store, alert).alert.alert_id
        say(snooze_by_name(ConsoleMemory(installation.store), found, span, note, by, utc_now()))


def notices(
    state: Annotated[
        list[str] | None, typer.Option(help="pending, delivering, retry, delivered, parked; several allowed")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="most notices to show")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a notice")] = False,
) -> None:
    """List notices, by default those that are not delivered, with what became of each."""
    from jobs.installation import open_installation
    from line.alert_work import notices as found_in

    with open_installation() as installation:
        found = found_in(installation.store, state or ["pending", "delivering", "retry", "parked"], limit)
        counts = installation.store.outbox.counts()
    if as_json:
        for one in found:
            print_json(
                {
                    "notice": one.notice_id,
                    "alert": one.alert_id,
                    "version": one.alert_version,
                    "channel": one.channel,
                    "state": one.state.value,
                    "attempts": one.attempts,
                    "due_at": one.due_at.isoformat(),
                    "detail": one.detail,
                }
            )
        return
    print_table(
        ("notice", "alert", "version", "channel", "state", "attempts", "due", "detail"),
        [
            (
                one.notice_id[:12],
                one.alert_id[:10],
                str(one.alert_version),
                one.channel,
                one.state.value,
                str(one.attempts),
                f"{one.due_at:%Y-%m-%d %H:%M:%S}",
                one.detail,
            )
            for one in found
        ],
    )
    say(", ".join(f"{name} {count}" for name, count in counts.items()))


def resend(
    alert: Annotated[str | None, typer.Argument(help="the alert whose newest version is told again")] = None,
    channel: Annotated[str | None, typer.Option(help="to this channel only")] = None,
    parked: Annotated[bool, typer.Option("--parked", help="everything that was given up")] = False,
) -> None:
    """Tell again: one alert, or everything that was given up; `undercut watch` or a worker delivers it."""
    from jobs.installation import open_installation
    from line.alert_work import resend_alert, resend_parked
    from line.alerts import open_alert

    if (alert is None) != parked:
        raise typer.BadParameter("name an alert, or say --parked")
    with open_installation() as installation:
        store = installation.store
        if alert is None:
            count = resend_parked(store, channel)
        else:
            count = resend_alert(store, open_alert(store, alert).alert.alert_id, channel)
    say(f"{count} notices wait for delivery")
