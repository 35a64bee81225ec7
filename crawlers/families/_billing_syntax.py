"""Billing expressions of relay panels, parsed into a tree: a small tokenizer and recursive descent, nothing is run.

The language is the subset of expr-lang that panels store: numbers, names, strings, calls, arithmetic, comparison,
`&& || !` (also as words), `x ? y : z`, and rules appended after `|||` as `when(condition) * factor`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.errors import UndercutError

MOST_CHARACTERS = 4_000
MOST_DEPTH = 40

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]{0,40})"
    r'|(?P<text>"[^"\\]{0,200}"|\'[^\'\\]{0,200}\')'
    r"|(?P<sign>\|\|\||\|\||&&|==|!=|<=|>=|[-+*/%<>!?:(),]))"
)
_WORDS = {"and": "&&", "or": "||", "not": "!"}
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",),
    ("&&",),
    ("==", "!=", "<", "<=", ">", ">=", "has", "contains"),
    ("+", "-"),
    ("*", "/", "%"),
)


class BillingExpressionError(UndercutError):
    """A billing expression that cannot be read, or whose price cannot be told from the page alone."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A string as written, without its quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, such as `p` for prompt tokens."""

    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operator (`+`, `<=`, `&&`, `!`, ...) over one or two operands."""

    operator: str
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? yes : no`."""

    condition: "Node"
    yes: "Node"
    no: "Node"


Node = Number | Text | Name | Call | Operation | Choice


def parse_expression(expression: str) -> Node:
    """The tree of a whole expression, with appended rules as factors; raises BillingExpressionError."""
    if len(expression) > MOST_CHARACTERS:
        raise BillingExpressionError(f"billing expression of {len(expression)} characters, {MOST_CHARACTERS} are read")
    version, colon, body = expression.strip().partition(":")
    if colon and re.fullmatch(r"v\d{1,3}", version):
        if version != "v1":
            raise BillingExpressionError(f"billing expression of unknown version {version}")
        expression = body
    parser = _Parser(_tokens(expression))
    tree = parser.expression()
    while parser.take("|||"):
        tree = Operation("*", (tree, parser.rule()))
    parser.end()
    return tree


def _tokens(expression: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    stripped = expression.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if match is None:
            raise BillingExpressionError(f"billing expression not understood at character {at}")
        kind = str(match.lastgroup)
        value = match.group(kind)
        if kind == "name" and value in _WORDS:
            kind, value = "sign", _WORDS[value]
        elif kind == "name" and value in ("has", "contains") and not _opens_call(stripped, match.end()):
            kind = "sign"
        tokens.append((kind, value))
        at = match.end()
    return tokens


def _opens_call(expression: str, at: int) -> bool:
    return expression[at : at + 8].lstrip().startswith("(")


class _Parser:
    """Recursive descent over the tokens, with a bound on depth."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def take(self, *signs: str) -> str | None:
        """The next token, taken, where it is one of these signs."""
        if self._at < len(self._tokens):
            kind, value = self._tokens[self._at]
            if kind == "sign" and value in signs:
                self._at += 1
                return value
        return None

    def end(self) -> None:
        """Nothing may be left over."""
        if self._at < len(self._tokens):
            raise BillingExpressionError(f"billing expression has {self._tokens[self._at][1]!r} left over")

    def rule(self) -> Node:
        """`when(condition) * factor` as `condition ? factor : 1`."""
        name = self._next("name")
        if name != "when":
            raise BillingExpressionError(f"billing rule starts with {name!r}, not with when")
        self._expect("(")
        condition = self.expression()
        self._expect(")")
        self._expect("*")
        return Choice(condition, self._unary(), Number(Decimal(1)))

    def expression(self) -> Node:
        """A choice or anything that binds tighter."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise BillingExpressionError(f"billing expression is nested deeper than {MOST_DEPTH} levels")
        node = self._level(0)
        if self.take("?"):
            yes = self.expression()
            self._expect(":")
            node = Choice(node, yes, self.expression())
        self._depth -= 1
        return node

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self._level(level + 1)
        while operator := self.take(*_LEVELS[level]):
            node = Operation(operator, (node, self._level(level + 1)))
        return node

    def _unary(self) -> Node:
        signs: list[str] = []
        while sign := self.take("-", "!", "+"):
            signs.append(sign)
            if len(signs) > MOST_DEPTH:
                raise BillingExpressionError("billing expression has too many signs in a row")
        node = self._primary()
        for sign in reversed(signs):
            node = node if sign == "+" else Operation(sign, (node,))
        return node

    def _primary(self) -> Node:
        if self.take("("):
            node = self.expression()
            self._expect(")")
            return node
        if self._at >= len(self._tokens):
            raise BillingExpressionError("billing expression ends too early")
        kind, value = self._tokens[self._at]
        if kind == "sign":
            raise BillingExpressionError(f"billing expression has {value!r} where a value was expected")
        self._at += 1
        if kind == "number":
            return Number(Decimal(value))
        if kind == "text":
            return Text(value[1:-1])
        return self._call(value) if self.take("(") else Name(value)

    def _call(self, function: str) -> Node:
        arguments: list[Node] = []
        if self.take(")"):
            return Call(function, ())
        while True:
            arguments.append(self.expression())
            if not self.take(","):
                break
        self._expect(")")
        return Call(function, tuple(arguments))

    def _next(self, kind: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at][0] == kind:
            self._at += 1
            return self._tokens[self._at - 1][1]
        raise BillingExpressionError(f"billing expression lacks a {kind}")

    def _expect(self, sign: str) -> None:
        if not self.take(sign):
            raise BillingExpressionError(f"billing expression lacks {sign!r}")
