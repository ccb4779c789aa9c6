"""Who sees, who acts, who may be assigned, who opens the parties."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from grids.models import Duty
from grids.roles import Role
from incidents.errors import DisputeNotFound, PartiesNotYours
from incidents.models import Dispute, PartyAccess
from incidents.permissions import CaseDuties, assignable_users, may_report
from incidents.report import ReportedParty
from incidents.services import open_parties
from incidents.workflow import Action as A
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import STREET_1, STREET_2, UNITS, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(staff):
    return make_dispute(staff["district"], parties=(ReportedParty("张三", "13800000000", "申请人"),))


def sees(user, dispute):
    return Dispute.objects.visible_to(user).filter(pk=dispute.pk).exists()


@pytest.mark.parametrize("role", ["worker", "mediator", "street", "district"])
def test_all_levels_above_a_unit_see_its_disputes(staff, dispute, role):
    assert sees(staff[role], dispute)


@pytest.mark.parametrize("role", ["planner", "administrator"])
def test_planners_and_administrators_see_no_case(staff, dispute, role):
    assert not sees(staff[role], dispute)
    assert CaseDuties.of(staff[role]).actions_for(dispute) == ()
    assert not may_report(staff[role])


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (Role.GRID_WORKER, UNITS[1]),
        (Role.COMMUNITY_MEDIATOR, "440105001002"),
        (Role.STREET_CENTRE, STREET_2),
    ],
)
def test_neighbouring_areas_do_not_see_it(dispute, role, area):
    assert not sees(make_user("neighbour", role, area), dispute)


def test_a_dispute_that_touches_two_areas_is_seen_by_both(staff):
    dispute = make_dispute(staff["district"], UNITS[0], address="x", address_unit=UNITS[4])
    assert sees(make_user("other", Role.GRID_WORKER, UNITS[4]), dispute)
    assert sees(make_user("centre", Role.STREET_CENTRE, STREET_2), dispute)
    assert not sees(make_user("third", Role.GRID_WORKER, UNITS[2]), dispute)


def test_whoever_reported_sees_it_as_long_as_they_work_on_cases(staff):
    dispute = make_dispute(staff["worker"], UNITS[5])
    assert sees(staff["worker"], dispute)
    Duty.objects.filter(user=staff["worker"]).update(valid_to="2021-01-01")
    assert not sees(staff["worker"], dispute)


@pytest.mark.parametrize("dates", [{"valid_from": "2999-01-01"}, {"valid_to": "2021-01-01"}])
def test_a_duty_counts_only_while_it_lasts(staff, dispute, dates):
    Duty.objects.filter(user=staff["street"]).update(**dates)
    assert not sees(staff["street"], dispute)


def test_an_account_that_is_switched_off_sees_and_does_nothing(staff, dispute):
    staff["worker"].is_active = False
    assert not sees(staff["worker"], dispute)
    assert CaseDuties.of(staff["worker"]).actions_for(dispute) == ()


def test_duties_held_today_are_none_for_an_account_that_is_switched_off(staff):
    worker = staff["worker"]
    Duty.objects.create(user=worker, role=Role.GRID_WORKER, area_id=UNITS[1], valid_from="2999-01-01")
    held = Duty.objects.held_by(worker)
    assert list(held.values_list("role", "area_id")) == [("grid_worker", UNITS[0])]
    assert not Duty.objects.held_by(worker, {Role.PLANNER}).exists()
    worker.is_active = False
    assert not Duty.objects.held_by(worker).exists()
    assert not Duty.objects.held_by(AnonymousUser()).exists()


def test_only_the_responsible_level_acts(staff, dispute):
    able = {name for name, user in staff.items() if CaseDuties.of(user).actions_for(dispute)}
    assert able == {"worker"}
    dispute = act(staff["worker"], dispute, A.ESCALATE)
    able = {name for name, user in staff.items() if CaseDuties.of(user).actions_for(dispute)}
    assert able == {"mediator"}


def test_actions_are_those_of_the_workflow_in_its_order(staff, dispute):
    assert CaseDuties.of(staff["worker"]).actions_for(dispute) == (
        A.VERIFY, A.ACCEPT, A.ESCALATE, A.SUSPEND, A.TRANSFER, A.VOID,
    )  # fmt: skip


def test_the_database_refuses_a_role_on_an_area_of_the_wrong_level(dispute):
    with pytest.raises(IntegrityError, match="duty_role_fits_level"):
        make_user("slip", Role.STREET_CENTRE, UNITS[0])


def test_the_assignable_are_on_duty_in_the_responsible_area(staff, dispute):
    make_user("second", Role.GRID_WORKER, UNITS[0])
    make_user("neighbour", Role.GRID_WORKER, UNITS[1])
    make_user("leaver", Role.GRID_WORKER, UNITS[0], is_active=False)
    Duty.objects.create(user=staff["mediator"], role=Role.PLANNER, area_id=STREET_1)
    assert [user.username for user in assignable_users(dispute)] == ["second", "worker"]
    dispute = act(staff["worker"], dispute, A.ESCALATE)
    assert list(assignable_users(dispute)) == [staff["mediator"]]


def test_opening_the_parties_is_recorded(staff, dispute):
    (party,) = open_parties(user=staff["worker"], dispute_id=dispute.id)
    assert (party.name, party.phone, party.role) == ("张三", "13800000000", "申请人")
    access = PartyAccess.objects.get()
    assert (access.user, access.dispute) == (staff["worker"], dispute)


@pytest.mark.parametrize("role", ["mediator", "street", "district"])
def test_who_sees_a_dispute_but_does_not_answer_for_it_opens_no_parties(staff, dispute, role):
    with pytest.raises(PartiesNotYours):
        open_parties(user=staff[role], dispute_id=dispute.id)
    assert not PartyAccess.objects.exists()


def test_the_parties_of_a_foreign_dispute_are_not_found(staff, dispute):
    with pytest.raises(DisputeNotFound):
        open_parties(user=staff["planner"], dispute_id=dispute.id)


def test_a_party_has_no_name_where_it_may_reach_a_log(dispute):
    assert "张三" not in f"{dispute.parties.get()} {dispute.parties.get()!r} {dispute!r}"


def test_who_sees_a_case_by_their_duties_is_who_finds_it(staff):
    people = [*staff.values(), make_user("idle"), make_user("street_2", Role.STREET_CENTRE, STREET_2)]
    people += [make_user(f"worker_{unit[-9:]}", Role.GRID_WORKER, unit) for unit in UNITS[1:]]
    gone = make_user("gone", Role.GRID_WORKER, UNITS[5])
    cases = [
        make_dispute(staff["worker"]),
        make_dispute(staff["worker"], UNITS[4]),
        make_dispute(gone, UNITS[2]),
        make_dispute(staff["mediator"], UNITS[1], address="某路 1 号", address_unit=UNITS[4]),
    ]
    gone.duties.all().delete()
    for user in [*people, gone]:
        found = set(Dispute.objects.visible_to(user))
        assert found == {case for case in cases if CaseDuties.of(user).see(case)}, user.username
