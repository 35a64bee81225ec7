"""The policy: a small reviewed file of ordered rules that says what becomes an alert, how grave, in whose queue.

The first rule whose conditions all hold decides; a finding that no rule wants is no alert. The version is a digest
of what the rules say, not of how the file is laid out, and stands in every outcome.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from alerts.conditions import Check, Conditions, Facts, checks
from alerts.policy_file import PolicyError, name_problems, read_mapping
from domain.alert import PolicyOutcome, Severity
from domain.finding import Finding
from domain.listing import Listing

DEFAULT_POLICY = "default_policy.yml"
NO_RULE = "no-rule"
VERSION_CHARACTERS = 16
MOST_RULES = 200

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]


class RuleThen(BaseModel):
    """What a rule decides: `alert: false`, or `alert: true` with a severity and a queue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alert: bool = Field(description="whether a person is told")
    severity: Severity | None = Field(None, description="how soon a person should look")
    queue: Name | None = Field(None, description="the queue it stands in")

    @model_validator(mode="after")
    def _complete(self) -> "RuleThen":
        given = (self.severity is not None, self.queue is not None)
        if self.alert and given != (True, True):
            raise ValueError("alert: true needs a severity and a queue; add both")
        if not self.alert and given != (False, False):
            raise ValueError("alert: false takes neither severity nor queue; remove them")
        return self


class Rule(BaseModel):
    """One rule: its name, why it stands, when it holds, unless what, and what then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=600)]
    when: Conditions
    unless: Conditions | None = None
    then: RuleThen

    @model_validator(mode="after")
    def _asks_something(self) -> "Rule":
        if not checks(self.when):
            raise ValueError("when: is empty, so the rule would take every finding; add at least one condition")
        if self.unless is not None and not checks(self.unless):
            raise ValueError("unless: is empty; remove it or add a condition")
        if self.name == NO_RULE:
            raise ValueError(f"name: {NO_RULE!r} is what a finding is given that no rule wants; choose another")
        return self


class PolicyFile(BaseModel):
    """The whole file: `rules`, first match first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _names_differ(self) -> "PolicyFile":
        if not 1 <= len(self.rules) <= MOST_RULES:
            raise ValueError(f"rules: holds {len(self.rules)}; it needs 1 to {MOST_RULES}")
        names = [rule.name for rule in self.rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two rules are named {', '.join(twice)}; give each its own name")
        return self


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with its conditions ready to be asked."""

    rule: Rule
    when: tuple[Check, ...]
    unless: tuple[Check, ...]
    outcome: PolicyOutcome

    def holds(self, facts: Facts) -> bool:
        """Do all conditions hold, and is there no exception that holds as a whole?"""
        if not all(check.holds(facts) for check in self.when):
            return False
        return not self.unless or not all(check.holds(facts) for check in self.unless)


@dataclass(frozen=True, slots=True)
class Policy:
    """A validated policy, immutable; `decide` is a pure function of what it is given."""

    rules: tuple[ReadyRule, ...]
    version: str
    name: str

    def decide(self, finding: Finding, listing: Listing) -> PolicyOutcome:
        """What the first rule that holds says; no alert when none does."""
        facts = Facts.of(finding, listing)
        for rule in self.rules:
            if rule.holds(facts):
                return rule.outcome
        return no_rule(self.version)


def no_rule(version: str) -> PolicyOutcome:
    """The outcome of a finding that no rule wants."""
    return PolicyOutcome(rule=NO_RULE, alert=False, severity=Severity.LOW, queue="", policy_version=version)


def decide(policy: Policy, finding: Finding, listing: Listing) -> PolicyOutcome:
    """What the policy makes of a finding."""
    return policy.decide(finding, listing)


def load_policy(path: Path | None = None) -> Policy:
    """The policy in a file, or the one that is shipped; raises PolicyError naming file, rule and mend."""
    if path is None:
        return parse_policy(resources.files("alerts").joinpath(DEFAULT_POLICY).read_text("utf-8"), DEFAULT_POLICY)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: cannot be read ({error}); name a readable UTF-8 file") from error
    return parse_policy(text, str(path))


def parse_policy(text: str, name: str) -> Policy:
    """The policy that a text says; `name` is what errors call it. Raises PolicyError."""
    mapping = read_mapping(text, name)
    try:
        file = PolicyFile.model_validate(mapping)
    except ValidationError as error:
        raise PolicyError(name_problems(error, mapping, name)) from error
    version = _version(file)
    return Policy(tuple(_ready(rule, version) for rule in file.rules), version, name)


def rank_severity(severity: Severity) -> int:
    """0 for the gravest, rising."""
    return list(Severity).index(severity)


def _ready(rule: Rule, version: str) -> ReadyRule:
    then = rule.then
    outcome = PolicyOutcome(
        rule=rule.name,
        alert=then.alert,
        severity=then.severity or Severity.LOW,
        queue=then.queue or "",
        policy_version=version,
    )
    unless: Sequence[Check] = () if rule.unless is None else checks(rule.unless)
    return ReadyRule(rule, checks(rule.when), tuple(unless), outcome)


def _version(file: PolicyFile) -> str:
    said = file.model_dump(mode="json", exclude_none=True)
    canonical = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:VERSION_CHARACTERS]
