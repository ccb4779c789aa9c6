"""Who may hand whose work over, and what there is to hand over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from grids.area_names import area_names
from grids.hierarchy import Level, level_of
from grids.models import Duty, User
from grids.models.duty import ROLE_NAMES
from grids.roles import CASE_ROLES, Role
from incidents.models import Dispute
from incidents.permissions import LEVEL_ROLES

# On which levels, within the area of their own duty, each role may hand work over.
REACH: dict[Role, tuple[Level, ...]] = {
    Role.ADMINISTRATOR: tuple(Level),
    Role.DISTRICT_CENTRE: tuple(Level),
    Role.STREET_CENTRE: (Level.GRID, Level.COMMUNITY),
}


@dataclass(frozen=True)
class HandoverReach:
    """The areas whose work a user may hand over today: those of `levels` in the area of each duty.

    An administrator, who has no case and sees none, moves duties with the cases and is told their number.
    """

    held: frozenset[tuple[Role, str]]

    @classmethod
    def of(cls, user: User) -> "HandoverReach":
        duties = Duty.objects.held_by(user, REACH).values_list("role", "area_id")
        return cls(frozenset((Role(role), code) for role, code in duties))

    def __bool__(self) -> bool:
        return bool(self.held)

    @property
    def duties_too(self) -> bool:
        return any(role is Role.ADMINISTRATOR for role, _ in self.held)

    def among(self, codes: Collection[str]) -> set[str]:
        """Those of `codes` that lie within reach."""
        return {
            code
            for code in codes
            if any(code.startswith(own) and level_of(code) in REACH[role] for role, own in self.held)
        }


@dataclass(frozen=True)
class AreaWork:
    """What somebody has on one area: the duty, None where it has ended, and open cases assigned to them."""

    code: str
    name: str
    role: Role
    on_duty: bool
    open: int
    overdue: int


def people_within(reach: HandoverReach) -> QuerySet[User]:
    """Everybody who has, or had, a duty in reach, the active first. For choosing who leaves."""
    within = Q(pk__in=[])
    for role, own in reach.held:
        roles = [LEVEL_ROLES[level] for level in REACH[role]]
        within |= Q(role__in=roles, area__code__startswith=own)
    holders = Duty.objects.filter(within, role__in=CASE_ROLES)
    return User.objects.filter(pk__in=holders.values("user")).order_by("-is_active", "name", "username")


def work_of(leaver: User, reach: HandoverReach, *, now: datetime | None = None) -> list[AreaWork]:
    """What `leaver` has within reach, by area, the largest first; also where only the cases are left."""
    now = now or timezone.now()
    counts = {
        row["responsible_area_id"]: row
        for row in Dispute.objects.open()
        .filter(assigned_to=leaver)
        .order_by()
        .values("responsible_area_id")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now)))
    }
    duties = Duty.objects.current().filter(user=leaver, role__in=CASE_ROLES)
    held = set(duties.values_list("area_id", flat=True))
    codes = reach.among(held | set(counts))
    names = area_names(codes)
    return [
        AreaWork(
            code=code,
            name=names.get(code, code),
            role=LEVEL_ROLES[level_of(code)],
            on_duty=code in held,
            open=counts.get(code, {}).get("open", 0),
            overdue=counts.get(code, {}).get("overdue", 0),
        )
        for code in sorted(codes, key=lambda code: (len(code), code))
    ]


def people_rows(people: Collection[User]) -> list[dict]:
    """Each with what they are on duty for today, in names."""
    people = list(people)
    duties = Duty.objects.current().filter(user__in=people, role__in=CASE_ROLES).order_by("area_id")
    held: dict[int, list[tuple[str, str]]] = {}
    for user_id, role, area in duties.values_list("user_id", "role", "area_id"):
        held.setdefault(user_id, []).append((role, area))
    names = area_names({area for pairs in held.values() for _, area in pairs[:1]})
    return [_person_row(person, held.get(person.pk, []), names) for person in people]


def _person_row(person: User, duties: list[tuple[str, str]], names: dict[str, str]) -> dict:
    """The largest duty by name; a worker of many units is not told by all of them."""
    if not duties:
        return {"user": person, "duty": None, "more": 0}
    role, area = duties[0]
    return {
        "user": person,
        "duty": (ROLE_NAMES[Role(role)], names.get(area, area)),
        "more": len(duties) - 1,
    }


def successors(leaver: User, work: Collection[AreaWork]) -> QuerySet[User]:
    """Who is on duty on all of these areas, beside `leaver`."""
    found = others(leaver)
    for area in work:
        duties = Duty.objects.current().filter(role=area.role, area=area.code)
        found = found.filter(pk__in=duties.values("user"))
    return found


def others(leaver: User) -> QuerySet[User]:
    """Everybody else whose account is in use: an administrator can give any of them the duty."""
    return User.objects.filter(is_active=True).exclude(pk=leaver.pk).order_by("name", "username")
