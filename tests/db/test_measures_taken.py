"""Extension, running on, supervision, urging and the colour that a person gives."""

from datetime import date, timedelta

import pytest

from grids.roles import Role
from incidents.errors import (
    DisputeChanged,
    DisputeNotFound,
    ExtensionIsYours,
    ExtensionNotAsked,
    ExtensionPending,
    ExtensionUsed,
    FieldsInvalid,
    MeasureNotAllowed,
    MeasureNotYours,
    MeasureUnknown,
    NotSupervised,
    SupervisedAlready,
    UrgedToday,
)
from incidents.services import measures_taken as taken
from incidents.services.measures_by_name import TAKEN, take_measure
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.replay import present, replayed
from tests.factories.territory import DISTRICT, STREET_2, UNITS, make_territory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(staff):
    return make_dispute(staff["worker"])


@pytest.fixture
def accepted(staff, dispute):
    return act(staff["worker"], dispute, A.ACCEPT, now=NOW + HOUR)


def ask(user, dispute, days=3, now=NOW + 2 * HOUR):
    return taken.ask_extension(user=user, dispute_id=dispute.pk, days=days, reason="需鉴定", now=now)


def grant(user, dispute, now=NOW + 3 * HOUR):
    return taken.grant_extension(user=user, dispute_id=dispute.pk, now=now)


def test_an_extension_granted_by_the_level_above_moves_the_due_time_by_working_days(staff, accepted):
    assert accepted.due_at == NOW + DAY
    asked = ask(staff["worker"], accepted)
    assert (asked.extension_asked_days, asked.due_at) == (3, NOW + DAY)
    granted = grant(staff["mediator"], accepted)
    granted.refresh_from_db()
    assert (granted.extension_days, granted.extension_asked_days) == (3, None)
    assert granted.due_at == NOW + 4 * DAY
    event = granted.events.last()
    assert (event.action, event.actor, event.due_at) == ("grant_extension", staff["mediator"], NOW + DAY)
    assert replayed(granted) == present(granted)


def test_there_is_one_extension_at_each_level(staff, accepted):
    ask(staff["worker"], accepted)
    with pytest.raises(ExtensionPending):
        ask(staff["worker"], accepted)
    grant(staff["street"], accepted)
    with pytest.raises(ExtensionUsed):
        ask(staff["worker"], accepted)
    act(staff["worker"], accepted, A.ESCALATE)
    act(staff["mediator"], accepted, A.ACCEPT)
    assert ask(staff["mediator"], accepted).extension_asked_days == 3


def test_a_refused_request_leaves_the_due_time_and_may_be_made_again(staff, accepted):
    ask(staff["worker"], accepted)
    refused = taken.refuse_extension(
        user=staff["mediator"], dispute_id=accepted.pk, reason="先调查", now=NOW + 3 * HOUR
    )
    assert (refused.extension_asked_days, refused.extension_days, refused.due_at) == (None, 0, NOW + DAY)
    assert ask(staff["worker"], accepted, days=1).extension_asked_days == 1


@pytest.mark.parametrize("days", [0, 11])
def test_no_more_may_be_asked_for_than_the_policy_allows(staff, accepted, days):
    with pytest.raises(FieldsInvalid) as refused:
        ask(staff["worker"], accepted, days=days)
    assert list(refused.value.facts["errors"]) == ["days"]


def test_only_the_level_above_grants(staff, accepted):
    ask(staff["worker"], accepted)
    colleague = make_user("colleague", Role.GRID_WORKER, UNITS[0])
    for other in (staff["worker"], colleague):
        with pytest.raises(MeasureNotYours):
            grant(other, accepted)
    with pytest.raises(DisputeNotFound):
        grant(make_user("foreign", Role.STREET_CENTRE, STREET_2), accepted)


def test_who_asked_does_not_grant_though_on_duty_above(staff, accepted):
    both = make_user("both", Role.GRID_WORKER, UNITS[0])
    from grids.models import Duty

    Duty.objects.create(user=both, role=Role.STREET_CENTRE, area_id="440105001", valid_from="2020-01-01")
    ask(both, accepted)
    with pytest.raises(ExtensionIsYours):
        grant(both, accepted)
    assert grant(staff["street"], accepted).extension_days == 3


def test_at_the_district_a_colleague_grants_and_never_the_asker(staff, accepted):
    act(staff["worker"], accepted, A.ESCALATE)
    act(staff["mediator"], accepted, A.ESCALATE)
    act(staff["street"], accepted, A.ESCALATE)
    act(staff["district"], accepted, A.ACCEPT)
    ask(staff["district"], accepted)
    with pytest.raises(ExtensionIsYours):
        grant(staff["district"], accepted)
    assert grant(make_user("second", Role.DISTRICT_CENTRE, DISTRICT), accepted).extension_days == 3


def test_nothing_is_granted_that_was_not_asked_for(staff, accepted):
    with pytest.raises(ExtensionNotAsked):
        grant(staff["mediator"], accepted)


def test_before_a_case_is_accepted_no_extension_is_asked_for(staff, dispute):
    with pytest.raises(MeasureNotAllowed):
        ask(staff["worker"], dispute)


def run_on(user, dispute, until, now=NOW + 3 * HOUR):
    return taken.agree_to_run_on(user=user, dispute_id=dispute.pk, until=until, reason="都愿意再谈", now=now)


