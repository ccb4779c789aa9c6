"""The district centre's policy and calendar, and what follows for open cases."""

import json
from copy import deepcopy
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command

from grids.roles import Role
from incidents.errors import FieldsInvalid, PolicyInForce, PolicyNotYours, PolicyUnknown
from incidents.models import CalendarDay, Dispute, DisputeEvent, FileJob, PolicyVersion
from incidents.policies import policy_book
from incidents.policy import DEFAULT_POLICY
from incidents.policy_data import to_data
from incidents.services import policy as service
from incidents.services.nightly_risk import reassess_open_risks
from incidents.services.recalculation import recalculate_due_times, run_recalculation
from incidents.story import tell
from incidents.trial_history import read_history
from incidents.what_if import try_policy
from incidents.workflow import Action as A
from incidents.working_time import GUANGZHOU
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.replay import present, replayed
from tests.factories.territory import STREET_1, UNITS, make_territory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOMORROW = date(2026, 3, 3)


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def policy_data(**changes) -> dict:
    return deepcopy(to_data(DEFAULT_POLICY)) | changes


def save(user, data=None, valid_from=TOMORROW, reason="试行", now=NOW):
    return service.save_policy(
        user=user, data=data or policy_data(), valid_from=valid_from, reason=reason, now=now
    )


def test_a_version_is_in_force_from_its_day_on_and_not_a_minute_before(staff):
    save(staff["district"], policy_data(failed_mediations=3))
    book = policy_book()
    midnight = datetime(2026, 3, 3, tzinfo=GUANGZHOU)
    assert book.rules_at(midnight - timedelta(seconds=1)).policy.failed_mediations == 2
    assert book.rules_at(midnight).policy.failed_mediations == 3


def test_an_open_case_keeps_the_rules_under_which_it_entered_its_level(staff):
    dispute = make_dispute(staff["worker"])
    data = policy_data()
    data["limits"]["grid"]["yellow"]["accept"] = {"amount": 1, "unit": "hours"}
    data["limits"]["community"]["yellow"]["accept"] = {"amount": 1, "unit": "hours"}
    save(staff["district"], data)
    assert recalculate_due_times(now=NOW + 2 * DAY).changed == 0
    up = act(staff["worker"], dispute, A.ESCALATE, now=NOW + 2 * DAY)
    assert up.due_at == NOW + 2 * DAY + HOUR
    assert replayed(up) == present(up)


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 1), date(2027, 3, 9)])
def test_a_policy_begins_tomorrow_at_the_earliest(staff, day):
    with pytest.raises(FieldsInvalid) as refused:
        save(staff["district"], valid_from=day)
    assert list(refused.value.facts["errors"]) == ["valid_from"]


def test_a_version_of_the_same_day_is_replaced_while_it_is_not_in_force(staff):
    save(staff["district"], policy_data(failed_mediations=3))
    second = make_user("second", Role.DISTRICT_CENTRE, "440105")
    save(second, policy_data(failed_mediations=4), reason="改")
    version = PolicyVersion.objects.get()
    assert (version.data["failed_mediations"], version.created_by, version.reason) == (4, second, "改")


@pytest.mark.parametrize("who", ["worker", "mediator", "street", "planner", "administrator"])
def test_nobody_but_the_district_centre_edits(staff, who):
    for attempt in (
        lambda: save(staff[who]),
        lambda: service.remove_future_policy(user=staff[who], valid_from=TOMORROW),
        lambda: service.set_calendar_day(user=staff[who], day=TOMORROW, is_workday=False, name="x", now=NOW),
        lambda: service.remove_calendar_day(user=staff[who], day=TOMORROW),
    ):
        with pytest.raises(PolicyNotYours):
            attempt()
    assert not PolicyVersion.objects.exists()


def test_everything_that_is_wrong_is_said_at_once_by_its_field(staff):
    data = policy_data(failed_mediations=0)
    data["limits"]["grid"]["red"]["accept"]["amount"] = 0
    with pytest.raises(FieldsInvalid) as refused:
        save(staff["district"], data, valid_from=date(2026, 3, 2), reason=" ")
    fields = set(refused.value.facts["errors"])
    assert fields == {"failed_mediations", "limits.grid.red.accept", "valid_from", "reason"}


def test_a_future_version_can_be_taken_back_and_one_in_force_cannot(staff):
    save(staff["district"])
    with pytest.raises(PolicyInForce):
        service.remove_future_policy(user=staff["district"], valid_from=TOMORROW, now=NOW + DAY)
    service.remove_future_policy(user=staff["district"], valid_from=TOMORROW, now=NOW)
    with pytest.raises(PolicyUnknown):
        service.remove_future_policy(user=staff["district"], valid_from=TOMORROW, now=NOW)


