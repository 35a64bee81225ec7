"""The week of one provider out of what is remembered, with the weeks before it as the trend."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from domain.case import CaseListing
from domain.decision import Outcome
from domain.errors import UndercutError
from line.decide import review_of
from line.report_case import provider_site
from line.report_desk import ReportHouse
from rates.errors import UnknownProviderError
from reports.format import Rendered
from reports.prepare import ReportOptions
from reports.weekly import WeekPoint, render_weekly, summarise_week
from storage.console_memory import ConsoleMemory

WEEKS_BEFORE = 7
_DISMISSED = frozenset({Outcome.NOT_A_VIOLATION, Outcome.DUPLICATE, Outcome.AUTHORISED})


class WeeklyError(UndercutError):
    """That week of that provider cannot be summed up; the message says why."""


def monday_of(day: date) -> date:
    """The Monday on which a day's week began."""
    return day - timedelta(days=day.weekday())


def weekly_report(
    memory: ConsoleMemory, house: ReportHouse, provider: str, week: date, now: datetime,
    weeks_before: int = WEEKS_BEFORE,
) -> Rendered:  # fmt: skip
    """The summary of the week that begins on Monday `week`: PDF, data and charts.

    Listings that a person dismissed are not counted. Sellers appear under pseudonyms. Raises WeeklyError.
    """
    if week.weekday() != 0:
        raise WeeklyError(f"{week} is no Monday; its week began on {monday_of(week)}")
    if week > now.date():
        raise WeeklyError(f"the week of {week} has not begun yet")
    try:
        name = house.rates.provider(provider).name
    except UnknownProviderError as error:
        raise WeeklyError(str(error)) from error
    options = ReportOptions(
        reporter=house.reporter, recipient=provider, recipient_name=name, prepared_at=now,
        pseudonym_key=house.pseudonym_key,
    )  # fmt: skip
    site = provider_site(provider, house.rates)
    earlier: list[WeekPoint] = []
    for back in range(weeks_before, 0, -1):
        start = week - timedelta(weeks=back)
        found = tuple(_entries(memory, provider, start))
        if found or earlier:
            earlier.append(summarise_week(provider, name, site, start, found, (), options).totals)
    entries = tuple(_entries(memory, provider, week))
    if not entries and not earlier:
        raise WeeklyError(f"nothing of {provider} was seen in the week of {week} or in the {weeks_before} before it")
    return render_weekly(summarise_week(provider, name, site, week, entries, tuple(earlier), options), options)


def _entries(memory: ConsoleMemory, provider: str, week: date) -> Iterator[CaseListing]:
    since = datetime.combine(week, time(), UTC)
    for seen in memory.store.reported.seen_between(since, since + timedelta(days=7)):
        offers = tuple(one for one in seen.finding.offers if one.offer.provider == provider)
        if not offers or review_of(memory, seen.alert_id).standing.outcome in _DISMISSED:
            continue
        yield CaseListing(
            seen.alert_id,
            replace(seen.listing, observed_at=seen.seen_at),
            replace(seen.finding, offers=offers),
            first_seen_at=seen.seen_at,
            last_seen_at=seen.seen_at,
        )
