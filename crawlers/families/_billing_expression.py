"""What a billing expression charges, told from its tree: one price per tier, for an ordinary request.

Coefficients are US dollars of credit per million tokens. A request's length and the time of day split an expression
into tiers; what depends on a parameter or header of the request takes the branch of a request that gives none.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from crawlers.families._billing_syntax import (
    BillingExpressionError,
    Call,
    Choice,
    Name,
    Node,
    Number,
    Operation,
    Text,
    parse_expression,
)

MOST_TIERS = 16
MILLION = Decimal(1_000_000)
MOST_PRICE = Decimal(1_000_000)

TOKENS = frozenset({"p", "c", "len", "cr", "cc", "cc1h", "img", "img_cr", "img_o", "ai", "ao"})
_VARIABLES = TOKENS | {"image_count"}
_CLOCK = frozenset({"hour", "minute", "weekday", "month", "day"})
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_INPUT_LENGTH = frozenset({"len", "p"})


@dataclass(frozen=True, slots=True)
class PricedTier:
    """Prices in US dollars of credit: per million tokens, or per call. None where the expression does not say.

    `condition` is the span of input tokens (`<=272000`, `>32000 and <=128000`), `when` a condition on time, `name` how
    the expression itself calls the tier, `notes` what else is charged or assumed.
    """

    name: str
    condition: str
    when: str
    per_mtok_in: Decimal | None
    per_mtok_out: Decimal | None
    per_mtok_cache_read: Decimal | None
    per_call: Decimal | None
    notes: tuple[str, ...]


@lru_cache(maxsize=512)
def price_tiers(expression: str) -> tuple[PricedTier, ...]:
    """Every tier of an expression; raises BillingExpressionError where no price can be told."""
    try:
        cases = _cases(parse_expression(expression))
    except ArithmeticError as error:
        raise BillingExpressionError("billing expression with numbers that cannot be reckoned") from error
    return tuple(_tier(case) for case in cases)


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition that splits an expression: a comparison with `value`, or without `operator` a text of several.

    `about` is `input` where it speaks of nothing but the number of input tokens, else `other`.
    """

    about: str
    subject: str
    operator: str = ""
    value: Decimal = Decimal(0)

    def negated(self) -> "_Condition":
        if self.operator:
            return replace(self, operator=_OPPOSITE[self.operator])
        plain = self.subject.removeprefix("not ")
        return replace(self, subject=plain if plain != self.subject else f"not {self.subject}")

    def __str__(self) -> str:
        if not self.operator:
            return self.subject
        return f"{self.operator}{self.value:f}" if self.about == "input" else self._spelled

    @property
    def _spelled(self) -> str:
        return f"{self.subject} {self.operator} {self.value:f}"


@dataclass(frozen=True, slots=True)
class _Case:
    """A linear form that holds under its conditions: coefficients by variable, and a constant per request."""

    coefficients: dict[str, Decimal] = field(default_factory=dict)
    constant: Decimal = Decimal(0)
    conditions: tuple[_Condition, ...] = ()
    name: str = ""
    notes: tuple[str, ...] = ()


_Combine = Callable[[_Case, _Case], _Case]
_Choose = Callable[[Decimal, Decimal], Decimal]


def _cases(node: Node) -> list[_Case]:
    if isinstance(node, Number):
        return [_Case(constant=node.value)]
    if isinstance(node, Name):
        if node.value not in _VARIABLES:
            raise BillingExpressionError(f"billing expression charges by {node.value!r}, which is not known")
        return [_Case({node.value: Decimal(1)})]
    if isinstance(node, Choice):
        return _choice(node)
    if isinstance(node, Call):
        return _called(node)
    if isinstance(node, Operation):
        return _operated(node)
    raise BillingExpressionError("billing expression has a text where a number was expected")


def _choice(node: Choice) -> list[_Case]:
    decided = _decide(node.condition)
    if isinstance(decided, bool):
        note = f"an ordinary request, without what the rule asks for ({_source(node.condition)})"
        return [_noted(case, note) for case in _cases(node.yes if decided else node.no)]
    yes = [replace(case, conditions=(decided, *case.conditions)) for case in _cases(node.yes)]
    no = [replace(case, conditions=(decided.negated(), *case.conditions)) for case in _cases(node.no)]
    return _possible([*yes, *no])


def _called(node: Call) -> list[_Case]:
    name, arguments = node.function, node.arguments
    if name == "tier" and len(arguments) == 2:
        label = arguments[0].value if isinstance(arguments[0], Text) else ""
        return [replace(case, name=label) for case in _cases(arguments[1])]
    if name == "fixed" and len(arguments) == 1:
        return [replace(case, constant=case.constant * MILLION) for case in _cases(arguments[0])]
    if name in ("max", "min") and len(arguments) == 2:
        return _combined(_cases(arguments[0]), _cases(arguments[1]), _largest if name == "max" else _smallest)
    if name in ("ceil", "floor", "abs", "round") and len(arguments) == 1:
        return _cases(arguments[0])
    raise BillingExpressionError(f"billing expression charges by {name}(...), which the page alone does not tell")


