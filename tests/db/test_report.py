"""Taking a report: place, address, level, key."""

from datetime import timedelta

import pytest

from grids.errors import DatumMissing, DatumUnknown, PointOutsideDistrict
from grids.models import Duty
from grids.roles import Role
from incidents.errors import (
    AddressUnitUnknown,
    GridUnitNotCandidate,
    ReportInvalid,
    ReportKeyReused,
    ReportNotAllowed,
)
from incidents.models import Dispute, Party
from incidents.report import ReportedParty
from incidents.services import report_dispute
from tests.factories.disputes import NOW, make_dispute, make_report, new_key
from tests.factories.people import make_staff, make_user
from tests.factories.territory import (
    COMMUNITY_1,
    DISTRICT,
    STREET_1,
    UNITS,
    beside_edge,
    centre,
    make_address,
    make_territory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def worker(staff):
    return staff["worker"]


def test_a_report_is_located_numbered_and_due(worker):
    dispute = make_dispute(worker)
    dispute.refresh_from_db()
    assert dispute.grid_unit_id == dispute.home_area_id == dispute.responsible_area_id == UNITS[0]
    assert (dispute.level, dispute.state, dispute.version) == ("grid", "reported", 1)
    assert dispute.case_number.startswith("HZ2026-")
    # Four working hours, over noon.
    assert dispute.due_at == NOW + timedelta(hours=6)
    assert dispute.location.coords == pytest.approx(centre(UNITS[0]))
    assert (dispute.risk, dispute.location_certain) == ("yellow", True)


def test_a_report_begins_the_history(worker):
    dispute = make_dispute(worker)
    event = dispute.events.get()
    assert (event.version, event.action, event.actor, event.at) == (1, "report", worker, NOW)
    assert (event.from_state, event.to_state, event.to_level, event.area_id) == (
        "",
        "reported",
        "grid",
        UNITS[0],
    )


def test_the_case_number_bears_the_year_in_guangzhou(worker):
    last_hour_in_utc = NOW.replace(year=2025, month=12, day=31, hour=16) + timedelta(hours=9)
    dispute = make_dispute(worker, now=last_hour_in_utc, occurred_at=last_hour_in_utc)
    assert dispute.case_number.startswith("HZ2026-")


def test_the_original_coordinates_are_kept_beside_the_converted(worker):
    lon, lat = centre(UNITS[0])
    # GCJ-02 lies some 555 m east and 290 m south of WGS84 here.
    dispute = make_dispute(worker, lon=lon + 0.00543, lat=lat - 0.00262, datum="gcj02")
    assert (dispute.original_lon, dispute.original_lat) == (lon + 0.00543, lat - 0.00262)
    assert dispute.original_datum == "gcj02"
    assert dispute.location.coords == pytest.approx((lon, lat), abs=3e-4)


def test_a_worker_may_report_outside_their_unit_and_then_sees_it(worker):
    dispute = make_dispute(worker, UNITS[5])
    assert dispute.responsible_area_id == UNITS[5]
    assert Dispute.objects.one_visible_to(worker, dispute.id) == dispute


@pytest.mark.parametrize("role", ["planner", "administrator"])
def test_planners_and_administrators_do_not_report(staff, role):
    with pytest.raises(ReportNotAllowed):
        make_dispute(staff[role])


@pytest.mark.parametrize("role", ["worker", "mediator", "street", "district"])
def test_all_who_work_on_cases_report(staff, role):
    assert make_dispute(staff[role]).reported_by == staff[role]


def test_a_duty_that_ended_gives_no_right_to_report(worker):
    Duty.objects.filter(user=worker).update(valid_to=Duty.objects.get(user=worker).valid_from)
    with pytest.raises(ReportNotAllowed):
        make_dispute(worker)


def test_an_uncertain_position_keeps_the_unit_that_holds_it(worker):
    lon, lat = beside_edge(UNITS[0])
    dispute = make_dispute(worker, lon=lon, lat=lat, accuracy_m=50.0)
    assert (dispute.grid_unit_id, dispute.location_certain) == (UNITS[0], False)
    assert dispute.events.get().reason_code == ""


def test_the_workers_choice_among_the_candidates_is_taken_and_recorded(worker):
    lon, lat = beside_edge(UNITS[0])
    dispute = make_dispute(worker, lon=lon, lat=lat, accuracy_m=50.0, grid_unit=UNITS[1])
    assert dispute.grid_unit_id == dispute.responsible_area_id == UNITS[1]
    assert dispute.events.get().reason_code == "grid_unit_chosen"


def test_a_unit_that_is_no_candidate_is_refused_with_the_candidates(worker):
    lon, lat = beside_edge(UNITS[0])
    with pytest.raises(GridUnitNotCandidate) as refused:
        make_dispute(worker, lon=lon, lat=lat, accuracy_m=50.0, grid_unit=UNITS[3])
    assert refused.value.facts["candidates"] == [UNITS[0], UNITS[1]]


@pytest.mark.parametrize(
    ("unit", "address_unit", "level", "area"),
    [
        (UNITS[0], UNITS[0], "grid", UNITS[0]),
        (UNITS[0], UNITS[1], "community", COMMUNITY_1),
        (UNITS[0], UNITS[2], "street", STREET_1),
        (UNITS[0], UNITS[4], "district", DISTRICT),
    ],
)
@pytest.mark.parametrize("known", [True, False], ids=["known address", "unit given"])
def test_place_and_address_meet_in_the_lowest_area_that_holds_both(
    worker, unit, address_unit, level, area, known
):
    if known:
        make_address("晓港东路12号", address_unit)
        dispute = make_dispute(worker, unit, address="晓港东路 12 号")
    else:
        dispute = make_dispute(worker, unit, address="晓港东路12号", address_unit=address_unit)
    assert (dispute.level, dispute.home_area_id, dispute.responsible_area_id) == (level, area, area)
    assert dispute.grid_unit_id == unit
    assert dispute.address_unit_id == (None if address_unit == unit else address_unit)
    assert (dispute.address is not None) == known
    assert dispute.address_text == ("晓港东路 12 号" if known else "晓港东路12号")


def test_an_unknown_address_changes_nothing(worker):
    dispute = make_dispute(worker, address="某处")
    assert (dispute.address, dispute.address_unit_id, dispute.level) == (None, None, "grid")


def test_an_address_of_signs_only_is_no_address(worker):
    assert make_dispute(worker, address="——").address is None


@pytest.mark.parametrize("code", ["440105009001001", COMMUNITY_1])
def test_an_address_unit_must_be_a_grid_unit_in_force(worker, code):
    with pytest.raises(AddressUnitUnknown):
        make_dispute(worker, address_unit=code)


def test_the_same_report_again_is_the_same_dispute(worker):
    key, report = new_key(), make_report(parties=(ReportedParty("甲", "13800000000", "申请人"),))
    first, new = report_dispute(reporter=worker, report=report, key=key, now=NOW)
    again, newer = report_dispute(reporter=worker, report=report, key=key, now=NOW + timedelta(days=1))
    assert (new, newer) == (True, False)
    assert first == again
    assert Dispute.objects.count() == Party.objects.count() == first.events.count() == 1


def test_the_same_report_again_is_known_though_its_time_has_passed(worker):
    key, report = new_key(), make_report()
    report_dispute(reporter=worker, report=report, key=key, now=NOW)
    _, new = report_dispute(reporter=worker, report=report, key=key, now=NOW + timedelta(days=9000))
    assert not new


def test_the_same_key_for_another_report_is_refused_with_its_case_number(worker):
    key = new_key()
    first, _ = report_dispute(reporter=worker, report=make_report(), key=key, now=NOW)
    with pytest.raises(ReportKeyReused) as refused:
        report_dispute(reporter=worker, report=make_report(title="别的事"), key=key, now=NOW)
    assert refused.value.facts["case_number"] == first.case_number
    assert Dispute.objects.count() == 1


def test_two_reporters_may_use_the_same_key(staff):
    key = new_key()
    for name in ("worker", "street"):
        _, new = report_dispute(reporter=staff[name], report=make_report(), key=key, now=NOW)
        assert new


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"datum": ""}, DatumMissing),
        ({"datum": "nad27"}, DatumUnknown),
        ({"lon": 113.9}, PointOutsideDistrict),
        ({"category": "9901"}, ReportInvalid),
        ({"title": "a\0b"}, ReportInvalid),
        ({"occurred_at": NOW + timedelta(minutes=6)}, ReportInvalid),
    ],
)
def test_a_report_that_cannot_be_taken_leaves_nothing(worker, changes, error):
    with pytest.raises(error):
        make_dispute(worker, **changes)
    assert not Dispute.objects.exists()


def test_an_inactive_account_cannot_report(staff):
    leaver = make_user("leaver", Role.GRID_WORKER, UNITS[0], is_active=False)
    with pytest.raises(ReportNotAllowed):
        make_dispute(leaver)
