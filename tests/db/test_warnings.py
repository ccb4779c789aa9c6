"""The daily run on two streets of squares with a known background, and an outbreak in one unit of it."""

import io
import json
import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from grids.errors import DateInvalid
from maps import tasks
from maps.errors import AreaNotScanned, DayNotOver
from maps.models import DailyCount, EarlyWarning, WarningDay, WarningRun, WarningUnit
from maps.services import refresh_daily_counts
from maps.services.warnings import run_warnings
from tests.factories.disputes import NOW
from tests.factories.territory import DISTRICT, STREET_1, STREET_2, UNITS, make_territory
from tests.factories.threads import at_once

DAY = NOW.date()
HISTORY, OUTBREAK_DAYS = 120, 6
WATCH = {
    "GRIDGOV_WARNING_HISTORY_DAYS": HISTORY,
    "GRIDGOV_WARNING_REPLICATIONS": 199,
    "GRIDGOV_WARNING_RADIUS_M": 300,
    "GRIDGOV_WARNING_WEEKS": 26,
    "GRIDGOV_WARNING_WINDOW_DAYS": 14,
}


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def put(unit: str, day: date, cases: int, group: str = "04", known_on: date | None = None) -> None:
    DailyCount.objects.create(
        unit_id=unit, occurred_on=day, known_on=known_on or day, category_group=group, cases=cases
    )


def lay_background(days: int = HISTORY + 30) -> None:
    """In each unit about a case in two days, of two groups; until three weeks after DAY."""
    make_territory()
    refresh_daily_counts()
    rng = np.random.default_rng(5)
    DailyCount.objects.bulk_create(
        DailyCount(unit_id=unit, occurred_on=day, known_on=day, category_group=group, cases=cases)
        for unit in UNITS
        for day in (ago(number) for number in range(-21, days))
        for group in ("02", "04")
        if (cases := int(rng.poisson(0.25)))
    )


def break_out(last: date = DAY) -> None:
    """Four cases a day in one unit, of group 07, which does not occur otherwise."""
    for number in range(OUTBREAK_DAYS):
        put(UNITS[1], last - timedelta(days=number), 4, "07")


@pytest.fixture
def watch(settings):
    for name, value in WATCH.items():
        setattr(settings, name, value)


@pytest.fixture
def ground(db, watch):
    lay_background()


def everything() -> list:
    return [
        list(EarlyWarning.objects.order_by("id").values()),
        list(WarningDay.objects.order_by("id").values()),
        list(WarningUnit.objects.order_by("id").values()),
        list(WarningRun.objects.order_by("id").values("id", "area", "as_of", "scans", "cases", "found")),
    ]


def test_a_quiet_territory_gives_no_warning(ground):
    for number in range(5):
        run = run_warnings(as_of=ago(number))
        assert (run.warnings, run.failed) == ((), ())
    assert not EarlyWarning.objects.exists()
    assert WarningRun.objects.count() == 5 * 3


def test_an_outbreak_is_one_warning_of_its_street(ground):
    break_out()
    run = run_warnings(as_of=DAY)
    (day,) = run.warnings
    warning = day.warning
    assert (warning.area_id, warning.state) == (STREET_1, "new")
    assert list(warning.units.values_list("code", flat=True)) == day.unit_codes == [UNITS[1]]
    assert warning.first_day <= ago(OUTBREAK_DAYS - 2) and warning.last_day == DAY
    assert (warning.first_seen_on, warning.last_seen_on) == (DAY, DAY)
    assert warning.observed >= 20 and warning.expected < 8
    assert warning.recurrence_days > 182
    assert warning.evidence == "space_time_permutation"
    # Found by the district's scan as well, and kept with its run.
    assert all(run.found for run in WarningRun.objects.filter(area_id__in=[STREET_1, DISTRICT]))
    assert not WarningRun.objects.get(area_id=STREET_2).found


def test_it_goes_on_as_the_same_warning_and_ends(ground):
    break_out()
    first = run_warnings(as_of=DAY).warnings[0].warning_id
    (next_day,) = run_warnings(as_of=DAY + timedelta(days=1)).warnings
    assert next_day.warning_id == first
    warning = EarlyWarning.objects.get()
    assert (warning.first_seen_on, warning.last_seen_on) == (DAY, DAY + timedelta(days=1))
    days = list(warning.days.values_list("day", "last_day"))
    assert days == [(DAY, DAY), (DAY + timedelta(days=1), DAY + timedelta(days=1))]
    later = DAY + timedelta(days=20)
    assert run_warnings(as_of=later).warnings == ()
    warning.refresh_from_db()
    assert warning.last_seen_on == DAY + timedelta(days=1)


