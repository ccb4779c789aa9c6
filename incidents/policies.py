"""The rules in force, read from the database."""

from incidents.models import CalendarDay, PolicyVersion
from incidents.policy import PolicyBook
from incidents.policy_data import from_data


def policy_book() -> PolicyBook:
    """All versions and calendar days as they are now. Two small reads; ask once for a run over many cases."""
    versions = PolicyVersion.objects.order_by("valid_from").values_list("valid_from", "data")
    return PolicyBook(
        versions=tuple((since, from_data(data)) for since, data in versions),
        calendar_changes=dict(CalendarDay.objects.values_list("day", "is_workday")),
    )