def _operated(node: Operation) -> list[_Case]:
    if node.operator == "-" and len(node.operands) == 1:
        return [_scaled(case, Decimal(-1)) for case in _cases(node.operands[0])]
    if len(node.operands) != 2 or node.operator not in ("+", "-", "*", "/"):
        raise BillingExpressionError(f"billing expression uses {node.operator!r} where a price was expected")
    left, right = (_cases(operand) for operand in node.operands)
    combine = {"+": _added, "-": _subtracted, "*": _multiplied, "/": _divided}[node.operator]
    return _combined(left, right, combine)


def _combined(left: list[_Case], right: list[_Case], combine: _Combine) -> list[_Case]:
    return _possible(
        replace(
            combine(one, other),
            conditions=tuple(dict.fromkeys((*one.conditions, *other.conditions))),
            name=one.name or other.name,
        )
        for one in left
        for other in right
    )


def _possible(cases: Iterable[_Case]) -> list[_Case]:
    """The cases whose conditions can hold at once, bounded in number."""
    kept = []
    for case in cases:
        lower, upper = _bounds(case.conditions)
        contradicted = any(condition.negated() in case.conditions for condition in case.conditions)
        if contradicted or (lower is not None and upper is not None and lower.value >= upper.value):
            continue
        kept.append(case)
        if len(kept) > MOST_TIERS:
            raise BillingExpressionError(f"billing expression has more than {MOST_TIERS} tiers")
    return kept


def _noted(case: _Case, note: str) -> _Case:
    return case if note in case.notes else replace(case, notes=(*case.notes, note))


def _scaled(case: _Case, factor: Decimal) -> _Case:
    coefficients = {name: value * factor for name, value in case.coefficients.items()}
    return replace(case, coefficients=coefficients, constant=case.constant * factor)


def _added(one: _Case, other: _Case) -> _Case:
    names = dict.fromkeys((*one.coefficients, *other.coefficients))
    zero = Decimal(0)
    return _Case(
        {name: one.coefficients.get(name, zero) + other.coefficients.get(name, zero) for name in names},
        one.constant + other.constant,
        notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
    )


def _subtracted(one: _Case, other: _Case) -> _Case:
    return _added(one, _scaled(other, Decimal(-1)))


def _multiplied(one: _Case, other: _Case) -> _Case:
    if one.coefficients and other.coefficients:
        raise BillingExpressionError("billing expression multiplies tokens by tokens")
    form, factor = (one, other) if one.coefficients else (other, one)
    notes = tuple(dict.fromkeys((*one.notes, *other.notes)))
    return replace(_scaled(form, factor.constant), notes=notes)


def _divided(one: _Case, other: _Case) -> _Case:
    if other.coefficients or not other.constant:
        raise BillingExpressionError("billing expression divides by tokens or by nothing")
    return _multiplied(one, replace(other, constant=1 / other.constant))


def _largest(one: _Case, other: _Case) -> _Case:
    return _limited(one, other, "at least {} USD of credit a request", max)


def _smallest(one: _Case, other: _Case) -> _Case:
    return _limited(one, other, "at most {} USD of credit a request", min)


def _limited(one: _Case, other: _Case, saying: str, choose: _Choose) -> _Case:
    notes = tuple(dict.fromkeys((*one.notes, *other.notes)))
    if not one.coefficients and not other.coefficients:
        return _Case(constant=choose(one.constant, other.constant), notes=notes)
    if one.coefficients and other.coefficients:
        raise BillingExpressionError("billing expression compares tokens with tokens")
    form, limit = (one, other) if one.coefficients else (other, one)
    note = saying.format(f"{(limit.constant / MILLION).normalize():f}")
    return _noted(replace(form, notes=notes), note) if limit.constant > 0 else replace(form, notes=notes)


