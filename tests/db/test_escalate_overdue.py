"""Overdue disputes go up by themselves: once, one level, also with two runs at the same moment."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from incidents import tasks
from incidents.errors import TimeInvalid
from incidents.models import Dispute, DisputeEvent
from incidents.services import EscalationRun, escalate_overdue
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import COMMUNITY_1, UNITS, make_territory
from tests.factories.threads import at_once

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(staff):
    return make_dispute(staff["worker"])


def test_a_dispute_that_nobody_took_on_goes_up_with_the_reason(dispute):
    now = NOW + 7 * HOUR
    run = escalate_overdue(now=now)
    (escalated,) = run.escalated
    assert (run.checked, escalated.case_number) == (1, dispute.case_number)
    assert (escalated.from_level, escalated.to_level) == ("grid", "community")
    assert escalated.reason == "not_accepted_in_time"
    dispute.refresh_from_db()
    assert (dispute.level, dispute.state, dispute.responsible_area_id) == (
        "community",
        "reported",
        COMMUNITY_1,
    )
    assert (dispute.level_entered_at, dispute.due_at) == (now, now + DAY)
    event = dispute.events.last()
    assert (event.actor, event.action, event.at) == (None, "escalate", now)
    assert event.reason_code == "not_accepted_in_time"
    assert "not accepted in time" in event.reason


def test_a_dispute_in_time_stays(dispute):
    assert escalate_overdue(now=NOW + 6 * HOUR).checked == 0


def test_a_second_run_changes_nothing(dispute):
    assert len(escalate_overdue(now=NOW + 7 * HOUR).escalated) == 1
    again = escalate_overdue(now=NOW + 7 * HOUR)
    assert (again.checked, again.escalated) == (0, ())


def test_an_overdue_dispute_climbs_to_the_district_and_stays(dispute):
    levels = []
    for days in range(1, 6):
        levels += [done.to_level for done in escalate_overdue(now=NOW + days * 2 * DAY).escalated]
    assert levels == ["community", "street", "district"]
    dispute.refresh_from_db()
    assert dispute.level == "district"


def test_settled_and_suspended_disputes_stay(staff):
    agreed, suspended = make_dispute(staff["worker"]), make_dispute(staff["worker"])
    act(staff["worker"], agreed, A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT)
    act(staff["worker"], suspended, A.SUSPEND)
    assert escalate_overdue(now=NOW + 400 * DAY) == EscalationRun(checked=0, escalated=())


def test_a_run_locks_nothing_that_cannot_go_up(staff, django_assert_num_queries):
    agreed, at_district = make_dispute(staff["worker"]), make_dispute(staff["worker"])
    act(staff["worker"], agreed, A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT)
    for name in ("worker", "mediator", "street"):
        act(staff[name], at_district, A.ESCALATE)
    later = NOW + 400 * DAY
    assert set(Dispute.objects.overdue(later)) == {agreed, at_district}
    with django_assert_num_queries(1):
        assert escalate_overdue(now=later).checked == 0


def test_the_longest_overdue_goes_first(staff):
    later = make_dispute(staff["worker"], UNITS[1], now=NOW + HOUR)
    sooner = make_dispute(staff["worker"], UNITS[0], now=NOW)
    run = escalate_overdue(now=NOW + DAY)
    assert [done.case_number for done in run.escalated] == [sooner.case_number, later.case_number]


def test_one_dispute_with_a_broken_history_does_not_hold_up_the_others(staff, caplog):
    broken = make_dispute(staff["worker"], now=NOW - HOUR)
    sound = make_dispute(staff["worker"])
    DisputeEvent.objects.create(
        dispute=broken, version=2, action="accept", to_state="accepted", to_level="grid", area_id=UNITS[0]
    )
    run = escalate_overdue(now=NOW + DAY)
    assert run.failed == (broken.id,)
    assert f"dispute {broken.id}: dispute_event_one_per_version forbids" in caplog.text
    assert broken.title not in caplog.text
    assert [done.case_number for done in run.escalated] == [sound.case_number]


def test_the_command_prints_one_json_document(dispute, capsys):
    call_command("escalate_overdue", "--now", "2026-03-02T16:00:00+08:00", "--json")
    assert json.loads(capsys.readouterr().out) == {
        "checked": 1,
        "escalated": [
            {
                "case_number": dispute.case_number,
                "from": "grid",
                "to": "community",
                "reason": "not_accepted_in_time",
            }
        ],
        "failed": [],
    }


def test_the_command_takes_a_time_without_offset_as_that_of_guangzhou(dispute, capsys):
    call_command("escalate_overdue", "--now", "2026-03-02T15:00")
    assert "0 overdue" in capsys.readouterr().out
    call_command("escalate_overdue", "--now", "2026-03-02T15:01")
    assert f"{dispute.case_number}: grid -> community" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "9999999", "9999-12-31T23:59-14:00"])
def test_the_command_refuses_what_is_no_time(db, text):
    with pytest.raises(TimeInvalid):
        call_command("escalate_overdue", "--now", text)


def test_it_is_due_every_minute_and_the_jobs_are_pruned_every_night():
    crons = {key[0]: periodic.cron for key, periodic in app.periodic_registry.periodic_tasks.items()}
    assert crons["escalate_overdue"] == "* * * * *"
    assert "prune_jobs" in crons


# With connections of their own ----------------------------------------------------------------
@pytest.fixture
def people(several_connections):
    make_territory()
    return make_staff()


def test_the_worker_does_it_and_forgets_old_jobs(people):
    dispute = make_dispute(people["worker"])
    tasks.escalate_overdue_disputes.defer(timestamp=0)
    with pytest.raises(AlreadyEnqueued):
        tasks.escalate_overdue_disputes.defer(timestamp=60)
    ended = datetime.now(UTC) - timedelta(hours=tasks.KEEP_JOBS_HOURS + 1)
    old = [make_job(status, ended) for status in ("succeeded", "failed", "cancelled", "aborted")]
    recent = make_job("failed", ended + timedelta(hours=2))
    tasks.prune_jobs.defer(timestamp=0)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    dispute.refresh_from_db()
    # The worker also does what its time of day asks for, as the nightly look at risks.
    assert "not_accepted_in_time" in dispute.events.values_list("reason_code", flat=True)
    assert not ProcrastinateJob.objects.filter(pk__in=old).exists()
    assert ProcrastinateJob.objects.filter(pk=recent).exists()
    assert set(ProcrastinateJob.objects.exclude(pk=recent).values_list("status", flat=True)) <= {
        "succeeded", "todo",
    }  # fmt: skip


def make_job(status: str, at: datetime) -> int:
    """A job that ended at `at`, in procrastinate's own tables, whose models only read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('default', 'x', '{}', %s) RETURNING id",
            [status],
        )
        (job,) = cursor.fetchone()
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [job])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s, %s)", [job, status, at]
        )
    return job


def test_two_runs_at_the_same_moment_escalate_no_dispute_twice(people):
    disputes = [make_dispute(people["worker"]) for _ in range(30)]
    now = NOW + 7 * HOUR
    runs = at_once(*[lambda: escalate_overdue(now=now)] * 4)
    escalated = [done.case_number for run in runs for done in run.escalated]
    assert not any(run.failed for run in runs)
    assert sorted(escalated) == sorted(dispute.case_number for dispute in disputes)
    assert not Dispute.objects.exclude(level="community", version=2).exists()


def test_a_dispute_that_someone_is_working_on_is_left_to_the_next_run(people):
    dispute = make_dispute(people["worker"])
    now = NOW + 7 * HOUR
    with transaction.atomic():
        Dispute.objects.select_for_update().get(pk=dispute.pk)
        (run,) = at_once(lambda: escalate_overdue(now=now))
    assert (run.checked, run.escalated) == (1, ())
    assert len(escalate_overdue(now=now).escalated) == 1
