"""Working days and hours in China."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.working_time import GUANGZHOU, OFFICE_HOURS, WorkCalendar, is_statutory_workday, notice_known

CALENDAR = WorkCalendar()
HOUR, DAY = timedelta(hours=1), timedelta(hours=7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)


def days(*spans: str) -> set[date]:
    """ "01-01..01-03" and "02-14" of 2026."""
    found = set()
    for span in spans:
        first, _, last = span.partition("..")
        day, end = date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last or first}")
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return found


# The State Council's notice for 2026: New Year, Spring Festival, Qingming, Labour Day, Dragon Boat,
# Mid-Autumn, National Day; and the Saturdays and Sundays that are worked for them.
HOLIDAYS_2026 = days(
    "01-01..01-03",
    "02-15..02-23",
    "04-04..04-06",
    "05-01..05-05",
    "06-19..06-21",
    "09-25..09-27",
    "10-01..10-07",
)
MADE_UP_2026 = days("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")


def test_every_day_of_2026_is_as_the_published_notice_says():
    for day in days("01-01..12-31"):
        expected = day in MADE_UP_2026 or day.weekday() < 5 and day not in HOLIDAYS_2026
        assert is_statutory_workday(day) == expected, day


def test_beyond_the_notices_monday_to_friday_work():
    assert notice_known(2026)
    assert not notice_known(2000) and not notice_known(2099)
    assert is_statutory_workday(date(2099, 10, 1))  # a Thursday that no notice frees yet
    assert not is_statutory_workday(date(2099, 10, 3))


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2026-03-02T09:00", 2 * HOUR, "2026-03-02T11:00"),
        # Over noon, and into the next morning.
        ("2026-03-02T11:00", 2 * HOUR, "2026-03-02T15:00"),
        ("2026-03-02T16:30", 2 * HOUR, "2026-03-03T09:30"),
        # To the last minute of a morning or a day, not to the first of the next.
        ("2026-03-02T11:00", HOUR, "2026-03-02T12:00"),
        ("2026-03-02T16:30", HOUR, "2026-03-02T17:30"),
        # Begun before work, at noon, after work, at night.
        ("2026-03-02T03:00", HOUR, "2026-03-02T09:30"),
        ("2026-03-02T13:00", HOUR, "2026-03-02T15:00"),
        ("2026-03-02T20:00", HOUR, "2026-03-03T09:30"),
        ("2026-03-02T23:59", DAY, "2026-03-03T17:30"),
        # Over a weekend, begun on one, over the Spring Festival with its made-up Saturday before it.
        ("2026-03-06T16:30", 2 * HOUR, "2026-03-09T09:30"),
        ("2026-03-07T10:00", 2 * HOUR, "2026-03-09T10:30"),
        ("2026-02-13T16:30", 2 * HOUR, "2026-02-14T09:30"),
        ("2026-02-14T16:30", 2 * HOUR, "2026-02-24T09:30"),
        # Over the National Day: after it Thursday, Friday and the made-up Saturday.
        ("2026-09-30T08:30", 4 * DAY, "2026-10-10T17:30"),
        ("2026-03-02T09:00", timedelta(), "2026-03-02T09:00"),
    ],
)
def test_working_time_goes_on_only_while_people_work(start, amount, end):
    assert CALENDAR.after(at(start), amount) == at(end)


@pytest.mark.parametrize(
    ("start", "end", "amount"),
    [
        ("2026-03-02T08:30", "2026-03-02T17:30", DAY),
        ("2026-03-02T12:00", "2026-03-02T14:00", timedelta()),
        ("2026-03-02T17:30", "2026-03-03T08:30", timedelta()),
        ("2026-02-14T17:30", "2026-02-24T08:30", timedelta()),
        ("2026-03-02T10:15", "2026-03-02T15:45", timedelta(hours=3, minutes=30)),
        ("2026-10-01T00:00", "2026-10-08T00:00", timedelta()),
    ],
)
def test_nothing_passes_at_noon_at_night_and_on_holidays(start, end, amount):
    assert CALENDAR.between(at(start), at(end)) == amount


MOMENTS = st.datetimes(
    datetime(2025, 1, 1), datetime(2027, 6, 1), timezones=st.sampled_from([GUANGZHOU, UTC])
)
AMOUNTS = st.timedeltas(timedelta(microseconds=1), 60 * DAY)
PERIODS = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=8, unique=True).map(
    lambda minutes: tuple(
        (time(*divmod(start, 60)), time(*divmod(end, 60)))
        for start, end in zip(*[iter(sorted(minutes[: len(minutes) // 2 * 2]))] * 2, strict=True)
    )
)
CALENDARS = PERIODS.map(WorkCalendar)


@given(st.one_of(st.just(CALENDAR), CALENDARS), MOMENTS, AMOUNTS)
def test_what_is_added_is_what_lies_between(calendar, start, amount):
    if amount > 300 * calendar.day_length:
        amount = calendar.day_length
    end = calendar.after(start, amount)
    assert calendar.between(start, end) == amount
    # And no moment before it has all of that behind it.
    assert calendar.between(start, end - timedelta(microseconds=1)) < amount


@given(MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up_and_never_runs_faster_than_the_clock(one, other, third):
    one, other, third = sorted([one, other, third])
    assert CALENDAR.between(one, other) + CALENDAR.between(other, third) == CALENDAR.between(one, third)
    assert timedelta() <= CALENDAR.between(one, other) <= other - one


def test_the_district_may_work_on_a_holiday_and_rest_on_a_working_day():
    changed = WorkCalendar(OFFICE_HOURS, {date(2026, 3, 3): False, date(2026, 3, 7): True})
    assert changed.after(at("2026-03-02T16:30"), 2 * HOUR) == at("2026-03-04T09:30")
    assert changed.after(at("2026-03-06T16:30"), 2 * HOUR) == at("2026-03-07T09:30")
    assert CALENDAR.after(at("2026-03-02T16:30"), 2 * HOUR) == at("2026-03-03T09:30")


def test_years_for_which_no_sum_is_kept_are_refused_rather_than_miscounted():
    for year in (1999, 2100):
        with pytest.raises(ValueError, match=str(year)):
            CALENDAR.worked(datetime(year, 6, 1, tzinfo=GUANGZHOU))


def test_the_answer_is_in_the_time_zone_of_the_question():
    end = CALENDAR.after(datetime(2026, 3, 2, 1, tzinfo=UTC), HOUR)
    assert (end, end.tzinfo) == (at("2026-03-02T10:00"), UTC)