def _tier(case: _Case) -> PricedTier:
    tokens = {name: value for name, value in case.coefficients.items() if name in TOKENS}
    whole_input = tokens.get("len", Decimal(0))
    notes = list(case.notes)
    per_call = None
    if not tokens:
        per_call = (case.constant + case.coefficients.get("image_count", Decimal(0))) / MILLION
    elif case.constant:
        notes.append(f"and {(case.constant / MILLION).normalize():f} USD of credit a request")
    tier = PricedTier(
        name=case.name,
        condition=_length_condition(case.conditions),
        when=" and ".join(str(condition) for condition in case.conditions if condition.about != "input"),
        per_mtok_in=tokens["p"] + whole_input if "p" in tokens else (whole_input or None),
        per_mtok_out=tokens.get("c"),
        per_mtok_cache_read=tokens["cr"] + whole_input if "cr" in tokens else None,
        per_call=per_call,
        notes=tuple(notes),
    )
    prices = (tier.per_mtok_in, tier.per_mtok_out, tier.per_mtok_cache_read, tier.per_call, case.constant)
    if any(price is not None and price < 0 for price in prices):
        raise BillingExpressionError("billing expression with a negative price")
    if any(price is not None and price > MOST_PRICE for price in prices[:4]):
        raise BillingExpressionError(f"billing expression with a price beyond {MOST_PRICE:f} USD of credit")
    return tier


def _length_condition(conditions: tuple[_Condition, ...]) -> str:
    bounds = [bound for bound in _bounds(conditions) if bound is not None]
    others = [c for c in conditions if c.about == "input" and c.operator not in ("<", "<=", ">", ">=")]
    return " and ".join(str(condition) for condition in (*bounds, *others))


def _bounds(conditions: tuple[_Condition, ...]) -> tuple[_Condition | None, _Condition | None]:
    """The tightest lower and upper bound on the input's length."""
    lower = [c for c in conditions if c.about == "input" and c.operator in (">", ">=")]
    upper = [c for c in conditions if c.about == "input" and c.operator in ("<", "<=")]
    return (
        max(lower, key=lambda c: c.value, default=None),
        min(upper, key=lambda c: c.value, default=None),
    )


def _decide(node: Node) -> bool | _Condition:
    """What a condition is for an ordinary request: settled, or a condition on length or time."""
    if isinstance(node, Operation) and node.operator in ("&&", "||"):
        return _junction(node.operator, *(_decide(operand) for operand in node.operands))
    if isinstance(node, Operation) and node.operator == "!" and len(node.operands) == 1:
        inner = _decide(node.operands[0])
        return not inner if isinstance(inner, bool) else inner.negated()
    if isinstance(node, Operation) and len(node.operands) == 2:
        return _compared(node)
    if isinstance(node, Call) and node.function in ("has", "param", "header"):
        return False
    if isinstance(node, Name) and node.value in ("true", "false"):
        return node.value == "true"
    raise BillingExpressionError("billing expression with a condition that is not understood")


def _junction(operator: str, left: bool | _Condition, right: bool | _Condition) -> bool | _Condition:
    settles = operator == "||"
    if isinstance(left, bool):
        return left if left is settles else right
    if isinstance(right, bool):
        return right if right is settles else left
    word = "or" if settles else "and"
    about = "input" if left.about == right.about == "input" else "other"
    sides = (str(side) if about == "input" or side.about != "input" else f"input {side}" for side in (left, right))
    return _Condition(about, f"({f' {word} '.join(sides)})")


def _compared(node: Operation) -> bool | _Condition:
    left, right = node.operands
    operator = node.operator
    if isinstance(left, Number) and not isinstance(right, Number):
        left, right, operator = right, left, _MIRRORED.get(operator, operator)
    if _asks_request(left) or _asks_request(right):
        given_nothing = any(isinstance(side, Name) and side.value in ("nil", "null") for side in (left, right))
        return (operator == "==") if given_nothing else (operator == "!=")
    if isinstance(left, Call) and left.function in _CLOCK and isinstance(right, Number) and operator in _OPPOSITE:
        return _Condition("other", _source(left), operator, right.value)
    if isinstance(left, Name) and left.value in _VARIABLES and isinstance(right, Number) and operator in _OPPOSITE:
        about = "input" if left.value in _INPUT_LENGTH else "other"
        return _Condition(about, left.value, operator, right.value)
    raise BillingExpressionError(f"billing expression compares with {operator!r} what is not understood")


def _asks_request(node: Node) -> bool:
    """Does it look at a parameter or header, which an ordinary request does not give?"""
    if isinstance(node, Call):
        return node.function in ("param", "header") or any(_asks_request(argument) for argument in node.arguments)
    return False


def _source(node: Node) -> str:
    """The condition spelled again, for people."""
    if isinstance(node, Number):
        return f"{node.value:f}"
    if isinstance(node, Text):
        return f'"{node.value}"'
    if isinstance(node, Name):
        return node.value
    if isinstance(node, Call):
        return f"{node.function}({', '.join(_source(argument) for argument in node.arguments)})"
    if isinstance(node, Choice):
        return f"{_source(node.condition)} ? {_source(node.yes)} : {_source(node.no)}"
    spelled = [_source(operand) for operand in node.operands]
    return f"{node.operator}{spelled[0]}" if len(spelled) == 1 else f" {node.operator} ".join(spelled)
