"""Who is on duty where today, as every request asks it. See `DutyQuerySet` for anything else."""

from collections.abc import Collection

from django.utils import timezone

from grids.models import User
from grids.prepared import rows
from grids.roles import Role

_TODAY = "duty.valid_from <= %(today)s AND (duty.valid_to IS NULL OR duty.valid_to > %(today)s)"
_HELD = f"""
SELECT duty.role, duty.area_id FROM grids_duty duty
WHERE duty.user_id = %(user)s AND duty.role = ANY(%(roles)s) AND {_TODAY}
"""
# The account by itself: as a join it was planned to read all accounts for the few that are asked about.
_PEOPLE = f"""
SELECT duty.area_id, duty.user_id FROM grids_duty duty
WHERE duty.area_id = ANY(%(areas)s) AND duty.role = ANY(%(roles)s) AND {_TODAY}
    AND (SELECT is_active FROM grids_user WHERE id = duty.user_id)
"""


def duties_held(user: User, roles: Collection[Role]) -> list[tuple[Role, str]]:
    """Role and area of each duty that `user` holds today in one of `roles`, as `DutyQuerySet.held_by`."""
    # Somebody who is not signed in, or whose account is switched off.
    if not user.is_active:
        return []
    found = rows(_HELD, {"user": user.pk, "roles": _texts(roles), "today": timezone.localdate()})
    return [(Role(role), area) for role, area in found]


def people_on_duty(areas: Collection[str], roles: Collection[Role]) -> list[tuple[str, int]]:
    """Area and account of whoever holds a duty in one of `roles` today on one of `areas`."""
    facts = {"areas": sorted(areas), "roles": _texts(roles), "today": timezone.localdate()}
    return rows(_PEOPLE, facts)


def _texts(roles: Collection[Role]) -> list[str]:
    return sorted(role.value for role in roles)
