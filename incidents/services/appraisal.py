"""Points by hand with their reason, and the list of items. Facts of work that a person judged."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from grids.models import User
from incidents.appraisal.access import AppraisalDuties
from incidents.errors import AppraisalNotYours, FieldsInvalid
from incidents.models import AppraisalEntry, AppraisalItem
from incidents.services.measures import require_text

NAME_LENGTH, TEXT_LENGTH = 100, 300
MOST_TIMES, MOST_POINTS = 100, Decimal(100)


def give_points(*, user: User, mediator: str, item: str, on: str, times: str, reason: str) -> AppraisalEntry:
    """Give the mediator of that code an item by hand.

    Raises:
        AppraisalNotYours, FieldsInvalid.
    """
    with transaction.atomic():
        duties = AppraisalDuties.of(user)
        whom = duties.mediator(mediator)
        if not duties.appraises(whom):
            raise AppraisalNotYours
        by_hand = AppraisalItem.objects.filter(active=True, measured="")
        chosen = by_hand.filter(code=item).first() if "\0" not in item else None
        if chosen is None:
            raise _invalid("item", "请选择手工登记的项目。 / Choose an item that is given by hand.")
        return AppraisalEntry.objects.create(
            mediator=whom,
            item=chosen,
            on=_past_day(on),
            times=_times(times),
            reason=require_text("reason", reason, TEXT_LENGTH),
            given_by=user,
        )


def withdraw_points(*, user: User, entry_id: int) -> AppraisalEntry:
    """Take back what was given by mistake. Raises AppraisalNotYours."""
    with transaction.atomic():
        duties = AppraisalDuties.of(user)
        locked = AppraisalEntry.objects.select_for_update(of=("self",)).select_related("mediator__body")
        entry = locked.filter(pk=entry_id).first()
        if entry is None or not duties.appraises(entry.mediator):
            raise AppraisalNotYours
        entry.delete()
        return entry


def save_item(
    *, user: User, code: str | None, name: str, explanation: str, points: str, active: bool = True
) -> AppraisalItem:
    """Change the item `code`, or add one that is given by hand. Raises AppraisalNotYours, FieldsInvalid."""
    with transaction.atomic():
        if not AppraisalDuties.of(user).sets_items:
            raise AppraisalNotYours
        if code is None:
            item = AppraisalItem(code=f"own_{get_random_string(10).lower()}")
        else:
            known = AppraisalItem.objects.select_for_update().filter(code=code)
            item = known.first() if "\0" not in code else None
            if item is None:
                raise AppraisalNotYours
        item.name = require_text("name", name, NAME_LENGTH)
        item.explanation = require_text("explanation", explanation, TEXT_LENGTH)
        item.points, item.active = _points(points), active
        item.save()
        return item


def _past_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _invalid("on", "请填写日期。 / Give a date.") from error
    if not date(2000, 1, 1) <= day <= timezone.localdate():
        raise _invalid("on", "日期不能晚于今天。 / Not after today.")
    return day


def _times(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_TIMES and len(text) < 9):
        raise _invalid("times", f"应为 1 至 {MOST_TIMES}。 / From 1 to {MOST_TIMES}.")
    return int(text)


def _points(text: str) -> Decimal:
    try:
        points = Decimal(text.strip())
    except InvalidOperation as error:
        raise _invalid("points", "请填写数字。 / Give a number.") from error
    # Compared, not abs(): that overflows at 1e9999999.
    bounded = points.is_finite() and -MOST_POINTS <= points <= MOST_POINTS
    if not bounded or not points or points != round(points, 1):
        raise _invalid(
            "points", "应在 -100 至 100 之间,不为 0,最多一位小数。 / From -100 to 100, not 0, one decimal."
        )
    return points


def _invalid(field: str, message: str) -> FieldsInvalid:
    return FieldsInvalid({field: [{"message": message, "code": "invalid"}]})
