"""Times of day on days of the week in a time zone, right across midnight and the changes of the clock."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator


class Day(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


def _clock_time(value: Any) -> Any:
    """Only `HH:MM`: pydantic itself would take a number for seconds since midnight."""
    if isinstance(value, str) and len(value) == 5 and value[2] == ":":
        return value
    raise ValueError("must be a time of day as HH:MM")


ClockTime = Annotated[time, BeforeValidator(_clock_time)]


class Window(BaseModel):
    """From one time of day to another; one that ends no later than it begins runs past midnight.

    `days` are those on which it begins; every day without them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: ClockTime = Field(alias="from", description="time of day as HH:MM at which it begins")
    to: ClockTime = Field(description="time of day as HH:MM at which it is over")
    timezone: str = Field("UTC", description="name of the time zone, as Europe/Paris")
    days: tuple[Day, ...] = Field(tuple(Day), min_length=1, description="days on which it begins; every day without")

    @field_validator("timezone")
    @classmethod
    def _exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is no time zone; use a name such as Europe/Paris") from error
        return name

    def ends_at(self, now: datetime) -> datetime | None:
        """When the window that is open at `now` is over, in UTC; None while none is open."""
        zone = ZoneInfo(self.timezone)
        today = now.astimezone(zone).date()
        for began in (today - timedelta(days=1), today):
            if list(Day)[began.weekday()] not in self.days:
                continue
            runs_over = timedelta(days=1 if self.to <= self.from_ else 0)
            start = datetime.combine(began, self.from_, zone).astimezone(UTC)
            end = datetime.combine(began + runs_over, self.to, zone).astimezone(UTC)
            if start <= now < end:
                return end
        return None

    def is_open(self, now: datetime) -> bool:
        """Is `now` within it?"""
        return self.ends_at(now) is not None


def next_at(moment: datetime, at: time, timezone: str) -> datetime:
    """The first time strictly after `moment` that is `at` o'clock in the zone, in UTC."""
    zone = ZoneInfo(timezone)
    day = moment.astimezone(zone).date()
    for ahead in range(3):
        candidate = datetime.combine(day + timedelta(days=ahead), at, zone).astimezone(UTC)
        if candidate > moment:
            return candidate
    raise AssertionError("a time of day comes round within two days")
