"""Whose figures somebody may look at."""

from dataclasses import dataclass

from grids.hierarchy import Level, level_of
from grids.models import Area, Duty, User
from grids.roles import Role
from incidents.errors import ResultsAreaOutside, ResultsNotYours

# A grid worker's unit is too small to say anything by numbers; they see their cases in the queue.
OFFICE_ROLES = frozenset({Role.COMMUNITY_MEDIATOR, Role.STREET_CENTRE, Role.DISTRICT_CENTRE})
RESULT_ROLES = OFFICE_ROLES | {Role.PLANNER}
LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)


@dataclass(frozen=True)
class ResultsDuties:
    """Areas whose figures somebody sees: those of `cases` with the cases behind them, `counts` without."""

    cases: tuple[str, ...]
    counts: tuple[str, ...]

    @classmethod
    def of(cls, user: User) -> "ResultsDuties":
        """Raises ResultsNotYours: no duty of today gives any figures."""
        held = list(Duty.objects.held_by(user, RESULT_ROLES).values_list("role", "area_id"))
        if not held:
            raise ResultsNotYours
        cases = sorted({code for role, code in held if Role(role) in OFFICE_ROLES}, key=_largest_first)
        counts = sorted({code for role, code in held if Role(role) not in OFFICE_ROLES}, key=_largest_first)
        return cls(tuple(cases), tuple(counts))

    @property
    def largest(self) -> str:
        """Where to begin: with what one works on, not only counts."""
        return (self.cases or self.counts)[0]

    def sees_cases_of(self, area: str) -> bool:
        return area.startswith(self.cases)

    def covers(self, area: str) -> bool:
        return area.startswith(self.cases + self.counts)

    def area(self, code: str) -> str:
        """`code`, or the largest area for none. Raises ResultsAreaOutside: unknown, a unit, or foreign."""
        if not code:
            return self.largest
        try:
            level = level_of(code)
        except ValueError as error:
            raise ResultsAreaOutside(area=code[:15]) from error
        if level not in LEVELS or not self.covers(code) or not Area.objects.filter(pk=code).exists():
            raise ResultsAreaOutside(area=code)
        return code

    def areas_to_choose(self, chosen: str) -> list[str]:
        """Own areas, the chosen one with those above it that are covered, and what lies just below it."""
        above = [chosen[:length] for length in (6, 9, 12) if length <= len(chosen)]
        below = Area.objects.filter(parent_id=chosen).exclude(level=Level.GRID.value)
        codes = {*self.cases, *self.counts, *filter(self.covers, above), *below.values_list("pk", flat=True)}
        return sorted(codes)


def _largest_first(code: str) -> tuple[int, str]:
    return len(code), code
