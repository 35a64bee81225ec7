"""Reading a policy file strictly: every complaint names the file, the rule, the place in it and the mend."""

import difflib
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from alerts.conditions import Conditions, OfferConditions
from domain.errors import UndercutError

MOST_CHARACTERS = 300_000

_WORDS = (
    *Conditions.model_fields,
    *OfferConditions.model_fields,
    *("rules", "name", "why", "when", "unless", "then", "alert", "severity", "queue"),
)


class PolicyError(UndercutError):
    """A policy that cannot be used: the message names the file, the rule and the mend."""


class _StrictLoader(yaml.SafeLoader):
    """Plain YAML without the two features that make a reviewed file say other than it seems to."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not used here; write it out", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} is no name; put quotes around it", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} stands twice; keep one of them", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_mapping(text: str, name: str) -> dict[str, Any]:
    """The mapping that a YAML text holds; repeated keys and aliases are errors. Raises PolicyError."""
    if len(text) > MOST_CHARACTERS:
        raise PolicyError(f"{name}: is longer than {MOST_CHARACTERS} characters; a policy is a small file")
    try:
        loaded = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - derived from SafeLoader
    except yaml.YAMLError as error:
        raise PolicyError(f"{name}: {_where(error)}") from error
    except RecursionError as error:
        raise PolicyError(f"{name}: is nested too deeply; a rule needs three levels") from error
    if not isinstance(loaded, dict):
        raise PolicyError(f"{name}: holds no mapping; begin with `rules:`")
    return loaded


def name_problems(error: ValidationError, mapping: Mapping[str, Any], name: str) -> str:
    """Every problem of the file, one a line, each with its rule and the mend."""
    problems = error.errors(include_url=False)
    return "\n".join(f"{name}: {_place(p['loc'], mapping)}{_mend(p['type'], p['loc'], p['msg'])}" for p in problems)


def _where(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return str(error)


def _place(location: tuple[int | str, ...], mapping: Mapping[str, Any]) -> str:
    if len(location) >= 2 and location[0] == "rules" and isinstance(location[1], int):
        rules = mapping["rules"]
        rule = rules[location[1]]
        named = f" {rule['name']!r}" if isinstance(rule, dict) and isinstance(rule.get("name"), str) else ""
        inner = ".".join(str(part) for part in location[2:])
        return f"rule {location[1] + 1}{named}{', ' + inner if inner else ''}: "
    inner = ".".join(str(part) for part in location)
    return f"{inner}: " if inner else ""


def _mend(kind: str, location: tuple[int | str, ...], message: str) -> str:
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(location[-1]), _WORDS, n=1)
        return f"is not a known name{f'; did you mean {near[0]!r}?' if near else '; see docs/reference/policy.md'}"
    if kind == "missing":
        return "is missing; add it"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
