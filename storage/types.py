"""Column types that give back exactly what they were given, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from domain.clock import require_utc
from storage.errors import MoneyRangeError
from storage.escaping import escape_text, unescape_text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
NANO = Decimal("1e-9")
MOST_NANO = 2**63 - 1
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])

RowId = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number; SQLite gives numbers by itself only to a column called INTEGER."""


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time, to the microsecond.

    PostgreSQL keeps its own `timestamptz`. SQLite has no type for time, and SQLAlchemy's gives back naive values, so
    the microseconds since 1970 are kept: exact, sorted, a third of the size of text.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """`timestamptz` on PostgreSQL, an integer elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuses a time without a zone."""
        if value is None:
            return None
        moment = require_utc(value, what="a stored time")
        return moment if dialect.name == "postgresql" else (moment - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return _EPOCH + timedelta(microseconds=value)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal to its last digit, kept as its text: numbers of SQLite would pass through a float. It does not sort."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Its text, exponent and trailing zeros included."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The same decimal."""
        return None if value is None else Decimal(value)


class NanoDecimal(TypeDecorator[Decimal]):
    """An amount or share kept as a whole number of billionths, so that the database can sort and compare it exactly.

    Raises MoneyRangeError for what is finer than a billionth or beyond 9.2 billion; `to_nano_range` brings a value that
    only ranks something into the range first.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """The number of billionths."""
        if value is None:
            return None
        try:
            whole = int(value.quantize(NANO, context=_EXACT).scaleb(9, context=_EXACT))
        except (Inexact, InvalidOperation, ValueError) as error:
            raise MoneyRangeError(f"{value} is no whole number of billionths; round it before it is stored") from error
        if abs(whole) > MOST_NANO:
            raise MoneyRangeError(f"{value} is beyond 9.2 billion, the most that this column holds")
        return whole

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The exact amount."""
        return None if value is None else Decimal(value).scaleb(-9)


def to_nano_range(value: Decimal) -> Decimal:
    """The nearest amount that a NanoDecimal holds: for columns that rank, whose exact value stands elsewhere."""
    most = Decimal(MOST_NANO).scaleb(-9)
    if not -most < value < most:
        return most.copy_sign(value)
    return value.quantize(NANO)


class HostileText(TypeDecorator[str]):
    """Text of others, any string at all: NUL and lone surrogates survive both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escaped where it must be."""
        return _escape(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """The same in one call less: most of what is written is text of others."""
        return _escape

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """As it was."""
        return None if value is None else unescape_text(value)


def _escape(value: str | None) -> str | None:
    return None if value is None else escape_text(value)


class Digest(TypeDecorator[str]):
    """A hexadecimal digest, kept as its bytes: half the size, in every index too."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Its bytes."""
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Hexadecimal, lower case."""
        return None if value is None else bytes(value).hex()
