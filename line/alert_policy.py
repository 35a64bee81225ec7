"""Why the policy decided as it did about an alert, and what another policy would have made of all that is stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.backtest import BacktestReport, Difference, run_backtest
from alerts.explanation import Explanation, RuleReport, explain
from alerts.policy import Policy
from domain.alert import Alert, PolicyOutcome
from storage.judged import newest_findings
from storage.store import Store

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExplainedAlert:
    """An alert, and what the policy says of its newest finding today."""

    alert: Alert
    explanation: Explanation

    @property
    def changed(self) -> str:
        """How today's policy differs from what the alert was raised by; empty where it does not."""
        now, raised = self.explanation.outcome, self.alert
        if not now.alert:
            return f"raised by rule {raised.rule}; today's policy would raise no alert"
        if (now.rule, now.severity, now.queue) == (raised.rule, raised.severity, raised.queue):
            return ""
        return f"raised as {raised.severity} in queue {raised.queue} by rule {raised.rule}; today's policy differs"


def explain_alert(store: Store, alert: Alert, policy: Policy) -> ExplainedAlert:
    """Ask the policy anew about an alert's newest finding."""
    listing = store.histories.versions(alert.source, alert.external_id)[-1].listing
    return ExplainedAlert(alert, explain(policy, alert.finding, listing))


def explained_object(explained: ExplainedAlert) -> Object:
    """The same for programs."""
    return {
        "alert": explained.alert.alert_id,
        "policy": explained.explanation.policy,
        "outcome": _outcome(explained.explanation.outcome),
        "changed": explained.changed,
        "rules": [_rule(rule) for rule in explained.explanation.rules],
    }


def backtest_policy(store: Store, before: Policy, after: Policy, since: datetime | None = None) -> BacktestReport:
    """How two policies differ over the newest finding of every stored listing."""
    return run_backtest(before, after, newest_findings(store.database, since))


def backtest_object(report: BacktestReport) -> Object:
    """The report for programs; the examples are the gravest of each change."""
    return {
        "findings": report.findings,
        "alerts_before": report.alerts_before,
        "alerts_after": report.alerts_after,
        "changes": {change.value: count for change, count in sorted(report.changes.items())},
        "rules": [
            {"before": before, "after": after, "findings": count}
            for (before, after), count in report.rules.most_common()
        ],
        "examples": [_difference(one) for change in sorted(report.examples) for one in report.examples[change]],
    }


def _difference(one: Difference) -> Object:
    return {
        "change": one.change.value,
        "source": one.listing.source,
        "external_id": one.listing.external_id,
        "lane": one.finding.lane.value,
        "before": _outcome(one.before),
        "after": _outcome(one.after),
    }


def _outcome(outcome: PolicyOutcome) -> Object:
    return {
        "rule": outcome.rule,
        "alert": outcome.alert,
        "severity": outcome.severity.value if outcome.alert else None,
        "queue": outcome.queue,
        "policy_version": outcome.policy_version,
    }


def _rule(rule: RuleReport) -> Object:
    return {
        "rule": rule.rule,
        "decided": rule.decided,
        "holds": rule.holds,
        "would_have_to_differ": list(rule.would_have_to_differ),
    }
