"""Why a policy decided as it did: which rule held, and for every other one what would have had to differ."""

from dataclasses import dataclass

from alerts.conditions import Check, Facts
from alerts.policy import Policy, ReadyRule
from alerts.text import neutral
from domain.alert import PolicyOutcome
from domain.finding import Finding
from domain.hostile_text import one_line
from domain.listing import Listing

MOST_FOUND = 300
OWN_WORDS = frozenset({"signals_any", "signals_all", "signals_none"})


@dataclass(frozen=True, slots=True)
class ConditionReport:
    """One condition asked of one finding: its name, what it needs, what was found, whether it holds."""

    condition: str
    needed: str
    found: str
    holds: bool


@dataclass(frozen=True, slots=True)
class RuleReport:
    """One rule asked of one finding.

    `decided` marks the rule that spoke; `holds` a rule that would have, had none before it held. `exceptions` is empty
    unless the rule names some; they stop the rule only when all of them hold.
    """

    rule: str
    why: str
    outcome: PolicyOutcome
    holds: bool
    decided: bool
    conditions: tuple[ConditionReport, ...]
    exceptions: tuple[ConditionReport, ...]

    @property
    def would_have_to_differ(self) -> tuple[str, ...]:
        """What would have to be otherwise for this rule to hold; empty for one that does."""
        if self.holds:
            return ()
        failed = [f"{c.condition}: needs {c.needed}, found {c.found}" for c in self.conditions if not c.holds]
        if self.exceptions and all(c.holds for c in self.exceptions):
            named = " and ".join(f"{c.condition} ({c.needed})" for c in self.exceptions)
            failed.append(f"unless: the exception holds as a whole: {named}")
        return tuple(failed)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The outcome, and a report on every rule in order."""

    outcome: PolicyOutcome
    policy: str
    rules: tuple[RuleReport, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The same in plain sentences, one a line."""
        outcome = self.outcome
        said = f"alert, {outcome.severity}, queue {outcome.queue}" if outcome.alert else "no alert"
        lines = [f"rule {outcome.rule} decided: {said} (policy {self.policy}, version {outcome.policy_version})"]
        for report in self.rules:
            if report.decided:
                lines.append(f"  {report.rule}: decided. {report.why}")
                lines += [f"    {c.condition}: needs {c.needed}, found {c.found}" for c in report.conditions]
            elif report.holds:
                lines.append(f"  {report.rule}: holds too, but a rule before it decided")
            else:
                lines.append(f"  {report.rule}: does not hold; what would have to differ:")
                lines += [f"    {difference}" for difference in report.would_have_to_differ]
        return tuple(lines)


def explain(policy: Policy, finding: Finding, listing: Listing) -> Explanation:
    """Why the policy decides as it does about this finding."""
    facts = Facts.of(finding, listing)
    outcome = policy.decide(finding, listing)
    return Explanation(outcome, policy.name, tuple(_report(rule, facts, outcome.rule) for rule in policy.rules))


def _report(rule: ReadyRule, facts: Facts, decided_by: str) -> RuleReport:
    return RuleReport(
        rule=rule.rule.name,
        why=rule.rule.why,
        outcome=rule.outcome,
        holds=rule.holds(facts),
        decided=rule.rule.name == decided_by,
        conditions=_ask(rule.when, facts),
        exceptions=_ask(rule.unless, facts),
    )


def _ask(asked: tuple[Check, ...], facts: Facts) -> tuple[ConditionReport, ...]:
    return tuple(ConditionReport(c.condition, c.needed, _found(c, facts), c.holds(facts)) for c in asked)


def _found(check: Check, facts: Facts) -> str:
    """What was found, inert. The names of signals are our own: defanged, they could not be copied into a policy."""
    found = check.found(facts)
    return one_line(found, MOST_FOUND) if check.condition in OWN_WORDS else neutral(found, MOST_FOUND)
