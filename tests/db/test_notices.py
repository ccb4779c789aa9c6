"""Who is told of a change: those who have to do with it, nobody who may not see it, no one twice."""

import random

import pytest

from grids.models import Duty, User
from grids.roles import Role
from incidents.measures import Measure
from incidents.models import Dispute, Notice
from incidents.notices.kinds import Kind, To
from incidents.notices.recipients import Before, OnDuty
from incidents.policies import policy_book
from incidents.services import escalate_overdue
from incidents.services.announcing import announce_change
from incidents.services.changes import record_measure
from incidents.services.guidance import ask_guidance, give_guidance
from incidents.services.measures_taken import ask_extension, grant_extension, supervise, urge
from incidents.services.notices import create_notices, forget_old_notices, mark_read, notice_for, unread_count
from incidents.services.referrals import lapse_referrals, refer_out
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import (
    BEGUN,
    COMMUNITY_1,
    COMMUNITY_3,
    DISTRICT,
    STREET_1,
    STREET_2,
    UNITS,
    make_address,
    make_territory,
)


@pytest.fixture
def staff(db):
    make_territory()
    people = make_staff()
    people["colleague"] = make_user("colleague", Role.GRID_WORKER, UNITS[0])
    people["foreign_worker"] = make_user("foreign_worker", Role.GRID_WORKER, UNITS[4])
    people["foreign_street"] = make_user("foreign_street", Role.STREET_CENTRE, STREET_2)
    return people


def told() -> set[tuple[str, str]]:
    """(kind, username) of every notice."""
    return set(Notice.objects.values_list("kind", "user__username"))


def measure(dispute: Dispute, what: Measure, actor: User | None, **given) -> None:
    record_measure(dispute, what, at=NOW, actor=actor, book=policy_book(), **given)
    announce_change(dispute, what, actor=actor)


def test_a_new_case_is_told_to_all_on_duty_there_but_to_the_reporter(staff):
    make_dispute(staff["worker"])
    assert told() == {(Kind.NEW_CASE, "colleague")}


def test_an_assigned_case_is_told_to_the_assignee_alone(staff):
    dispute = make_dispute(staff["worker"])
    Notice.objects.all().delete()
    act(staff["worker"], dispute, A.ACCEPT, A.ASSIGN, assignee="colleague")
    assert told() == {(Kind.ASSIGNED, "colleague")}


def test_who_takes_a_case_themselves_is_not_told_so(staff):
    dispute = make_dispute(staff["worker"])
    Notice.objects.all().delete()
    act(staff["worker"], dispute, A.ACCEPT, A.ASSIGN, assignee="worker")
    assert told() == set()


def test_a_case_that_goes_up_by_itself_is_told_above_and_to_those_who_had_it(staff):
    dispute = make_dispute(staff["worker"])
    act(staff["worker"], dispute, A.ACCEPT, A.ASSIGN, assignee="colleague")
    Notice.objects.all().delete()
    dispute.refresh_from_db()
    assert len(escalate_overdue(now=dispute.due_at.replace(year=2027)).escalated) == 1
    # It was assigned: the worker on the same unit has nothing to do with it.
    assert told() == {(Kind.ESCALATED, "mediator"), (Kind.ESCALATED_AWAY, "colleague")}


def test_a_case_that_is_handed_up_and_back_is_told_to_the_other_side(staff):
    dispute = make_dispute(staff["worker"])
    Notice.objects.all().delete()
    act(staff["worker"], dispute, A.ESCALATE)
    assert told() == {(Kind.ESCALATED, "mediator"), (Kind.ESCALATED_AWAY, "colleague")}
    Notice.objects.all().delete()
    act(staff["mediator"], dispute, A.HAND_BACK)
    assert told() == {(Kind.HANDED_BACK, "worker"), (Kind.HANDED_BACK, "colleague")}


def test_supervision_and_urging_reach_those_who_answer_for_the_case(staff):
    dispute = make_dispute(staff["worker"])
    Notice.objects.all().delete()
    measure(dispute, Measure.SUPERVISE, staff["street"], changes={"supervised_since": NOW})
    measure(dispute, Measure.URGE, staff["street"])
    assert told() == {
        (kind, name) for kind in (Kind.SUPERVISED, Kind.URGED) for name in ("worker", "colleague")
    }


