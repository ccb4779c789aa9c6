"""Which areas a user may look at, and how much they may see there."""

from dataclasses import dataclass
from functools import cached_property

from grids.area_names import area_names
from grids.errors import AreaUnknown
from grids.hierarchy import Level, level_of
from grids.models import Duty, User
from grids.roles import CASE_ROLES, Role
from maps.errors import AreaOutsideDuty, NoDutyOnMap

MAP_ROLES = CASE_ROLES | {Role.PLANNER}


@dataclass(frozen=True)
class NamedArea:
    code: str
    name: str

    @cached_property
    def level(self) -> Level:
        return level_of(self.code)


@dataclass(frozen=True)
class Ground:
    """The area that is looked at. `trail` leads to it from the user's own area, both included.

    `shows_cases` is false where the user only plans: then there are counts by area, no points and no heat.
    """

    trail: tuple[NamedArea, ...]
    shows_cases: bool

    @property
    def area(self) -> NamedArea:
        return self.trail[-1]

    @property
    def divisions(self) -> tuple[Level, ...]:
        """Levels that this area can be divided into for shading, the next one down first."""
        below = [level for level in Level if level.rank < self.area.level.rank]
        return tuple(reversed(below)) or (Level.GRID,)


def duty_areas(user: User) -> tuple[NamedArea, ...]:
    """Areas that `user` may look at today, the largest first.

    Raises:
        NoDutyOnMap: there are none.
    """
    codes = {code for _, code in _duties(user)}
    if not codes:
        raise NoDutyOnMap
    names = area_names(codes)
    return tuple(NamedArea(code, names.get(code, code)) for code in sorted(codes, key=lambda c: (len(c), c)))


def look_at(user: User, code: str = "") -> Ground:
    """The area `code`, or the user's largest area where none is given.

    Raises:
        NoDutyOnMap: `user` may look at no area today.
        AreaOutsideDuty: `code` is not in an area of theirs.
        AreaUnknown: there is no such area.
    """
    duties = _duties(user)
    if not duties:
        raise NoDutyOnMap
    code = code or min((area for _, area in duties), key=lambda c: (len(c), c))
    above = [(role, area) for role, area in duties if code.startswith(area)]
    if not above:
        raise AreaOutsideDuty(area_code=code)
    top = min((area for _, area in above), key=len)
    lengths = sorted(level.code_length for level in Level)
    codes = [code[:length] for length in lengths if len(top) <= length <= len(code)]
    names = area_names(codes)
    if code not in names:
        raise AreaUnknown(area_code=code)
    return Ground(
        trail=tuple(NamedArea(each, names.get(each, each)) for each in codes),
        shows_cases=any(role in CASE_ROLES for role, _ in above),
    )


def _duties(user: User) -> list[tuple[str, str]]:
    return list(Duty.objects.held_by(user, MAP_ROLES).values_list("role", "area_id"))
