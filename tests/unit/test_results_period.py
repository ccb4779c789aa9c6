"""Periods and what they are compared with."""

from datetime import date

import pytest

from incidents.results.period import Period, month_of, quarter_of


def period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (("2026-03-02", "2026-03-31"), ("2026-01-31", "2026-03-01")),
        (("2026-03-10", "2026-03-10"), ("2026-03-09", "2026-03-09")),
    ],
)
def test_the_period_before_ends_the_day_before_and_keeps_whole_months(now, before):
    assert period(*now).before() == period(*before)


def test_a_year_ago_february_ends_with_its_month():
    assert period("2025-02-01", "2025-02-28").year_ago() == period("2024-02-01", "2024-02-29")
    assert period("2024-02-29", "2024-03-10").year_ago() == period("2023-02-28", "2023-03-10")


def test_a_period_holds_its_last_day_and_not_the_midnight_after():
    march = month_of(date(2026, 3, 14))
    assert (march.start.isoformat(), march.end.isoformat()) == (
        "2026-03-01T00:00:00+08:00",
        "2026-04-01T00:00:00+08:00",
    )
    assert march.days == 31
    assert quarter_of(date(2026, 12, 31)) == period("2026-10-01", "2026-12-31")


def test_a_period_that_ends_before_it_begins_is_none():
    with pytest.raises(ValueError, match="before"):
        period("2026-03-02", "2026-03-01")