def test_a_request_goes_to_the_next_level_above_that_has_somebody(staff):
    dispute = make_dispute(staff["worker"])
    Notice.objects.all().delete()
    measure(dispute, Measure.ASK_GUIDANCE, staff["worker"])
    assert told() == {(Kind.GUIDANCE_ASKED, "mediator")}
    Duty.objects.filter(user=staff["mediator"]).update(valid_to=BEGUN)
    measure(dispute, Measure.ASK_EXTENSION, staff["worker"], changes={"extension_asked_days": 5})
    assert (Kind.EXTENSION_ASKED, "street") in told()
    measure(dispute, Measure.GRANT_EXTENSION, staff["street"], changes={"extension_days": 5})
    assert {(Kind.EXTENSION_GRANTED, "worker"), (Kind.EXTENSION_GRANTED, "colleague")} <= told()


def test_at_the_district_colleagues_are_asked(staff):
    make_user("second", Role.DISTRICT_CENTRE, DISTRICT)
    dispute = make_dispute(staff["worker"], scale="03")
    for name in ("street",):
        act(staff[name], dispute, A.ESCALATE)
    dispute.refresh_from_db()
    Notice.objects.all().delete()
    measure(dispute, Measure.ASK_GUIDANCE, staff["district"])
    assert told() == {(Kind.GUIDANCE_ASKED, "second")}


def test_what_was_announced_twice_is_told_once(staff):
    dispute = make_dispute(staff["worker"])
    for _ in range(3):
        announce_change(dispute, "report", actor=staff["worker"])
    assert Notice.objects.count() == 1
    same = [notice_for(staff["street"].pk, Kind.URGED, "same", dispute_id=dispute.pk) for _ in range(2)]
    assert create_notices(notices=same) == 1
    assert create_notices(notices=same) == 0


def test_a_notice_holds_nothing_that_people_said(staff):
    dispute = make_dispute(staff["worker"], title="张三打李四", description="张三")
    act(staff["worker"], dispute, A.ESCALATE, reason="张三")
    for notice in Notice.objects.all():
        assert "张三" not in f"{notice.facts}{notice.key}{notice.kind}"


def test_a_change_takes_as_many_questions_however_many_people_are_told(staff, django_assert_max_num_queries):
    dispute = make_dispute(staff["worker"])
    act(staff["worker"], dispute, A.ESCALATE)
    dispute.refresh_from_db()
    for n in range(40):
        make_user(f"more{n}", Role.COMMUNITY_MEDIATOR, COMMUNITY_1)
    Notice.objects.all().delete()
    with django_assert_max_num_queries(6):
        announce_change(dispute, A.ESCALATE, actor=None)
    assert Notice.objects.filter(kind=Kind.ESCALATED).count() == 41


def test_nobody_is_told_what_they_may_not_see_whatever_their_duties(staff):
    """Random people with random duties, past, present and to come, and cases all over the territory."""
    chance = random.Random(20260302)
    roles = [(Role.GRID_WORKER, UNITS), (Role.COMMUNITY_MEDIATOR, (COMMUNITY_1, COMMUNITY_3)),
             (Role.STREET_CENTRE, (STREET_1, STREET_2)), (Role.DISTRICT_CENTRE, (DISTRICT,)),
             (Role.PLANNER, (STREET_1, DISTRICT)), (Role.ADMINISTRATOR, (DISTRICT,))]  # fmt: skip
    people = list(staff.values())
    for n in range(25):
        user = make_user(f"somebody{n}", is_active=chance.random() > 0.15)
        for role, areas in chance.sample(roles, 2):
            ends = chance.choice([None, None, BEGUN])
            Duty.objects.create(
                user=user, role=role, area_id=chance.choice(areas), valid_from=BEGUN, valid_to=ends
            )
        people.append(user)
    make_address("跨网格地址", UNITS[4])
    reporters = [staff["worker"], staff["foreign_worker"]]
    disputes = [
        make_dispute(chance.choice(reporters), unit, address=chance.choice(["", "跨网格地址"]))
        for unit in UNITS
        for _ in range(3)
    ]
    for dispute in disputes:
        Dispute.objects.filter(pk=dispute.pk).update(assigned_to=chance.choice([None, *people]))
        dispute.refresh_from_db()
    on_duty = OnDuty.over(disputes)
    some = 0
    for dispute in disputes:
        before = Before(dispute.home_area_id, chance.choice(people).pk)
        for to in To:
            for user_id in on_duty.told(dispute, to, before):
                user = User.objects.get(pk=user_id)
                assert Dispute.objects.visible_to(user).filter(pk=dispute.pk).exists()
                some += 1
    assert some > 50
    for notice in Notice.objects.select_related("user"):
        assert Dispute.objects.visible_to(notice.user).filter(pk=notice.dispute_id).exists()


