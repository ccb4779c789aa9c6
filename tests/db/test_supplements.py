"""What whoever sees a case adds to it: once, by everyone who may, and told in full."""

from datetime import timedelta
from functools import partial

import pytest

from grids.models import Duty
from incidents.errors import DisputeNotFound, FieldsInvalid, MeasureNotAllowed, ReportKeyReused
from incidents.models import Dispute, Notice, Supplement
from incidents.notices.kinds import Kind
from incidents.services.supplements import add_supplement
from incidents.story import tell
from incidents.workflow import Action
from tests.factories.disputes import NOW, act, make_dispute, new_key
from tests.factories.people import make_staff, make_user
from tests.factories.replay import present, replayed
from tests.factories.territory import UNITS, make_territory
from tests.factories.threads import at_once


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


@pytest.fixture
def case(staff):
    return make_dispute(staff["worker"])


def add(user, case, text="对方今天又来了。", key=None, **given):
    return add_supplement(
        user=user, dispute_id=case.pk, key=key or new_key(), text=text, now=NOW + timedelta(hours=1), **given
    )


def test_what_is_added_is_kept_and_told_in_full(staff, case):
    text = "  第一天。\n第二天。" + "字" * 3980 + " "
    supplement, new = add(staff["street"], case, text, photos=2)

    assert new
    assert (supplement.text, supplement.photos_expected) == (text.strip(), 2)
    event = case.events.get(action="add_supplement")
    assert (event.actor, event.reason) == (staff["street"], text.strip())
    assert event.details == {"supplement": str(supplement.pk)}
    (chapter,) = tell([event], {})
    assert (chapter.sentence, chapter.reason) == ("street的姓名补充了情况", text.strip())
    case.refresh_from_db()
    assert present(case) == replayed(case)


@pytest.mark.parametrize("name", ["worker", "mediator", "street", "district"])
def test_everyone_who_sees_the_case_may_add_to_it(staff, case, name):
    assert add(staff[name], case)[1]


def test_whoever_reported_outside_their_area_may_add_to_it(staff):
    reporter = make_user("reporter", "grid_worker", UNITS[4])
    assert add(reporter, make_dispute(reporter, UNITS[0]))[1]


def test_who_has_the_case_is_told_and_who_added_is_not(staff, case):
    add(staff["worker"], case)
    add(staff["street"], case)
    (notice,) = Notice.objects.filter(kind=Kind.SUPPLEMENTED)
    assert notice.user == staff["worker"]


def test_to_a_case_that_one_does_not_see_nothing_is_added(staff, case):
    stranger = make_user("stranger", "grid_worker", UNITS[4])
    for user in (stranger, staff["planner"], staff["administrator"]):
        with pytest.raises(DisputeNotFound):
            add(user, case)
    assert not Supplement.objects.exists()


def test_the_same_again_is_the_same_whatever_spaces_stand_around_it(staff, case):
    key = new_key()
    first, new = add(staff["worker"], case, "同一件事", key)
    again, newer = add(staff["worker"], case, " 同一件事\n", key)

    assert (new, newer, first) == (True, False, again)
    assert case.events.filter(action="add_supplement").count() == 1


def test_the_same_again_is_known_though_the_case_has_ended_and_its_sender_has_gone(staff, case):
    key = new_key()
    add(staff["street"], case, key=key)
    act(staff["worker"], case, Action.TRANSFER)
    Duty.objects.filter(user=staff["street"]).delete()

    assert add(staff["street"], case, key=key)[1] is False


def test_the_same_key_for_something_else_is_refused_with_the_case_that_has_it(staff, case):
    key, other = new_key(), make_dispute(staff["worker"])
    add(staff["worker"], case, "第一次", key)

    for attempt in (
        partial(add, staff["worker"], case, "第二次", key),
        partial(add, staff["worker"], case, "第一次", key, photos=1),
        partial(add, staff["worker"], other, "第一次", key),
    ):
        with pytest.raises(ReportKeyReused) as refused:
            attempt()
        assert refused.value.facts["case_number"] == case.case_number
        assert refused.value.facts["dispute_id"] == str(case.pk)
    assert Supplement.objects.count() == 1


def test_an_ended_case_is_not_added_to(staff, case):
    act(staff["worker"], case, Action.VOID)

    with pytest.raises(MeasureNotAllowed):
        add(staff["worker"], case)
    assert not Supplement.objects.exists()


@pytest.mark.parametrize(
    ("text", "photos", "field"),
    [("", 0, "text"), (" \n", 0, "text"), ("字" * 4001, 0, "text"), ("a\0b", 0, "text"), ("好", 7, "photos")],
)
def test_what_cannot_be_added_leaves_nothing(staff, case, text, photos, field):
    with pytest.raises(FieldsInvalid) as refused:
        add(staff["worker"], case, text, photos=photos)
    assert list(refused.value.facts["errors"]) == [field]
    assert case.events.count() == 1


def test_the_same_sent_many_times_at_once_is_added_once(several_connections):
    make_territory()
    worker = make_staff()["worker"]
    case, key = make_dispute(worker), new_key()

    results = at_once(*[partial(add, worker, case, "同一件事", key)] * 16)

    assert sorted(new for _, new in results) == [False] * 15 + [True]
    assert case.events.filter(action="add_supplement").count() == 1
    assert Dispute.objects.get().version == 2