def test_after_an_end_the_same_place_is_a_new_warning(ground):
    break_out(last=ago(55))
    before = run_warnings(as_of=ago(56)).warnings[0].warning_id
    break_out()
    assert run_warnings(as_of=DAY).warnings[0].warning_id != before
    assert EarlyWarning.objects.count() == 2


def test_running_the_same_day_again_changes_nothing(ground):
    break_out()
    for day in (ago(1), DAY):
        run_warnings(as_of=day)
    before = everything()
    assert run_warnings(as_of=DAY).warnings[0].warning.days.count() == 2
    run_warnings(as_of=ago(1))
    assert everything() == before


def test_a_day_may_be_run_after_the_next(ground):
    break_out()
    run_warnings(as_of=DAY)
    run_warnings(as_of=ago(1))
    warning = EarlyWarning.objects.get()
    assert (warning.first_seen_on, warning.last_seen_on, warning.last_day) == (ago(1), DAY, DAY)


def test_what_the_same_day_no_longer_shows_is_forgotten(ground):
    break_out()
    run_warnings(as_of=ago(1))
    run_warnings(as_of=DAY)
    yesterday = WarningDay.objects.get(day=ago(1))
    DailyCount.objects.filter(category_group="07").delete()
    run_warnings(as_of=DAY)
    warning = EarlyWarning.objects.get()
    assert (warning.last_seen_on, warning.observed) == (ago(1), yesterday.observed)
    run_warnings(as_of=ago(1))
    assert not EarlyWarning.objects.exists() and not WarningDay.objects.exists()


def test_what_people_acted_on_stays_on_record(ground):
    break_out()
    run_warnings(as_of=DAY)
    EarlyWarning.objects.update(state="acknowledged")
    run_warnings(as_of=DAY)
    assert EarlyWarning.objects.get().state == "acknowledged"
    DailyCount.objects.filter(category_group="07").delete()
    assert run_warnings(as_of=DAY).warnings == ()
    assert EarlyWarning.objects.get().days.count() == 1


def test_late_reports_warn_from_the_day_on_which_they_were_known(ground):
    for number in range(OUTBREAK_DAYS):
        put(UNITS[1], ago(number + 3), 4, "07", known_on=DAY)
    assert run_warnings(as_of=ago(1)).warnings == ()
    (day,) = run_warnings(as_of=DAY).warnings
    assert day.unit_codes == [UNITS[1]] and day.first_day <= ago(7)
    # Of the past, what was known then.
    assert run_warnings(as_of=ago(1)).warnings == ()


def test_an_outbreak_of_a_group_with_a_history_is_of_that_group(ground):
    DailyCount.objects.filter(unit=UNITS[4], occurred_on__range=(ago(OUTBREAK_DAYS - 1), DAY)).delete()
    for number in range(OUTBREAK_DAYS):
        put(UNITS[4], ago(number), 4, "04")
    (day,) = run_warnings(as_of=DAY).warnings
    assert (day.area_id, day.category_group) == (STREET_2, "04")


def test_the_number_of_scans_does_not_depend_on_the_excess(ground):
    quiet = run_warnings(as_of=DAY).scans
    for number in range(14):
        put(UNITS[1], ago(number), 40, "07")
    assert run_warnings(as_of=DAY).scans == quiet == 3 * 3


def test_one_area_on_demand(ground):
    break_out()
    assert run_warnings(as_of=DAY, area_codes=[STREET_2]).warnings == ()
    run = run_warnings(as_of=DAY, area_codes=[STREET_1])
    assert [day.area_id for day in run.warnings] == [STREET_1]
    run_warnings(as_of=DAY)
    assert EarlyWarning.objects.count() == 1


def test_an_area_that_fails_holds_up_no_other_and_is_named(ground, monkeypatch, caplog):
    break_out()
    # Room for the scans of the streets, not for the district's.
    monkeypatch.setattr("maps.scan.MAX_COUNTS", 5 * 14 * 64)
    run = run_warnings(as_of=DAY)
    assert run.failed == (DISTRICT,)
    assert [day.area_id for day in run.warnings] == [STREET_1]
    assert f"warnings of area {DISTRICT} as of {DAY} failed" in caplog.text


