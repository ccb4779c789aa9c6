"""What the map counts, against counting the rows one by one."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import timezone

from grids.errors import AreaUnknown
from grids.hierarchy import Level
from grids.models import AreaVersion, Duty, User
from grids.roles import Role
from incidents.filters import DisputeFilter
from incidents.models import Dispute
from maps import selectors
from maps.errors import AreaOutsideDuty, NoDutyOnMap
from maps.screen import Box, Screen
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.scatter import scatter_disputes
from tests.factories.territory import (
    COMMUNITY_1,
    COMMUNITY_2,
    DISTRICT,
    SIDE,
    SOUTH,
    STREET_1,
    STREET_2,
    UNITS,
    WEST,
    make_territory,
)
from tests.kept_rows import kept_for_the_module

pytestmark = pytest.mark.django_db
ALL = DisputeFilter()
EVERYWHERE = Box(WEST - SIDE, SOUTH - SIDE, WEST + 7 * SIDE, SOUTH + 2 * SIDE)
FILTERS = [
    ALL,
    DisputeFilter(date_from=date(2025, 10, 1)),
    DisputeFilter(date_from=date(2025, 9, 1), date_to=date(2025, 12, 31)),
    DisputeFilter(category="04"),
    DisputeFilter(category="0402"),
    DisputeFilter(level="community"),
    DisputeFilter(state="closed"),
    DisputeFilter(state="open"),
    DisputeFilter(state="overdue"),
    DisputeFilter(date_from=date(2025, 8, 1), category="01", level="grid", state="open"),
]


@pytest.fixture(scope="module")
def scattered(django_db_setup, django_db_blocker):
    with kept_for_the_module(django_db_blocker):
        make_territory()
        scatter_disputes(make_staff()["worker"], 400)
        yield


@pytest.fixture
def people(scattered):
    return {user.username: user for user in User.objects.all()}


def passes(dispute: Dispute, chosen: DisputeFilter) -> bool:
    """The filter, said again in the plainest way."""
    day = timezone.localdate(dispute.reported_at)
    overdue = dispute.due_at is not None and dispute.due_at < timezone.now()
    states = {"open": dispute.ended_at is None, "overdue": overdue}
    return (
        (not chosen.date_from or day >= chosen.date_from)
        and (not chosen.date_to or day <= chosen.date_to)
        and dispute.category.startswith(chosen.category)
        and chosen.level in ("", dispute.level)
        and (not chosen.state or states.get(chosen.state, dispute.state == chosen.state))
    )


def brute_force(area: str, chosen: DisputeFilter) -> list[Dispute]:
    located = (dispute for dispute in Dispute.objects.all() if dispute.grid_unit_id.startswith(area))
    return [dispute for dispute in located if passes(dispute, chosen)]


@pytest.mark.parametrize("chosen", FILTERS, ids=str)
def test_counts_equal_counting_one_by_one_at_every_level(people, chosen):
    ground = selectors.look_at(people["district"])
    for by in (Level.STREET, Level.COMMUNITY, Level.GRID):
        counts = selectors.count_areas(people["district"], ground, by, chosen)
        expected = Counter(dispute.grid_unit_id[:by.code_length] for dispute in brute_force(DISTRICT, chosen))
        assert {area.code: area.count for area in counts.areas if area.count} == dict(expected)
        assert counts.total == expected.total()


def test_an_area_has_as_many_disputes_as_its_parts_together(people):
    user = people["district"]
    streets = selectors.count_areas(user, selectors.look_at(user), Level.STREET, ALL)
    for street in streets.areas:
        ground = selectors.look_at(user, street.code)
        for by in (Level.COMMUNITY, Level.GRID):
            assert selectors.count_areas(user, ground, by, ALL).total == street.count


@pytest.mark.parametrize("zoom", [12, 15, 17.25, 19])
@pytest.mark.parametrize("chosen", FILTERS, ids=str)
def test_circles_together_have_every_dispute_once(people, chosen, zoom):
    user = people["street"]
    clusters = selectors.cluster_cases(user, selectors.look_at(user), chosen, Screen(EVERYWHERE, zoom))
    assert sum(cluster.count for cluster in clusters) == len(brute_force(STREET_1, chosen))


@pytest.mark.parametrize("chosen", FILTERS, ids=str)
def test_heat_has_every_dispute_once(people, chosen):
    user = people["street"]
    squares = selectors.bin_heat(user, selectors.look_at(user), chosen, Screen(EVERYWHERE, 16))
    assert squares[:, 2].sum() == len(brute_force(STREET_1, chosen))


def test_heat_squares_lie_where_their_disputes_are(people):
    user = people["street"]
    screen = Screen(EVERYWHERE, 16)
    squares = selectors.bin_heat(user, selectors.look_at(user), ALL, screen)
    cells = Counter(
        tuple(np.floor(np.array(dispute.location_metric.coords) / screen.heat_side_m).astype(int))
        for dispute in Dispute.objects.all()
        if dispute.grid_unit_id.startswith(STREET_1)
    )
    assert sorted(squares[:, 2]) == sorted(cells.values())


def test_a_circle_alone_is_a_case_and_says_nothing_more_than_its_facts(people):
    user = people["street"]
    few = DisputeFilter(category="0402")
    clusters = selectors.cluster_cases(user, selectors.look_at(user), few, Screen(EVERYWHERE, 20))
    alone = [cluster for cluster in clusters if cluster.count == 1]
    assert alone
    for cluster in alone:
        dispute = Dispute.objects.get(pk=cluster.case.id)
        assert (cluster.lon, cluster.lat) == pytest.approx(dispute.location.coords, abs=1e-9)
        assert cluster.case.case_number == dispute.case_number
    assert all(cluster.case is None for cluster in clusters if cluster.count > 1)


def test_disputes_at_one_spot_stay_one_circle_and_are_listed(people):
    user = people["street"]
    ground = selectors.look_at(user, UNITS[0])
    clusters = selectors.cluster_cases(user, ground, ALL, Screen(EVERYWHERE, 20))
    spot = max(clusters, key=lambda cluster: cluster.count)
    lon, lat = spot.extent.west, spot.extent.south
    around = DisputeFilter(bbox=(lon - 1e-6, lat - 1e-6, lon + 1e-6, lat + 1e-6))
    cases, total = selectors.list_cases(user, ground, around, limit=5)
    assert total == spot.count > 5
    assert len(cases) == 5
    newest = Dispute.objects.filter(pk__in=[case.id for case in cases]).order_by("-reported_at")
    assert [case.case_number for case in cases] == [dispute.case_number for dispute in newest]


def test_panning_by_a_whole_cell_does_not_move_the_circles(people):
    user, ground = people["street"], selectors.look_at(people["street"])
    here = Screen(Box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE), 18)
    wider = replace(here, box=EVERYWHERE)
    places = {(round(c.lon, 7), round(c.lat, 7)) for c in selectors.cluster_cases(user, ground, ALL, wider)}
    seen = selectors.cluster_cases(user, ground, ALL, here)
    same = [c for c in seen if (round(c.lon, 7), round(c.lat, 7)) in places]
    # At the rim a circle may join another that only the wider screen has.
    assert len(same) > 0.6 * len(seen) > 0


def test_disputes_elsewhere_are_neither_counted_nor_shown(people):
    make_dispute(people["worker"], UNITS[1])
    elsewhere = {"home_area": DISTRICT, "responsible_area": DISTRICT, "level": "district"}
    Dispute.objects.filter(grid_unit_id=UNITS[4]).update(address_unit_id=UNITS[0], **elsewhere)
    user = people["street"]
    ground = selectors.look_at(user)
    expected = len(brute_force(STREET_1, ALL))
    assert selectors.count_areas(user, ground, Level.GRID, ALL).total == expected
    shown = selectors.cluster_cases(user, ground, ALL, Screen(EVERYWHERE, 17))
    assert sum(cluster.count for cluster in shown) == expected


def test_a_planner_counts_and_sees_no_case(people):
    planner = people["planner"]
    ground = selectors.look_at(planner)
    assert not ground.shows_cases
    assert selectors.count_areas(planner, ground, Level.GRID, ALL).total == 400
    assert selectors.cluster_cases(planner, ground, ALL, Screen(EVERYWHERE, 14)) == []
    assert not selectors.bin_heat(planner, ground, ALL, Screen(EVERYWHERE, 14)).size
    assert selectors.list_cases(planner, ground, ALL, limit=5) == ([], 0)


def test_who_plans_the_district_and_works_on_a_street_sees_cases_only_there(people):
    both = make_user("both", Role.PLANNER, DISTRICT)
    Duty.objects.create(user=both, role=Role.STREET_CENTRE, area_id=STREET_2, valid_from=date(2020, 1, 1))
    assert not selectors.look_at(both).shows_cases
    assert not selectors.look_at(both, STREET_1).shows_cases
    ground = selectors.look_at(both, STREET_2)
    assert ground.shows_cases
    clusters = selectors.cluster_cases(both, ground, ALL, Screen(EVERYWHERE, 14))
    assert sum(cluster.count for cluster in clusters) == len(brute_force(STREET_2, ALL))


def test_the_way_begins_at_ones_own_area(people):
    ground = selectors.look_at(people["street"], UNITS[2])
    assert [area.code for area in ground.trail] == [STREET_1, COMMUNITY_2, UNITS[2]]
    assert ground.divisions == (Level.GRID,)
    assert selectors.look_at(people["street"]).divisions == (Level.COMMUNITY, Level.GRID)


@pytest.mark.parametrize("code", [STREET_2, UNITS[4], DISTRICT])
def test_an_area_outside_the_duty_is_not_looked_at(people, code):
    with pytest.raises(AreaOutsideDuty):
        selectors.look_at(people["street"], code)


def test_an_area_that_does_not_exist_is_unknown(people):
    with pytest.raises(AreaUnknown):
        selectors.look_at(people["street"], f"{STREET_1}999")


def test_without_a_duty_of_today_there_is_no_map(people):
    with pytest.raises(NoDutyOnMap):
        selectors.look_at(people["administrator"])
    Duty.objects.filter(user=people["street"]).update(valid_to=timezone.localdate())
    with pytest.raises(NoDutyOnMap):
        selectors.look_at(people["street"])
    with pytest.raises(NoDutyOnMap):
        selectors.duty_areas(people["street"])


def test_an_account_that_is_switched_off_sees_nothing(people):
    user = people["street"]
    ground = selectors.look_at(user)
    user.is_active = False
    with pytest.raises(NoDutyOnMap):
        selectors.look_at(user)
    assert selectors.count_areas(user, ground, Level.GRID, ALL).total == 0


def test_disputes_of_a_unit_without_a_boundary_today_are_counted_apart(people):
    AreaVersion.objects.filter(area_id=UNITS[0]).update(valid_to=timezone.localdate())
    user = people["street"]
    counts = selectors.count_areas(user, selectors.look_at(user), Level.GRID, ALL)
    assert UNITS[0] not in {area.code for area in counts.areas}
    assert counts.unplaced == len(brute_force(UNITS[0], ALL)) > 0
    assert counts.total == len(brute_force(STREET_1, ALL))


def test_a_rate_is_the_count_per_square_kilometre_of_the_metric_boundary(people):
    user = people["street"]
    counts = selectors.count_areas(user, selectors.look_at(user), Level.GRID, ALL)
    for area in counts.areas:
        metric = AreaVersion.objects.get(area_id=area.code).geom_metric
        assert area.km2 == pytest.approx(metric.area / 1e6)
        assert area.per_km2 == pytest.approx(area.count / area.km2)


def test_an_area_is_ranked_among_those_beside_it(people):
    user = people["street"]
    standing = selectors.standing_of(user, selectors.look_at(user, COMMUNITY_1), ALL)
    mine, other = (len(brute_force(code, ALL)) for code in (COMMUNITY_1, COMMUNITY_2))
    assert (standing.total, standing.of, standing.rank) == (mine + other, 2, 1 if mine >= other else 2)
    assert selectors.standing_of(user, selectors.look_at(user), ALL) is None


def test_a_unit_has_a_short_name_where_its_name_begins_with_the_communitys(people):
    AreaVersion.objects.filter(area_id=COMMUNITY_1).update(name="晓港社区")
    AreaVersion.objects.filter(area_id=UNITS[0]).update(name="晓港社区第1网格")
    user = people["street"]
    areas = selectors.count_areas(user, selectors.look_at(user), Level.GRID, ALL).areas
    assert (areas[0].name, areas[0].short_name) == ("晓港社区第1网格", "第1网格")
    assert areas[1].short_name == areas[1].name


def test_the_stamp_of_boundaries_changes_when_one_is_redrawn(people):
    ground = selectors.look_at(people["street"])
    before = selectors.boundaries_stamp(ground, Level.GRID)
    assert selectors.boundaries_stamp(ground, Level.GRID) == before
    old = AreaVersion.objects.get(area_id=UNITS[0])
    today = timezone.localdate()
    AreaVersion.objects.filter(pk=old.pk).update(valid_to=today)
    assert selectors.boundaries_stamp(ground, Level.GRID) != before
    retired = selectors.boundaries_stamp(ground, Level.GRID)
    AreaVersion.objects.create(area_id=UNITS[0], name="新界", geom=old.geom, valid_from=today)
    assert selectors.boundaries_stamp(ground, Level.GRID) not in (before, retired)


def test_boundaries_of_tomorrow_are_not_drawn_today(people):
    old = AreaVersion.objects.get(area_id=UNITS[0])
    tomorrow = timezone.localdate() + timedelta(days=1)
    AreaVersion.objects.filter(pk=old.pk).update(valid_to=tomorrow)
    AreaVersion.objects.create(area_id=UNITS[0], name="明日", geom=old.geom, valid_from=tomorrow)
    ground = selectors.look_at(people["street"])
    assert "明日" not in {boundary.name for boundary in selectors.read_boundaries(ground, Level.GRID)}
