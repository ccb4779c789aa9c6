"""What forms and programs give, checked alike. Each fault raises FieldsInvalid for its field."""

from collections.abc import Collection
from datetime import date

from incidents.errors import FieldsInvalid


def field_error(field: str, message: str, code: str = "invalid") -> FieldsInvalid:
    """The error for one field. `message` is "中文。 / English." and repeats nothing that was given."""
    return FieldsInvalid({field: [{"message": message, "code": code}]})


def require_day(field: str, day: date, *, today: date, since: date | None = None) -> date:
    """`day`, unless it lies after `today` or before `since`."""
    if day > today:
        raise field_error(field, "不能晚于今天。 / Not after today.", "in_future")
    if since and day < since:
        message = f"不能早于 {since:%Y-%m-%d}。 / Not before {since:%Y-%m-%d}."
        raise field_error(field, message, "too_early")
    return day


def require_choice(field: str, value: str, choices: Collection[str]) -> str:
    """`value`, if it is one of `choices`."""
    if value not in choices:
        raise field_error(field, "请选择一项。 / Choose one.", "invalid_choice")
    return value