def test_the_future_and_other_areas_are_refused(ground):
    with pytest.raises(DayNotOver):
        run_warnings(as_of=timezone.localdate() + timedelta(days=1))
    for code in (UNITS[0], "440105009", "x"):
        with pytest.raises(AreaNotScanned):
            run_warnings(as_of=DAY, area_codes=[code])
    assert not WarningRun.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"state": "seen"}, {"evidence": ""}, {"category_group": "4"}, {"expected": 1000.0},
     {"recurrence_days": 0.5}, {"first_day": ago(-1)}, {"first_seen_on": ago(-1)}],
    ids=lambda wrong: next(iter(wrong)),
)  # fmt: skip
def test_the_database_refuses_what_makes_no_sense(ground, wrong):
    break_out()
    run_warnings(as_of=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        EarlyWarning.objects.update(**wrong)


# At the same moment -----------------------------------------------------------------------------
def test_two_runs_at_the_same_moment_make_one_warning(several_connections, watch):
    lay_background()
    break_out()
    runs = at_once(*[lambda: run_warnings(as_of=DAY)] * 2)
    assert [run.failed for run in runs] == [(), ()]
    assert len({day.warning_id for run in runs for day in run.warnings}) == 1
    assert (EarlyWarning.objects.count(), WarningDay.objects.count(), WarningRun.objects.count()) == (1, 1, 3)


# By itself, and by hand -------------------------------------------------------------------------
def test_the_worker_runs_it_at_night_as_of_the_day_before(ground):
    night = app.tasks["run_warnings_at_night"]
    half_past_two = NOW.replace(hour=2, minute=30)
    night(timestamp=int(half_past_two.timestamp()))
    assert set(WarningRun.objects.values_list("as_of", flat=True)) == {ago(1)}
    crons = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}
    assert crons["run_warnings_at_night"] == "30 18 * * *"


def test_on_demand_one_waits_for_the_other(ground):
    tasks.run_warnings_as_of.defer(as_of="2026-03-01", area_codes=[STREET_1])
    job = ProcrastinateJob.objects.get(task_name="run_warnings_as_of")
    assert job.lock == app.tasks["run_warnings_at_night"].lock
    tasks.run_warnings_as_of(**job.args)
    assert WarningRun.objects.get().area_id == STREET_1


def call(*arguments: str) -> dict:
    output = io.StringIO()
    call_command("warnings_run", *arguments, "--json", stdout=output)
    return json.loads(output.getvalue())


def test_the_command_says_what_is_new_and_what_goes_on(ground):
    break_out()
    (told,) = call("--as-of", ago(1).isoformat())["warnings"]
    assert told["status"] == "new"
    result = call("--as-of", DAY.isoformat())
    assert set(result) == {"as_of", "scans", "seconds", "warnings", "failed"}
    assert (result["as_of"], result["scans"], result["failed"]) == (DAY.isoformat(), 9, [])
    (again,) = result["warnings"]
    assert (again["id"], again["status"]) == (told["id"], "continuing")
    assert set(again) == {
        "id", "area", "units", "category_group", "first_day", "last_day", "observed", "expected",
        "recurrence_days", "status",
    }  # fmt: skip
    assert (again["area"], again["units"]) == (STREET_1, [UNITS[1]])


def test_the_command_describes_it_in_words(ground):
    break_out()
    output = io.StringIO()
    call_command("warnings_run", "--as-of", DAY.isoformat(), "--area", STREET_1, stdout=output)
    warning, counts = output.getvalue().splitlines()
    assert (
        warning.startswith(f"{STREET_1} ") and "各类 / all groups, 1 个网格" in warning and "(new)" in warning
    )
    assert counts == f"{DAY}: 扫描 3 次,1 条预警。 / 3 scans, 1 warnings."


@pytest.mark.parametrize("day", [(), ("--as-of", "2026-02-30"), ("--as-of", "yesterday")])
def test_the_command_refuses_what_is_no_day(ground, day):
    with pytest.raises(DateInvalid):
        call(*day)


def test_the_site_starts_without_compiled_scans():
    """Every process imports the tasks."""
    script = "import django, sys; django.setup(); import maps.tasks; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