def test_an_assignee_who_left_the_area_is_not_told_but_those_on_duty_are(staff):
    dispute = make_dispute(staff["worker"])
    act(staff["worker"], dispute, A.ACCEPT, A.ASSIGN, assignee="colleague")
    Duty.objects.filter(user=staff["colleague"]).update(valid_to=BEGUN)
    dispute.refresh_from_db()
    assert OnDuty.over([dispute]).told(dispute, To.STANDING) == {staff["worker"].pk}
    assert OnDuty.over([dispute]).told(dispute, To.ASSIGNED) == frozenset()


def test_reading_one_and_all(staff):
    user = staff["street"]
    for n in range(3):
        create_notices(notices=[notice_for(user.pk, Kind.DIGEST, f"{n}")])
    create_notices(notices=[notice_for(staff["district"].pk, Kind.DIGEST, "0")])
    assert unread_count(user) == 3
    mark_read(user=user, notice_id=user.notices.first().pk)
    assert unread_count(user) == 2
    mark_read(user=user)
    assert (unread_count(user), unread_count(staff["district"])) == (0, 1)


def test_old_notices_and_addresses_of_accounts_switched_off_are_forgotten(staff):
    user = staff["street"]
    create_notices(notices=[notice_for(user.pk, Kind.DIGEST, "old", at=NOW.replace(year=2025)),
                            notice_for(user.pk, Kind.DIGEST, "new", at=NOW)])  # fmt: skip
    user.notice_addresses.create(channel="email", address="a@example.cn")
    staff["district"].notice_addresses.create(channel="email", address="b@example.cn")
    User.objects.filter(pk=user.pk).update(is_active=False)
    forget_old_notices(now=NOW)
    assert list(user.notices.values_list("key", flat=True)) == ["new"]
    assert not user.notice_addresses.exists()
    assert staff["district"].notice_addresses.exists()


def test_measures_and_their_answers_reach_those_whom_they_are_for(staff):
    """The services themselves, not only the table."""
    dispute = make_dispute(staff["worker"])
    act(staff["worker"], dispute, A.ACCEPT, A.ASSIGN, assignee="worker")
    Notice.objects.all().delete()
    case = {"dispute_id": dispute.pk, "now": NOW}
    supervise(user=staff["street"], reason="优先", **case)
    urge(user=staff["street"], reason="请抓紧", **case)
    ask_extension(user=staff["worker"], days=2, reason="走访", **case)
    grant_extension(user=staff["mediator"], **case)
    question = ask_guidance(user=staff["worker"], question="如何调解", **case)
    give_guidance(user=staff["district"], guidance_id=question.pk, answer="先分开谈", **case)
    refer_out(user=staff["worker"], channel="court", organisation="法院", reason="诉调", **case)
    lapse_referrals(now=NOW.replace(year=2027))
    assert told() == {
        (Kind.SUPERVISED, "worker"),
        (Kind.URGED, "worker"),
        (Kind.EXTENSION_ASKED, "mediator"),
        (Kind.EXTENSION_GRANTED, "worker"),
        (Kind.GUIDANCE_ASKED, "mediator"),
        (Kind.GUIDANCE_GIVEN, "worker"),
        (Kind.REFERRAL_LAPSED, "worker"),
    }
