"""`undercut alerts explain` and `undercut alerts backtest`: why a policy decides as it does, and what another would."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.hostile_text import one_line
from jobs.cli.output import print_json, print_table, say


def explain(
    alert: Annotated[str, typer.Argument(help="the alert's id, or its first characters")],
    policy: Annotated[Path | None, typer.Option(help="ask this policy instead of the one in use")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="as one JSON line")] = False,
) -> None:
    """Say which rule raised an alert, and what would have to differ for every other one."""
    from alerts.policy import load_policy
    from jobs.installation import open_installation
    from line.alert_policy import explain_alert, explained_object
    from line.alerts import open_alert

    with open_installation() as installation:
        asked = load_policy(policy) if policy is not None else installation.policy
        explained = explain_alert(installation.store, open_alert(installation.store, alert).alert, asked)
    if as_json:
        print_json(explained_object(explained))
        return
    for line in explained.explanation.lines:
        indent = len(line) - len(line.lstrip(" "))
        typer.echo(" " * indent + one_line(line, 600))
    if explained.changed:
        say(explained.changed)


def backtest(
    policy: Annotated[Path, typer.Argument(help="the policy to try")],
    against: Annotated[Path | None, typer.Option(help="compare with this policy, not with the one in use")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="only listings seen on or after this day")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="as one JSON line")] = False,
) -> None:
    """Try a policy on everything stored: which findings would newly alert, stop, or be graver."""
    from alerts.policy import load_policy
    from jobs.installation import open_installation
    from line.alert_policy import backtest_object, backtest_policy

    tried = load_policy(policy)
    with open_installation() as installation:
        before = load_policy(against) if against is not None else installation.policy
        report = backtest_policy(installation.store, before, tried, since.replace(tzinfo=UTC) if since else None)
    if as_json:
        print_json(backtest_object(report))
        return
    print_table(
        ("change", "lane", "before", "after", "place"),
        [
            (
                change.value,
                one.finding.lane.value,
                f"{one.before.severity.value} by {one.before.rule}" if one.before.alert else "no alert",
                f"{one.after.severity.value} by {one.after.rule}" if one.after.alert else "no alert",
                one_line(f"{one.listing.source} {one.listing.external_id}", 60),
            )
            for change in sorted(report.examples)
            for one in report.examples[change]
        ],
    )
    counted = ", ".join(f"{change.value} {count}" for change, count in sorted(report.changes.items())) or "no change"
    say(f"{report.findings} findings, {report.alerts_before} alerts before, {report.alerts_after} after: {counted}")
