"""Who is signed in, as the pages show it: the duties of today with their names."""

from dataclasses import dataclass

from grids.area_names import area_names
from grids.hierarchy import Level, level_of
from grids.models import Duty, User
from grids.models.duty import ROLE_NAMES
from grids.roles import Role


@dataclass(frozen=True)
class CurrentDuty:
    """A duty of today. `role_name` is lazy text in the reader's language."""

    role: Role
    role_name: str
    area_code: str
    area_name: str

    @property
    def level(self) -> Level:
        return level_of(self.area_code)


def current_duties(user: User) -> tuple[CurrentDuty, ...]:
    """Duties of `user` today, the largest area first. None for somebody who is not signed in."""
    rows = Duty.objects.held_by(user).order_by("area_id", "role").values_list("role", "area_id")
    held = [(Role(role), code) for role, code in rows]
    names = area_names(code for _, code in held)
    duties = [CurrentDuty(role, ROLE_NAMES[role], code, names.get(code, code)) for role, code in held]
    return tuple(sorted(duties, key=lambda duty: -duty.level.rank))
