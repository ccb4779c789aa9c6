"""The two outbreaks planted in the demonstration are found, at their place and how soon."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from fixtures.haizhu.addresses import lay_addresses
from fixtures.haizhu.disputes import Stage, generate_disputes
from fixtures.haizhu.outbreaks import OUTBREAKS
from fixtures.haizhu.people import fill_posts
from fixtures.haizhu.reports import Period
from fixtures.haizhu.seasons import GUANGZHOU
from maps.models import DailyCount
from maps.services import refresh_daily_counts
from maps.services.warnings import run_warnings

pytestmark = pytest.mark.django_db

START, END = datetime(2024, 11, 1, tzinfo=GUANGZHOU), datetime(2025, 12, 1, tzinfo=GUANGZHOU)
PLANTED = {outbreak.name: outbreak for outbreak in OUTBREAKS}
# Days after the outbreak's first one on which it is told first: it begins with one case a day, or two.
TOLD_AFTER = {"property-management": 2, "unpaid-wages": 5}


@pytest.fixture(scope="module")
def reported(haizhu) -> Counter:
    """Unit, day, day known and group of the demonstration's disputes, some 6,500 a year."""
    stage = Stage(haizhu, lay_addresses(haizhu), fill_posts(haizhu))
    return Counter(
        (
            dispute.grid_unit,
            dispute.occurred_at.astimezone(GUANGZHOU).date(),
            dispute.reported_at.astimezone(GUANGZHOU).date(),
            dispute.category[:2],
        )
        for dispute in generate_disputes(stage, Period(7_000, START, END, seed=1))
    )


@pytest.fixture
def counted(reported):
    refresh_daily_counts()
    rows = [DailyCount(**_fields(key), cases=cases) for key, cases in reported.items()]
    DailyCount.objects.bulk_create(rows, batch_size=2000)


def _fields(key: tuple) -> dict:
    return dict(zip(("unit_id", "occurred_on", "known_on", "category_group"), key, strict=True))


@pytest.mark.parametrize("name", PLANTED)
def test_an_outbreak_is_told_within_a_week_once_and_not_before(counted, name):
    outbreak = PLANTED[name]
    first, delay = date(2025, *outbreak.first), TOLD_AFTER[name]
    told = {
        number: run_warnings(
            as_of=first + timedelta(days=number), area_codes=[outbreak.unit_codes[0][:9]]
        ).warnings
        for number in (-2, delay - 1, delay, delay + 1)
    }
    assert [len(warnings) for warnings in told.values()] == [0, 0, 1, 1]
    (found,), (later,) = told[delay], told[delay + 1]
    assert found.warning_id == later.warning_id
    assert found.category_group in ("", outbreak.category[:2])
    assert len(set(later.unit_codes) & set(outbreak.unit_codes)) >= 3
