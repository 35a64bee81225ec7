"""`undercut alerts`: the queue, one alert with its reasons, and what is done with them."""

from typing import Annotated

import typer

from domain.alert import Alert
from domain.finding import PricedOffer
from domain.hostile_text import defang, one_line
from jobs.cli import alert_policy, alert_work
from jobs.cli.output import print_json, print_table, say

app = typer.Typer(help="What a person should see.", no_args_is_help=True)
app.command("explain")(alert_policy.explain)
app.command("backtest")(alert_policy.backtest)
app.command("decide")(alert_work.decide)
app.command("snooze")(alert_work.snooze)
app.command("notices")(alert_work.notices)
app.command("resend")(alert_work.resend)

COLUMNS = ("alert", "lane", "severity", "offer", "official", "share", "why", "place")


@app.command("list")
def list_(
    status: Annotated[list[str] | None, typer.Option(help="open, claimed, snoozed, closed; several allowed")] = None,
    lane: Annotated[list[str] | None, typer.Option(help="kind of harm; several allowed")] = None,
    severity: Annotated[list[str] | None, typer.Option(help="critical, high, medium, low; several allowed")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="most alerts to show")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line an alert")] = False,
) -> None:
    """List alerts, gravest first."""
    from jobs.installation import open_installation
    from line.alerts import alert_filter, alert_object, list_alerts

    with open_installation() as installation:
        wanted = alert_filter(status or ["open", "claimed"], lane, severity)
        found = list_alerts(installation.store, wanted, limit)
        total = installation.store.alerts.count(wanted)
    if as_json:
        for alert in found:
            print_json(alert_object(alert))
        return
    print_table(COLUMNS, [alert_cells(alert) for alert in found])
    say(f"{len(found)} of {total} alerts; `undercut alerts show ALERT` tells everything about one")


@app.command("show")
def show(
    alert: Annotated[str, typer.Argument(help="the alert's id, or its first characters")],
    as_json: Annotated[bool, typer.Option("--json", help="as one JSON line")] = False,
) -> None:
    """Show one alert: what is offered, the arithmetic, the reasons, who was told."""
    from jobs.installation import open_installation
    from line.alerts import alert_object, open_alert

    with open_installation() as installation:
        file = open_alert(installation.store, alert)
    if as_json:
        print_json(alert_object(file.alert))
        return
    shown = file.alert
    finding = shown.finding
    say(f"{shown.alert_id} version {shown.version}: {one_line(shown.title)}")
    say(f"{shown.severity}, {finding.lane}, {shown.status}; rule {shown.rule}; seen at {defang(shown.url)}")
    say(f"probability {finding.probability:.3f}, authorisation {finding.authorisation}")
    print_table(("offer", "price", "official", "share", "assumptions"), [_offer_cells(each) for each in finding.offers])
    print_table(
        ("signal", "contribution", "reason"),
        [
            (signal.name, f"{signal.weight:+.2f}", one_line(signal.reason))
            for signal in sorted(finding.signals, key=lambda signal: -signal.weight)
        ],
    )
    if len(file.versions) > 1:
        print_table(
            ("version", "at", "why", "share", "rule"),
            [
                (
                    str(one.alert.version),
                    f"{one.raised_at:%Y-%m-%d %H:%M}",
                    one.change.value,
                    f"{one.alert.finding.lowest_share or ''}",
                    one.alert.rule,
                )
                for one in file.versions
            ],
        )
    print_table(
        ("channel", "version", "state", "attempts", "detail"),
        [
            (notice.channel, str(notice.alert_version), notice.state.value, str(notice.attempts), notice.detail)
            for notice in file.notices
        ],
    )


def alert_cells(alert: Alert) -> tuple[str, ...]:
    """An alert as a row: offer, official, share, why."""
    finding = alert.finding
    headline = finding.headline
    reasons = sorted((signal for signal in finding.signals if signal.weight > 0), key=lambda signal: -signal.weight)
    return (
        alert.alert_id[:10],
        finding.lane.value,
        alert.severity.value,
        _offer_words(headline) if headline else "none read",
        _official_words(headline) if headline else "",
        _share_words(headline) if headline else "",
        one_line("; ".join(signal.reason for signal in reasons[:2]), 90),
        one_line(f"{alert.source} {alert.external_id}", 40),
    )


def _offer_cells(priced: PricedOffer) -> tuple[str, ...]:
    assumptions = dict.fromkeys((*priced.offer.assumptions, *priced.comparison.assumptions))
    return (
        _offer_words(priced),
        f"{priced.offer.price}" if priced.offer.price else "",
        _official_words(priced),
        _share_words(priced),
        one_line("; ".join(assumptions), 160),
    )


def _offer_words(priced: PricedOffer) -> str:
    offer = priced.offer
    product = offer.product or one_line(offer.stated_product, 30) or "unnamed"
    price = f" {offer.price}" if offer.price else ""
    unit = f" {offer.unit.value}" if offer.unit else ""
    return f"{product} ({offer.kind.value}){price}{unit}"


def _official_words(priced: PricedOffer) -> str:
    official = priced.comparison.official
    if official is None:
        return ""
    return f"{official.price.amount:f} {official.price.currency} {official.unit.value}"


def _share_words(priced: PricedOffer) -> str:
    share = priced.comparison.share
    if share is None:
        return str(priced.comparison.refusal)
    if share.low == share.high:
        return f"{share.best:.3f}"
    return f"{share.best:.3f} ({share.low:.3f} to {share.high:.3f})"
