"""The district centre decides how cases are handled, and on which days people work."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from grids.models import Duty, User
from grids.roles import Role
from incidents.errors import FieldsInvalid, PolicyInForce, PolicyNotYours, PolicyUnknown
from incidents.models import CalendarDay, FileJob, PolicyVersion
from incidents.policy_data import PolicyDataInvalid, from_data, to_data
from incidents.services.measures import require_text
from incidents.services.recalculation import RECALCULATION
from incidents.working_time import is_statutory_workday

REASON_LENGTH = PolicyVersion._meta.get_field("reason").max_length
NAME_LENGTH = CalendarDay._meta.get_field("name").max_length
# A typhoon day is written down when it is over; what lies longer back has been acted on.
CALENDAR_BACK, CALENDAR_AHEAD = timedelta(days=31), timedelta(days=3 * 366)
LONGEST_AHEAD = timedelta(days=366)


def may_edit_policy(user: User) -> bool:
    return Duty.objects.held_by(user, {Role.DISTRICT_CENTRE}).exists()


def save_policy(
    *, user: User, data: Mapping, valid_from: date, reason: str, now: datetime | None = None
) -> PolicyVersion:
    """Put `data` (see `incidents.policy_data`) in force from the day `valid_from`, tomorrow at the earliest.

    A version of the same day is replaced: it is not in force yet. Open cases keep the rules under which they
    entered their level.

    Raises:
        PolicyNotYours, FieldsInvalid: `errors` by the fields of the policy's data, valid_from and reason.
    """
    _check_editor(user)
    policy = check_policy(data, valid_from=valid_from, reason=reason, now=now)
    version, _ = PolicyVersion.objects.update_or_create(
        valid_from=valid_from,
        defaults={
            "data": to_data(policy),
            "reason": reason.strip(),
            "created_by": user,
            "created_at": now or timezone.now(),
        },
    )
    return version


def check_policy(data: Mapping, *, valid_from: date | None, reason: str, now: datetime | None = None):
    """The policy that `data` says, if all of it could be saved. Raises FieldsInvalid with every problem."""
    errors: dict[str, list] = {}
    policy = None
    try:
        policy = from_data(data)
    except PolicyDataInvalid as error:
        for field, sentence in error.problems:
            errors.setdefault(field, []).append({"message": sentence, "code": "invalid"})
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    if valid_from is None or not tomorrow <= valid_from <= tomorrow + LONGEST_AHEAD:
        message = f"应为 {tomorrow} 起一年内的日期。 / Must be a day from {tomorrow} within a year."
        errors["valid_from"] = [{"message": message, "code": "out_of_range"}]
    try:
        require_text("reason", reason, REASON_LENGTH)
    except FieldsInvalid as error:
        errors |= error.facts["errors"]
    if errors:
        raise FieldsInvalid(errors)
    return policy


def remove_future_policy(*, user: User, valid_from: date, now: datetime | None = None) -> None:
    """Take back a version that is not in force yet.

    Raises:
        PolicyNotYours, PolicyUnknown, PolicyInForce.
    """
    _check_editor(user)
    with transaction.atomic():
        version = PolicyVersion.objects.select_for_update().filter(valid_from=valid_from).first()
        if version is None:
            raise PolicyUnknown(valid_from=valid_from.isoformat())
        if valid_from <= timezone.localdate(now):
            raise PolicyInForce(valid_from=valid_from.isoformat())
        version.delete()


def set_calendar_day(
    *, user: User, day: date, is_workday: bool, name: str, now: datetime | None = None
) -> FileJob:
    """Say of `day` whether it is worked, whatever the State Council's notice says. The due times of open
    cases follow in the background: the job is given.

    Raises:
        PolicyNotYours, FieldsInvalid (day, name).
    """
    _check_editor(user)
    name = require_text("name", name, NAME_LENGTH)
    today = timezone.localdate(now)
    if not today - CALENDAR_BACK <= day <= today + CALENDAR_AHEAD:
        first, last = today - CALENDAR_BACK, today + CALENDAR_AHEAD
        raise _wrong_day(f"应在 {first} 至 {last} 之间。 / Must be from {first} to {last}.")
    if is_statutory_workday(day) == is_workday:
        raise _wrong_day(
            "这一天本来就上班。 / It is a working day anyway."
            if is_workday
            else "这一天本来就休息。 / It is a day off anyway."
        )
    with transaction.atomic():
        CalendarDay.objects.update_or_create(day=day, defaults={"is_workday": is_workday, "name": name})
        return begin_recalculation(user)


def remove_calendar_day(*, user: User, day: date) -> FileJob | None:
    """Let the notice hold again on `day`. None where nothing was changed there.

    Raises:
        PolicyNotYours.
    """
    _check_editor(user)
    with transaction.atomic():
        removed, _ = CalendarDay.objects.filter(day=day).delete()
        return begin_recalculation(user) if removed else None


def begin_recalculation(user: User) -> FileJob:
    """Have the due times of open cases worked out anew; the job tells how far that is."""
    with transaction.atomic():
        job = FileJob.objects.create(user=user, kind=RECALCULATION)
        # By its name: incidents/tasks.py, where it stands, imports this room's services.
        task = app.configure_task("recalculate_due_times")
        transaction.on_commit(lambda: task.defer(job_id=str(job.pk)))
    return job


def _check_editor(user: User) -> None:
    if not may_edit_policy(user):
        raise PolicyNotYours


def _wrong_day(message: str) -> FieldsInvalid:
    return FieldsInvalid({"day": [{"message": message, "code": "invalid"}]})
