"""Which open cases nearby may be the one that is being reported."""

from datetime import timedelta

import pytest
from django.db import connection

from incidents.services.supplements import add_supplement
from incidents.similar_cases import similar_cases
from incidents.workflow import Action
from tests.factories.disputes import NOW, act, make_dispute, new_key
from tests.factories.people import make_staff, make_user
from tests.factories.territory import UNITS, centre, make_territory

# About 100 m in this latitude.
STEP = 0.00098


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


def similar(user, category="0201", unit=UNITS[0], now=NOW) -> list[str]:
    lon, lat = centre(unit)
    return [case.title for case in similar_cases(user, lon=lon, lat=lat, category=category, now=now)]


def beside(worker, title: str, east: float = 0, **changes):
    lon, lat = centre(UNITS[0])
    return make_dispute(worker, title=title, lon=lon + east * STEP, lat=lat, **changes)


def test_the_nearest_comes_first_and_beyond_two_hundred_metres_none(staff):
    street = staff["street"]
    for title, steps in (("二百一十米", 2.1), ("一百九十米", 1.9), ("五十米", 0.5), ("一百米", -0.95)):
        beside(street, title, steps)

    assert similar(street) == ["五十米", "一百米", "一百九十米"]


def test_the_distance_is_in_metres_on_the_ground(staff):
    beside(staff["street"], "一百米", 1)
    lon, lat = centre(UNITS[0])
    (case,) = similar_cases(staff["street"], lon=lon, lat=lat, category="0201", now=NOW)
    assert case.distance.m == pytest.approx(100.3, abs=0.5)


def test_of_many_the_nearest_five_are_named(staff):
    for number in range(7):
        beside(staff["street"], str(number), number / 10)
    assert similar(staff["street"]) == ["0", "1", "2", "3", "4"]


def test_only_cases_of_the_same_group_are_alike(staff):
    beside(staff["street"], "噪声", category="0203")
    beside(staff["street"], "欠薪", category="0402")
    assert similar(staff["street"], "0201") == ["噪声"]


def test_ended_and_old_cases_are_not_named(staff):
    act(staff["worker"], beside(staff["worker"], "已作废"), Action.VOID)
    beside(staff["worker"], "上月", now=NOW)
    assert similar(staff["worker"], now=NOW + timedelta(days=30)) == ["上月"]
    assert similar(staff["worker"], now=NOW + timedelta(days=30, seconds=1)) == []


def test_cases_that_one_does_not_see_are_not_named(staff):
    beside(staff["street"], "邻格", 0.2)
    neighbour = make_user("neighbour", "grid_worker", UNITS[1])
    for user in (neighbour, staff["planner"], staff["administrator"]):
        assert similar(user) == []
    assert similar(staff["worker"]) == ["邻格"]


def test_having_added_to_a_case_shows_nobody_more_of_it(staff):
    case = beside(staff["street"], "邻格", 0.2)
    neighbour = make_user("neighbour", "grid_worker", UNITS[0])
    add_supplement(user=neighbour, dispute_id=case.pk, key=new_key(), text="看见了")
    neighbour.duties.all().delete()
    assert similar(neighbour) == []


def test_a_place_at_the_other_end_of_the_world_has_none(staff):
    beside(staff["street"], "一")
    for lon, lat in ((-66, -23), (180, 90), (-180, -90), (0, 0), (114, 90), (24, 0), (-156, 0)):
        assert similar_cases(staff["street"], lon=lon, lat=lat, category="0201", now=NOW) == []


def test_open_cases_by_place_have_an_index_on_the_metric_column(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'dispute_open_place'")
        (definition,) = cursor.fetchone()
    assert "USING gist (location_metric)" in definition