def set_day(user, day, is_workday, name="台风停工", now=NOW):
    return service.set_calendar_day(user=user, day=day, is_workday=is_workday, name=name, now=now)


def test_a_day_off_moves_the_due_times_of_the_open_cases_that_it_touches(staff):
    touched = act(staff["worker"], make_dispute(staff["worker"]), A.ACCEPT, now=NOW + HOUR)
    by_the_clock = make_dispute(staff["worker"], scale="03")
    ended = act(staff["worker"], make_dispute(staff["worker"]), A.VOID, now=NOW + HOUR)
    job = set_day(staff["district"], TOMORROW, False)
    run_recalculation(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == (FileJob.DONE, 2, 2, {"changed": 1})
    touched.refresh_from_db()
    assert touched.due_at == NOW + 2 * DAY
    event = touched.events.last()
    assert (event.action, event.actor, event.due_at) == ("recalculate", None, NOW + DAY)
    assert (event.reason_code, event.reason.partition(" / ")[0]) == ("calendar_changed", "工作日历有调整")
    for dispute in Dispute.objects.all():
        assert replayed(dispute) == present(dispute)
    assert by_the_clock.events.count() == 1
    assert ended.events.count() == 2


def test_another_due_time_though_nobody_edited_the_calendar_is_not_put_down_to_it(staff):
    """As an upgrade leaves it: what is stored is not what the rules say now."""
    dispute = act(staff["worker"], make_dispute(staff["worker"]), A.ACCEPT, now=NOW + HOUR)
    Dispute.objects.filter(pk=dispute.pk).update(due_at=dispute.due_at + HOUR)
    assert recalculate_due_times(now=NOW + 2 * HOUR).changed == 1
    event = dispute.events.last()
    assert event.reason_code == "recalculated"
    assert "调整" not in event.reason
    (chapter,) = tell([event], {})
    assert chapter.reason == "按现行的期限规则和工作日历核对"


def test_taking_the_day_back_moves_them_back(staff):
    dispute = act(staff["worker"], make_dispute(staff["worker"]), A.ACCEPT, now=NOW + HOUR)
    set_day(staff["district"], TOMORROW, False)
    recalculate_due_times(now=NOW)
    assert service.remove_calendar_day(user=staff["district"], day=TOMORROW) is not None
    assert service.remove_calendar_day(user=staff["district"], day=TOMORROW) is None
    assert recalculate_due_times(now=NOW).changed == 1
    dispute.refresh_from_db()
    assert dispute.due_at == NOW + DAY
    assert replayed(dispute) == present(dispute)


def test_suspensions_of_the_past_are_counted_anew_too(staff):
    """Suspended over Tuesday, which turns out to have been a day off."""
    dispute = act(staff["worker"], make_dispute(staff["worker"]), A.ACCEPT, now=NOW + HOUR)
    act(staff["worker"], dispute, A.SUSPEND, now=NOW + 2 * HOUR)
    dispute = act(staff["worker"], dispute, A.RESUME, now=NOW + 2 * DAY)
    before = dispute.due_at
    set_day(staff["district"], TOMORROW, False, now=NOW + 2 * DAY)
    assert recalculate_due_times(now=NOW + 2 * DAY).changed == 1
    dispute.refresh_from_db()
    assert dispute.due_at == before, "neither the day nor the suspension over it counts"
    assert replayed(dispute) == present(dispute)


def test_a_second_run_finds_nothing(staff):
    act(staff["worker"], make_dispute(staff["worker"]), A.ACCEPT, now=NOW + HOUR)
    set_day(staff["district"], TOMORROW, False)
    assert recalculate_due_times(now=NOW).changed == 1
    count = DisputeEvent.objects.count()
    assert recalculate_due_times(now=NOW).changed == 0
    assert DisputeEvent.objects.count() == count


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [
        (TOMORROW, True),  # a working day anyway
        (date(2026, 3, 7), False),  # a Saturday anyway
        (date(2025, 12, 1), False),
        (date(2031, 1, 1), False),
    ],
)
def test_a_calendar_day_that_changes_nothing_or_lies_far_off_is_refused(staff, day, is_workday):
    with pytest.raises(FieldsInvalid) as refused:
        set_day(staff["district"], day, is_workday)
    assert list(refused.value.facts["errors"]) == ["day"]
    assert not CalendarDay.objects.exists()


