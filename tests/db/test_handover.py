"""When a worker leaves, their open cases move in one step, and nothing is lost on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grids.models import Duty
from grids.roles import Role
from incidents.errors import HandoverInvalid, HandoverNotAllowed
from incidents.handover import HandoverReach, people_within, work_of
from incidents.models import Dispute, Notice
from incidents.notices.kinds import Kind
from incidents.permissions import CaseDuties
from incidents.services import take_action
from incidents.services.handover import HandedOver, hand_over
from incidents.workflow import Action as A
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.replay import present, replayed
from tests.factories.territory import BEGUN, COMMUNITY_1, STREET_1, STREET_2, UNITS, make_territory
from tests.factories.threads import at_once


def make_people() -> dict:
    make_territory()
    people = make_staff()
    people["successor"] = make_user("successor", Role.GRID_WORKER, UNITS[0])
    people["newcomer"] = make_user("newcomer")
    people["foreign_street"] = make_user("foreign_street", Role.STREET_CENTRE, STREET_2)
    return people


@pytest.fixture
def staff(db):
    return make_people()


def assigned(staff, name="worker", count=1) -> list[Dispute]:
    disputes = [make_dispute(staff["worker"]) for _ in range(count)]
    return [act(staff["worker"], one, A.ACCEPT, A.ASSIGN, assignee=name) for one in disputes]


def move(staff, by="street", leaver="worker", to="successor", areas=(UNITS[0],), **given) -> HandedOver:
    return hand_over(user=staff[by], leaver=staff[leaver], successor=staff[to], areas=areas, **given)


def holder(dispute: Dispute) -> str | None:
    dispute.refresh_from_db()
    return dispute.assigned_to and dispute.assigned_to.username


def test_all_open_cases_of_the_leaver_move_and_their_histories_say_so(staff):
    disputes = assigned(staff, count=3)
    others, ended = assigned(staff, "successor")[0], assigned(staff)[0]
    act(staff["worker"], ended, A.VOID)
    unassigned = make_dispute(staff["worker"])
    assert move(staff) == HandedOver(cases=3)
    for dispute in disputes:
        assert holder(dispute) == "successor"
        event = dispute.events.last()
        assert (event.action, event.actor, event.assigned_to) == (
            "hand_over",
            staff["street"],
            staff["successor"],
        )
        assert replayed(dispute) == present(dispute)
    assert [holder(one) for one in (others, ended, unassigned)] == ["successor", "worker", None]
    assert others.events.last().action == "assign"


def test_it_stays_with_the_level_and_the_time_that_it_had(staff):
    (dispute,) = assigned(staff)
    before = present(dispute)
    move(staff)
    dispute.refresh_from_db()
    changed = {name for name, value in present(dispute).items() if before[name] != value}
    assert changed == {"assigned_to_id", "version"}


def test_the_successor_is_told_once_however_many_cases_there_are(staff):
    assigned(staff, count=3)
    Notice.objects.all().delete()
    move(staff)
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.facts) == (staff["successor"], Kind.HANDED_OVER, {"cases": 3})


@pytest.mark.parametrize(
    ("by", "areas", "allowed"),
    [
        ("street", [UNITS[0]], True),
        ("street", [COMMUNITY_1], True),
        ("street", [STREET_1], False),
        ("district", [STREET_1], True),
        ("administrator", [STREET_1], True),
        ("foreign_street", [UNITS[0]], False),
        ("street", [UNITS[0], UNITS[4]], False),
        ("mediator", [UNITS[0]], False),
        ("worker", [UNITS[0]], False),
        ("planner", [UNITS[0]], False),
        ("newcomer", [UNITS[0]], False),
    ],
)
def test_each_hands_over_within_their_reach(staff, by, areas, allowed):
    for code in areas:
        role = {15: Role.GRID_WORKER, 12: Role.COMMUNITY_MEDIATOR, 9: Role.STREET_CENTRE}[len(code)]
        Duty.objects.create(user=staff["newcomer"], role=role, area_id=code, valid_from=BEGUN)
    assigned(staff)
    if allowed:
        assert move(staff, by, to="newcomer", areas=areas).cases == (UNITS[0] in areas)
    else:
        with pytest.raises(HandoverNotAllowed):
            move(staff, by, to="newcomer", areas=areas)


def test_a_centre_gives_cases_only_to_somebody_on_duty_and_gives_no_duty(staff):
    (dispute,) = assigned(staff)
    with pytest.raises(HandoverInvalid):
        move(staff, to="newcomer")
    with pytest.raises(HandoverNotAllowed):
        move(staff, to="newcomer", end_duties=True)
    assert holder(dispute) == "worker"
    assert not CaseDuties.of(staff["newcomer"]).held


def test_an_administrator_moves_the_duties_with_the_cases(staff):
    (dispute,) = assigned(staff)
    done = move(staff, "administrator", to="newcomer", end_duties=True)
    assert done == HandedOver(cases=1, duties_ended=1, duties_begun=1)
    assert holder(dispute) == "newcomer"
    assert CaseDuties.of(staff["newcomer"]).area_codes == {UNITS[0]}
    assert not CaseDuties.of(staff["worker"]).held
    assert Dispute.objects.one_visible_to(staff["newcomer"], dispute.pk) == dispute
    with pytest.raises(HandoverInvalid):  # they are not on duty there any more
        move(staff, "administrator", leaver="newcomer", to="worker")


def test_the_leaver_may_stay_on_duty_until_a_day(staff):
    last = timezone.localdate() + timedelta(days=5)
    assert move(staff, "administrator", to="newcomer", end_duties=True, on=last).duties_ended == 1
    assert Duty.objects.get(user=staff["worker"]).valid_to == last
    assert Duty.objects.get(user=staff["newcomer"]).valid_from == timezone.localdate()
    assert CaseDuties.of(staff["worker"]).area_codes == CaseDuties.of(staff["newcomer"]).area_codes
    with pytest.raises(HandoverInvalid):
        move(
            staff,
            "administrator",
            to="newcomer",
            end_duties=True,
            on=timezone.localdate() - timedelta(days=1),
        )


def test_duties_that_the_successor_has_or_will_have_are_not_given_twice(staff):
    later = timezone.localdate() + timedelta(days=30)
    Duty.objects.create(user=staff["newcomer"], role=Role.GRID_WORKER, area_id=UNITS[0], valid_from=later)
    assert move(staff, "administrator", end_duties=True).duties_begun == 0
    Duty.objects.filter(user=staff["worker"]).update(valid_to=None)
    assert move(staff, "administrator", to="newcomer", end_duties=True).duties_begun == 1
    first = Duty.objects.get(user=staff["newcomer"], valid_from=timezone.localdate())
    assert first.valid_to == later


def test_a_limited_duty_is_not_made_longer_by_passing_it_on(staff):
    until = timezone.localdate() + timedelta(days=9)
    Duty.objects.filter(user=staff["worker"]).update(valid_to=until)
    move(staff, "administrator", to="newcomer", end_duties=True)
    assert Duty.objects.get(user=staff["newcomer"]).valid_to == until


def test_all_or_nothing(staff):
    """One area of two where the successor is not on duty: no case moves, no duty ends."""
    Duty.objects.create(user=staff["worker"], role=Role.GRID_WORKER, area_id=UNITS[1], valid_from=BEGUN)
    (here,) = assigned(staff)
    there = make_dispute(staff["worker"], UNITS[1])
    act(staff["worker"], there, A.ACCEPT, A.ASSIGN, assignee="worker")
    with pytest.raises(HandoverInvalid) as refusal:
        move(staff, areas=UNITS[:2])
    assert "区域002" in str(refusal.value.facts["errors"])
    assert (holder(here), holder(there)) == ("worker", "worker")
    assert move(staff).cases == 1
    assert (holder(here), holder(there)) == ("successor", "worker")


@pytest.mark.parametrize("to", ["worker", "off"])
def test_to_oneself_or_to_an_account_switched_off_nothing_is_handed(staff, to):
    staff["off"] = make_user("off", Role.GRID_WORKER, UNITS[0], is_active=False)
    with pytest.raises(HandoverInvalid):
        move(staff, to=to)
    with pytest.raises(HandoverInvalid):
        move(staff, areas=())


def test_what_somebody_left_behind_is_shown_though_their_duty_is_over(staff):
    assigned(staff, count=2)
    Duty.objects.filter(user=staff["worker"]).update(valid_to=BEGUN)
    reach = HandoverReach.of(staff["street"])
    (work,) = work_of(staff["worker"], reach)
    assert (work.code, work.on_duty, work.open) == (UNITS[0], False, 2)
    assert staff["worker"] in people_within(reach)
    assert work_of(staff["worker"], HandoverReach.of(staff["foreign_street"])) == []
    assert staff["worker"] not in people_within(HandoverReach.of(staff["foreign_street"]))
    assert move(staff).cases == 2


# With connections of their own ----------------------------------------------------------------
@pytest.fixture
def people(several_connections):
    return make_people()


def test_two_who_hand_the_same_work_over_at_once_lose_nothing_and_move_nothing_twice(people):
    disputes = assigned(people, count=8)
    Duty.objects.create(user=people["newcomer"], role=Role.GRID_WORKER, area_id=UNITS[0], valid_from=BEGUN)
    moved = at_once(*[lambda to=to: move(people, to=to).cases for to in ("successor", "newcomer") * 2])
    assert sorted(moved) == [0, 0, 0, 8]
    assert len({holder(dispute) for dispute in disputes}) == 1
    for dispute in disputes:
        assert [event.action for event in dispute.events.order_by("version")].count("hand_over") == 1
        assert replayed(dispute) == present(dispute)


def test_two_who_hand_over_to_each_other_at_once_do_not_wait_for_ever(people):
    mine, theirs = assigned(people, count=3), assigned(people, "successor", 3)
    at_once(
        lambda: move(people), lambda: move(people, leaver="successor", to="worker"),
    )  # fmt: skip
    assert len({holder(dispute) for dispute in mine + theirs}) == 1
    for dispute in mine + theirs:
        assert replayed(dispute) == present(dispute)


def test_work_goes_on_while_it_is_handed_over(people):
    disputes = assigned(people, count=6)

    def mediate():
        return [
            take_action(user=people["worker"], dispute_id=one.pk, action=A.BEGIN_MEDIATION)
            for one in disputes
        ]

    at_once(mediate, lambda: move(people))
    for dispute in disputes:
        assert (holder(dispute), dispute.state) == ("successor", "mediating")
        assert replayed(dispute) == present(dispute)
