"""Work passes from one person to another, in one step."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from grids.area_names import area_names
from grids.hierarchy import level_of
from grids.models import Duty, User
from incidents.errors import HandoverInvalid, HandoverNotAllowed
from incidents.handover import HandoverReach
from incidents.measures import Measure
from incidents.models import Dispute
from incidents.notices.kinds import Kind
from incidents.permissions import LEVEL_ROLES
from incidents.services.changes import record_measure
from incidents.services.notices import create_notices, notice_for


@dataclass(frozen=True)
class HandedOver:
    """What moved: cases, and duties that ended and that began."""

    cases: int
    duties_ended: int = 0
    duties_begun: int = 0


@transaction.atomic
def hand_over(
    *,
    user: User,
    leaver: User,
    successor: User,
    areas: Collection[str],
    end_duties: bool = False,
    on: date | None = None,
    now: datetime | None = None,
) -> HandedOver:
    """The open cases that are assigned to `leaver` and answered for by `areas` go to `successor`, now.

    With `end_duties`, for administrators only, the leaver's duties there end `on` a day, today by default,
    and the successor has the same from today on. Without it the successor must be on duty there already.
    Cases that are assigned to nobody need no hand-over: they wait for whoever is on duty.

    All or nothing. Two at once take turns: both people are locked, in one order.

    Raises:
        HandoverNotAllowed, HandoverInvalid.
    """
    now = now or timezone.now()
    today = timezone.localtime(now).date()
    areas, on = set(areas), on or today
    reach = HandoverReach.of(user)
    people = [leaver.pk, successor.pk]
    # No-key: an event that merely points to them is not held up.
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").in_bulk()
    leaver, successor = locked[leaver.pk], locked[successor.pk]
    _check(reach, leaver, successor, areas, end_duties=end_duties, on=on, today=today)
    ended = begun = 0
    if end_duties:
        begun = _begin_duties(leaver, successor, areas, today)
        ended = _end_duties(leaver, areas, on)
    cases = _open_cases(leaver, areas)
    _check_on_duty(successor, {case.responsible_area_id for case in cases} or areas)
    for case in cases:
        record_measure(
            case, Measure.HAND_OVER, at=now, actor=user,
            changes={"assigned_to_id": successor.pk},
        )  # fmt: skip
    _tell(successor, len(cases), user, now)
    return HandedOver(len(cases), ended, begun)


def _check(
    reach: HandoverReach, leaver: User, successor: User, areas: set[str], *,
    end_duties: bool, on: date, today: date,
) -> None:  # fmt: skip
    if not reach or not areas <= reach.among(areas) or (end_duties and not reach.duties_too):
        raise HandoverNotAllowed
    if leaver.pk == successor.pk:
        raise _invalid("successor", "请选择另一个人。", "Choose somebody else.")
    if not successor.is_active:
        raise _invalid("successor", "这个账号已停用。", "This account is switched off.")
    if not areas:
        raise _invalid("areas", "请至少选择一个区域。", "Choose at least one area.")
    if on < today:
        raise _invalid("on", "请选择今天或以后的日期。", "Choose today or a later day.")


def _open_cases(leaver: User, areas: set[str]) -> list[Dispute]:
    """Locked in one order, so that two who hand over take no case from each other half-way."""
    own = Dispute.objects.select_for_update(of=("self",)).open()
    return list(own.filter(assigned_to=leaver, responsible_area__in=areas).order_by("pk"))


def _end_duties(leaver: User, areas: set[str], on: date) -> int:
    held = _case_duties(leaver, areas).exclude(valid_to__lte=on)
    return held.filter(valid_from__lte=on).update(valid_to=on)


def _begin_duties(leaver: User, successor: User, areas: set[str], today: date) -> int:
    """What the leaver holds today and the successor does not, until the leaver's would have ended."""
    has = set(_case_duties(successor, areas).on(today).values_list("role", "area_id"))
    begun = 0
    for duty in _case_duties(leaver, areas).on(today):
        if (duty.role, duty.area_id) in has:
            continue
        later = _case_duties(successor, {duty.area_id}).filter(role=duty.role, valid_from__gt=today)
        ends = [day for day in (duty.valid_to, *later.values_list("valid_from", flat=True)) if day]
        Duty.objects.create(
            user=successor, role=duty.role, area_id=duty.area_id, valid_from=today,
            valid_to=min(ends, default=None),
        )  # fmt: skip
        begun += 1
    return begun


def _case_duties(user: User, areas: set[str]):
    return Duty.objects.filter(user=user, area__in=areas, role__in=LEVEL_ROLES.values())


def _check_on_duty(successor: User, areas: set[str]) -> None:
    held = set(Duty.objects.held_by(successor).values_list("role", "area_id"))
    missing = {code for code in areas if (LEVEL_ROLES[level_of(code)], code) not in held}
    if missing:
        names = area_names(missing)
        said = ", ".join(names.get(code, code) for code in sorted(missing))
        raise _invalid(
            "successor", f"接手人不在这些区域值守:{said}。", f"The successor is not on duty at: {said}."
        )


def _tell(successor: User, cases: int, actor: User, now: datetime) -> None:
    """One notice however many cases: which they are stands in the queue."""
    if cases and successor.pk != actor.pk:
        key = f"{Kind.HANDED_OVER}:{uuid4()}"
        notice = notice_for(successor.pk, Kind.HANDED_OVER, key, facts={"cases": cases}, at=now)
        create_notices(notices=[notice])


def _invalid(field: str, zh: str, en: str) -> HandoverInvalid:
    return HandoverInvalid({field: [{"message": f"{zh} / {en}", "code": "invalid"}]})