@pytest.fixture
def mediating(staff):
    """At the district, where the limit to resolve is later than the month."""
    major = make_dispute(staff["worker"], scale="01", category="0402")
    act(staff["worker"], major, A.ESCALATE)
    act(staff["mediator"], major, A.ESCALATE)
    act(staff["street"], major, A.ESCALATE)
    return act(staff["district"], major, A.ACCEPT, A.BEGIN_MEDIATION, now=NOW + HOUR)


def test_the_parties_agree_that_the_mediation_runs_on_beyond_the_month(staff, mediating):
    month = NOW.replace(month=4) + HOUR
    assert mediating.due_at <= month
    ask(staff["district"], mediating, days=10)
    grant(make_user("second", Role.DISTRICT_CENTRE, DISTRICT), mediating)
    mediating.refresh_from_db()
    assert mediating.due_at == month
    later = run_on(staff["district"], mediating, date(2026, 4, 30))
    later.refresh_from_db()
    assert later.consent_until == date(2026, 4, 30)
    assert later.due_at > month
    assert replayed(later) == present(later)


@pytest.mark.parametrize("until", [date(2026, 3, 20), date(2027, 3, 1)])
def test_a_day_within_the_month_or_far_off_is_refused(staff, mediating, until):
    with pytest.raises(FieldsInvalid) as refused:
        run_on(staff["district"], mediating, until)
    assert list(refused.value.facts["errors"]) == ["until"]


def test_supervision_begins_once_and_ends_once(staff, dispute):
    def begin():
        return taken.supervise(user=staff["street"], dispute_id=dispute.pk, reason="群众反映", now=NOW + HOUR)

    supervised = begin()
    supervised.refresh_from_db()
    assert supervised.supervised_since == NOW + HOUR
    assert replayed(supervised) == present(supervised)
    with pytest.raises(SupervisedAlready):
        begin()
    ended = taken.end_supervision(user=staff["district"], dispute_id=dispute.pk, now=NOW + 2 * HOUR)
    assert ended.supervised_since is None
    assert replayed(ended) == present(ended)
    with pytest.raises(NotSupervised):
        taken.end_supervision(user=staff["district"], dispute_id=dispute.pk)


def test_supervision_is_for_those_above(staff, dispute):
    with pytest.raises(MeasureNotYours):
        taken.supervise(user=staff["worker"], dispute_id=dispute.pk, reason="x")


def test_one_person_urges_once_a_day_and_another_may_too(staff, dispute):
    def urge(who, now):
        return taken.urge(user=staff[who], dispute_id=dispute.pk, reason="请尽快", now=now)

    late = NOW.replace(hour=23)
    assert urge("street", late).version == 2
    with pytest.raises(UrgedToday):
        urge("street", late + HOUR / 2)
    assert urge("district", late).version == 3
    assert urge("street", late + 2 * HOUR).version == 4


def override(user, dispute, risk, now=NOW + 2 * HOUR):
    return taken.override_risk(user=user, dispute_id=dispute.pk, risk=risk, reason="当场持刀", now=now)


def test_a_colour_given_by_a_person_changes_the_due_time_and_keeps_the_rules_reasons(staff, accepted):
    changed = override(staff["worker"], accepted, "orange")
    changed.refresh_from_db()
    assert (changed.risk, changed.risk_overridden) == ("orange", True)
    assert changed.risk_assessment["colour"] == "yellow"
    event = changed.events.last()
    assert (event.details["from"], event.details["to"], event.reason) == ("yellow", "orange", "当场持刀")
    assert replayed(changed) == present(changed)


def test_red_given_by_a_person_goes_straight_to_the_street(staff, accepted):
    changed = override(staff["worker"], accepted, "red")
    changed.refresh_from_db()
    assert (changed.risk, changed.level, changed.state) == ("red", "street", "reported")
    assert [event.action for event in changed.events.all()][-2:] == ["override_risk", "escalate"]
    assert changed.events.last().reason_code == "red_risk"
    assert replayed(changed) == present(changed)


def test_back_to_the_rule_is_no_override_any_more(staff, accepted):
    override(staff["worker"], accepted, "orange")
    back = override(staff["mediator"], accepted, taken.BY_RULE)
    assert (back.risk, back.risk_overridden) == ("yellow", False)
    assert replayed(back) == present(back)


@pytest.mark.parametrize("risk", ["yellow", "rule", "purple", ""])
def test_the_same_colour_or_none_is_refused(staff, accepted, risk):
    with pytest.raises(FieldsInvalid) as refused:
        override(staff["worker"], accepted, risk)
    assert list(refused.value.facts["errors"]) == ["risk"]


def test_a_measure_on_an_old_version_says_what_changed(staff, accepted):
    with pytest.raises(DisputeChanged):
        taken.urge(user=staff["street"], dispute_id=accepted.pk, reason="x", expected_version=1)


def test_measures_are_taken_by_name_and_unknown_ones_name_the_known(staff, accepted):
    def take(measure, user="worker", **given):
        return take_measure(user=staff[user], dispute_id=accepted.pk, measure=measure, given=given)

    assert take("ask_extension", days=" 2 ", reason="x").extension_asked_days == 2
    with pytest.raises(MeasureUnknown) as refused:
        take("recalculate")
    assert refused.value.facts["known_measures"] == [measure.value for measure in TAKEN]
    for given in ({"days": "二"}, {"days": "-1"}, {}):
        with pytest.raises(FieldsInvalid):
            take("ask_extension", reason="x", **given)
    with pytest.raises(FieldsInvalid):
        take("agree_to_run_on", until="2026/4/1", reason="x")
