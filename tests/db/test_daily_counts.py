"""Disputes counted by unit and day: against the rows themselves, whatever changes."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from grids.models import Area, AreaVersion
from incidents.models import Dispute
from incidents.workflow import Action
from maps.models import DailyCount
from maps.selectors.daily_counts import read_daily_counts
from maps.services import refresh_daily_counts
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.scatter import scatter_disputes
from tests.factories.territory import DISTRICT, STREET_1, UNITS, make_territory, square

GUANGZHOU = ZoneInfo("Asia/Shanghai")
DAY = NOW.date()


@pytest.fixture
def staff(db):
    make_territory()
    people = make_staff()
    refresh_daily_counts()
    return people


def counted() -> Counter:
    rows = DailyCount.objects.values_list("unit_id", "occurred_on", "known_on", "category_group", "cases")
    return Counter({tuple(key): cases for *key, cases in rows})


def one_by_one() -> Counter:
    """By the units that the disputes were given."""
    return Counter(
        (
            dispute.grid_unit_id,
            dispute.occurred_at.astimezone(GUANGZHOU).date(),
            dispute.reported_at.astimezone(GUANGZHOU).date(),
            dispute.category[:2],
        )
        for dispute in Dispute.objects.exclude(state="void")
    )


def redraw(on: date, boundaries: dict[str, tuple[int, int] | None]) -> None:
    """From `on` each unit takes columns first to last, or is no more."""
    for code, columns in boundaries.items():
        AreaVersion.objects.filter(area_id=code, valid_to=None).update(valid_to=on)
        if columns:
            Area.objects.get_or_create(code=code, defaults={"level": "grid", "parent_id": code[:-3]})
            AreaVersion.objects.create(area_id=code, name=code, geom=square(*columns), valid_from=on)


def test_all_are_counted_once(staff):
    scatter_disputes(staff["worker"], 300)
    refreshed = refresh_daily_counts()
    assert counted() == one_by_one()
    assert counted().total() == Dispute.objects.exclude(state="void").count() > 200
    days = {at.astimezone(GUANGZHOU).date() for at in Dispute.objects.values_list("reported_at", flat=True)}
    assert refreshed.days == len(days) and not refreshed.everything


def test_nothing_changed_nothing_counted(staff):
    make_dispute(staff["worker"])
    assert refresh_daily_counts().days == 1
    before = set(DailyCount.objects.values_list("id", flat=True))
    assert refresh_daily_counts().days == 0
    assert set(DailyCount.objects.values_list("id", flat=True)) == before


def test_only_days_that_changed_are_counted_anew(staff):
    old = make_dispute(staff["worker"], now=NOW - timedelta(days=3), occurred_at=NOW - timedelta(days=4))
    refresh_daily_counts()
    make_dispute(staff["worker"])
    assert refresh_daily_counts().days == 1
    assert counted() == one_by_one()
    act(staff["worker"], old, Action.VOID, reason="重复")
    assert refresh_daily_counts().days == 1
    assert counted() == one_by_one() and counted().total() == 1


def test_what_the_night_before_midnight_in_guangzhou_saw_is_that_days(staff):
    before = datetime(2026, 3, 1, 23, 59, tzinfo=GUANGZHOU)
    make_dispute(staff["worker"], occurred_at=before, now=before + timedelta(minutes=2))
    refresh_daily_counts()
    ((_, occurred_on, known_on, _),) = counted()
    assert (occurred_on, known_on) == (date(2026, 3, 1), date(2026, 3, 2))


@pytest.mark.parametrize(
    "change",
    [
        {"category": "0402"},
        {"occurred_at": NOW - timedelta(days=9)},
        {"reported_at": NOW - timedelta(days=2), "occurred_at": NOW - timedelta(days=3)},
        {"grid_unit_id": UNITS[3], "home_area_id": UNITS[3], "responsible_area_id": UNITS[3]},
        {"state": "void", "ended_at": NOW},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_correction_of_a_dispute_is_counted(staff, change):
    dispute = make_dispute(staff["worker"])
    refresh_daily_counts()
    Dispute.objects.filter(pk=dispute.pk).update(**change)
    assert refresh_daily_counts().days >= 1
    assert counted() == one_by_one()


def test_what_changes_nothing_counted_marks_nothing(staff):
    dispute = make_dispute(staff["worker"])
    refresh_daily_counts()
    act(staff["worker"], dispute, Action.VERIFY)
    Dispute.objects.filter(pk=dispute.pk).update(title="别的标题")
    assert refresh_daily_counts().days == 0


def test_late_reports_count_on_their_day_from_when_they_were_known(staff):
    happened = NOW - timedelta(days=5)
    make_dispute(staff["worker"], occurred_at=happened, now=NOW)
    refresh_daily_counts()
    first = DAY - timedelta(days=30)
    before = read_daily_counts(DISTRICT, first, DAY - timedelta(days=1))
    after = read_daily_counts(DISTRICT, first, DAY)
    assert before.cases.tolist() == []
    assert after.cases.tolist() == [1]
    assert after.first_day + timedelta(days=int(after.day[0])) == happened.date()


def test_near_a_boundary_the_unit_that_people_chose_counts(staff):
    dispute = make_dispute(staff["worker"])
    # As of somebody's choice among candidates: its place lies in the first unit.
    Dispute.objects.filter(pk=dispute.pk).update(
        grid_unit_id=UNITS[1], home_area_id=UNITS[1], responsible_area_id=UNITS[1]
    )
    refresh_daily_counts()
    assert {unit for unit, *_ in counted()} == {UNITS[1]}


def test_after_a_redrawing_all_count_where_they_are_by_the_new_boundaries(staff):
    for unit in (UNITS[0], UNITS[1], UNITS[1], UNITS[4]):
        make_dispute(staff["worker"], unit=unit)
    refresh_daily_counts()
    today = timezone.localdate()
    # The first two units become one with a new code; the second street's stay.
    joined = "440105001001009"
    redraw(today, {UNITS[0]: None, UNITS[1]: None, joined: (0, 1)})
    refreshed = refresh_daily_counts()
    assert refreshed.everything
    assert {(unit, cases) for (unit, *_), cases in counted().items()} == {(joined, 3), (UNITS[4], 1)}
    assert not refresh_daily_counts().everything


def test_a_boundary_of_tomorrow_does_not_count_today(staff):
    make_dispute(staff["worker"])
    refresh_daily_counts()
    redraw(timezone.localdate() + timedelta(days=1), {UNITS[0]: (0, 0)})
    assert not refresh_daily_counts().everything


def test_a_dispute_in_no_unit_of_today_stays_with_its_own_and_is_not_analysed(staff):
    make_dispute(staff["worker"])
    redraw(timezone.localdate(), {UNITS[0]: None})
    refresh_daily_counts()
    assert {unit for unit, *_ in counted()} == {UNITS[0]}
    found = read_daily_counts(DISTRICT, DAY - timedelta(days=1), DAY)
    assert UNITS[0] not in found.units and found.cases.size == 0


def test_arrays_for_the_analyses(staff):
    make_dispute(staff["worker"], unit=UNITS[1], category="0201")
    make_dispute(staff["worker"], unit=UNITS[1], category="0203")
    make_dispute(staff["worker"], unit=UNITS[1], category="0402")
    make_dispute(staff["worker"], unit=UNITS[4], category="0402")
    refresh_daily_counts()
    found = read_daily_counts(STREET_1, DAY - timedelta(days=2), DAY)
    assert found.units == UNITS[:4] and found.points_m.shape == (4, 2)
    assert (found.unit.tolist(), found.day.tolist()) == ([1, 1], [2, 2])
    assert dict(zip(found.category_group, found.cases, strict=True)) == {"02": 2, "04": 1}
    assert found.of_group("04").cases.tolist() == [1]
    east, west = found.points_m[1, 0], found.points_m[0, 0]
    assert 150 < east - west < 260


