from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.clock import NaiveTimeError
from storage.database import Database
from storage.errors import MoneyRangeError
from storage.types import MOST_NANO, Digest, ExactDecimal, HostileText, NanoDecimal, UtcTime, to_nano_range
from tests.storage.test_escaping import ANY_TEXT

table = sa.Table(
    "typed",
    sa.MetaData(),
    sa.Column("at", UtcTime),
    sa.Column("exact", ExactDecimal),
    sa.Column("nano", NanoDecimal),
    sa.Column("text", HostileText),
    sa.Column("digest", Digest),
)


@pytest.fixture
def typed(database: Database) -> Database:
    with database.writing() as connection:
        table.create(connection)
    return database


def round_trip(database: Database, **values: object) -> dict[str, object]:
    with database.writing() as connection:
        connection.execute(sa.delete(table))
        connection.execute(sa.insert(table), values)
    with database.reading() as connection:
        row = connection.execute(sa.select(table)).one()
    return {name: value for name, value in row._mapping.items() if name in values}


MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=MOMENTS, exact=DECIMALS, nano=st.integers(-MOST_NANO, MOST_NANO), text=ANY_TEXT, digest=st.binary())
def test_values_come_back_as_they_were(
    typed: Database, at: datetime, exact: Decimal, nano: int, text: str, digest: bytes
) -> None:
    values = {"at": at, "exact": exact, "nano": Decimal(nano).scaleb(-9), "text": text, "digest": digest.hex()}
    back = round_trip(typed, **values)
    assert back == values
    assert str(back["exact"]) == str(exact)


def test_nothing_comes_back_as_nothing(typed: Database) -> None:
    values = dict.fromkeys(("at", "exact", "nano", "text", "digest"))
    assert round_trip(typed, **values) == values


def test_time_comes_back_in_utc(typed: Database) -> None:
    there = datetime(2026, 6, 1, 20, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    back = round_trip(typed, at=there)["at"]
    assert back == there
    assert isinstance(back, datetime)
    assert back.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(typed: Database) -> None:
    with pytest.raises((NaiveTimeError, sa.exc.StatementError), match="time zone"):
        round_trip(typed, at=datetime(2026, 6, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "amount", ["0.0000000001", "9223372037", "-9223372037", "NaN", "Infinity", "1e40", "0." + "1" * 80]
)
def test_an_amount_that_does_not_fit_is_refused_and_never_rounded(amount: str) -> None:
    with pytest.raises(MoneyRangeError):
        NanoDecimal().process_bind_param(Decimal(amount), sa.create_engine("sqlite://").dialect)


@given(DECIMALS)
def test_every_amount_can_be_brought_into_range_to_rank(amount: Decimal) -> None:
    ranked = to_nano_range(amount)
    dialect = sa.create_engine("sqlite://").dialect
    assert NanoDecimal().process_result_value(NanoDecimal().process_bind_param(ranked, dialect), dialect) == ranked


def test_the_database_sorts_nano_amounts(typed: Database) -> None:
    amounts = [Decimal(text) for text in ("10", "9", "0.000000001", "-1", "1000000000")]
    with typed.writing() as connection:
        connection.execute(sa.insert(table), [{"nano": amount} for amount in amounts])
        assert list(connection.execute(sa.select(table.c.nano).order_by(table.c.nano)).scalars()) == sorted(amounts)
