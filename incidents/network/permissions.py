"""Who sees the mediation network, and whose it is to keep."""

from dataclasses import dataclass

from grids.models import Duty, User
from grids.roles import CASE_ROLES, Role
from incidents.errors import NetworkEditNotYours, NetworkNotYours

SEEING_ROLES = CASE_ROLES | {Role.PLANNER, Role.ADMINISTRATOR}
KEEPING_ROLES = frozenset({Role.DISTRICT_CENTRE, Role.STREET_CENTRE})


@dataclass(frozen=True)
class Keeping:
    """The areas within which somebody keeps bodies: the district's centre all, a street's its own."""

    prefixes: tuple[str, ...]

    @classmethod
    def of(cls, user: User) -> "Keeping":
        duties = Duty.objects.held_by(user, KEEPING_ROLES)
        return cls(tuple(duties.values_list("area_id", flat=True).distinct()))

    @classmethod
    def everywhere(cls) -> "Keeping":
        """For commands, which whoever runs the installation gives."""
        return cls(("",))

    def __bool__(self) -> bool:
        return bool(self.prefixes)

    def covers(self, area_code: str) -> bool:
        return area_code.startswith(self.prefixes)

    def check(self, *area_codes: str) -> None:
        """Raises NetworkEditNotYours unless all of `area_codes` are within."""
        if not self or not all(map(self.covers, area_codes)):
            raise NetworkEditNotYours


def check_may_see(user: User) -> None:
    """Raises NetworkNotYours."""
    if not Duty.objects.held_by(user, SEEING_ROLES).exists():
        raise NetworkNotYours


def may_see_load(user: User) -> bool:
    """How many cases a body has open is for those who work on cases."""
    return Duty.objects.held_by(user, CASE_ROLES).exists()