def test_the_command_recalculates_and_says_how_many(staff, capsys):
    act(staff["worker"], make_dispute(staff["worker"]), A.ACCEPT, now=NOW + HOUR)
    CalendarDay.objects.create(day=TOMORROW, is_workday=False, name="x")
    call_command("recalculate_due_times", json=True)
    assert json.loads(capsys.readouterr().out) == {"checked": 1, "changed": 1}


# Risk at night ---------------------------------------------------------------------------------
def test_a_case_that_grew_old_has_another_colour_in_the_morning(staff):
    # Suspended, so that no time limit sends it up.
    dispute = act(staff["worker"], make_dispute(staff["worker"], category="0402", now=NOW), A.SUSPEND)
    run = reassess_open_risks(now=NOW + 65 * DAY)
    assert (run.checked, run.changed, run.escalated) == (1, 1, 0)
    dispute.refresh_from_db()
    assert (dispute.risk, dispute.events.last().action) == ("yellow", "assess_risk")
    assert dispute.risk_assessment["reasons"][0]["code"] == "open_month"
    assert replayed(dispute) == present(dispute)


def test_points_that_leave_the_colour_are_no_event(staff):
    dispute = make_dispute(staff["worker"], category="0201", now=NOW + 20 * DAY)
    assert reassess_open_risks(now=NOW + 51 * DAY).changed == 0
    dispute.refresh_from_db()
    assert dispute.risk_assessment["score"] == 30
    assert dispute.events.count() == 1
    assert reassess_open_risks(now=NOW + 52 * DAY).changed == 0


def test_a_case_that_is_red_in_the_morning_is_at_the_street(staff):
    first = make_dispute(staff["worker"], injury_or_threat=True, category="0402", now=NOW + 20 * DAY)
    assert (first.risk, first.level) == ("orange", "grid")
    for _ in range(2):
        act(staff["worker"], make_dispute(staff["worker"], category="0402", now=NOW + 21 * DAY), A.VOID)
    run = reassess_open_risks(now=NOW + 20 * DAY + 91 * DAY)
    first.refresh_from_db()
    assert (first.risk, first.level) == ("red", "street")
    assert (run.changed, run.escalated) == (1, 1)
    assert replayed(first) == present(first)


def test_a_colour_that_an_officer_gave_stays_overnight(staff):
    from incidents.services.measures_taken import override_risk

    dispute = make_dispute(staff["worker"], category="0402")
    override_risk(user=staff["worker"], dispute_id=dispute.pk, risk="orange", reason="x", now=NOW)
    reassess_open_risks(now=NOW + 65 * DAY)
    dispute.refresh_from_db()
    assert (dispute.risk, dispute.risk_overridden) == ("orange", True)
    assert dispute.risk_assessment["colour"] == "yellow"


# What-if ---------------------------------------------------------------------------------------
def test_last_years_disputes_are_tried_under_another_policy(staff):
    slow = make_dispute(staff["worker"], now=NOW)
    act(staff["worker"], slow, A.ACCEPT, now=NOW + 3 * HOUR)
    act(staff["worker"], slow, A.ESCALATE, now=NOW + 4 * HOUR)
    act(staff["mediator"], slow, A.VOID, now=NOW + 5 * HOUR)
    make_dispute(staff["worker"], now=NOW - 400 * DAY, occurred_at=NOW - 401 * DAY)
    history = read_history(NOW + 300 * DAY)
    assert (history.cases, history.all_cases, history.share_percent) == (1, 1, 100)
    rules = policy_book().rules_at(NOW)
    assert try_policy(history.runs, history.starts, rules).cases_up == 0
    data = policy_data()
    data["limits"]["grid"]["yellow"]["accept"] = {"amount": 1, "unit": "hours"}
    save(staff["district"], data, valid_from=TOMORROW)
    shorter = policy_book().rules_at(NOW + 2 * DAY)
    assert try_policy(history.runs, history.starts, shorter).cases_up == 1


def test_of_more_cases_than_a_page_can_try_a_share_is_tried(staff):
    for _ in range(5):
        make_dispute(staff["worker"], UNITS[1], now=NOW)
    history = read_history(NOW + DAY, largest_sample=2)
    assert (history.cases, history.all_cases, history.share_percent) == (2, 5, 40)
    assert {run.case for run in history.runs} == {0, 1}


def test_the_colour_at_the_report_counts_for_where_a_case_begins(staff):
    dispute = make_dispute(staff["worker"], scale="03")
    assert dispute.responsible_area_id == STREET_1
    history = read_history(NOW + DAY)
    assert history.starts[0].home == "grid"
    assert try_policy(history.runs, history.starts, policy_book().rules_at(NOW)).straight == 1
