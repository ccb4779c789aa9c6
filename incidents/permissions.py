"""Who may do what with a dispute.

A person acts on a dispute while on duty, in the role of its level, on the area that is responsible
for it now: a grid worker in the unit, a mediator in the community, a centre in its street or the district.
Seeing is wider than acting (see `DisputeQuerySet.visible_to`). Planners and administrators have no case.
"""

from dataclasses import dataclass

from django.db.models import QuerySet

from grids.duties import duties_held
from grids.hierarchy import Level
from grids.models import Duty, User
from grids.roles import CASE_ROLES, ROLE_LEVELS, Role
from incidents.measures import MEASURES, Measure, Who
from incidents.models import Dispute
from incidents.workflow import Action, State, allowed_actions

LEVEL_ROLES: dict[Level, Role] = {level: role for role in CASE_ROLES for level in ROLE_LEVELS[role]}


@dataclass(frozen=True)
class CaseDuties:
    """The areas where a user works on cases today. Read once, then asked about many disputes."""

    held: frozenset[tuple[Role, str]]
    user_id: int | None = None

    @classmethod
    def of(cls, user: User) -> "CaseDuties":
        return cls(frozenset(duties_held(user, CASE_ROLES)), user.pk)

    @property
    def area_codes(self) -> frozenset[str]:
        """Areas whose disputes wait for this user."""
        return frozenset(code for _, code in self.held)

    def act_on(self, dispute: Dispute) -> bool:
        """Whether this user is among those who answer for `dispute` now."""
        return (LEVEL_ROLES[Level(dispute.level)], dispute.responsible_area_id) in self.held

    def see(self, dispute: Dispute) -> bool:
        """Whether this user sees `dispute` at all: `visible_to`, asked of one that was read already."""
        units = [unit for unit in (dispute.grid_unit_id, dispute.address_unit_id) if unit]
        inside = any(unit.startswith(code) for unit in units for _, code in self.held)
        return inside or bool(self.held) and dispute.reported_by_id == self.user_id

    def above(self, dispute: Dispute) -> bool:
        """Whether this user supervises those who answer for `dispute` now: on duty over the same place at a
        level above. Nobody is above the district: there colleagues supervise each other.
        """
        level = Level(dispute.level)
        if level is Level.DISTRICT:
            return self.act_on(dispute)
        own = dispute.responsible_area_id
        return any(len(code) < len(own) and own.startswith(code) for _, code in self.held)

    def measures_for(self, dispute: Dispute) -> tuple[Measure, ...]:
        """Measures that this user may take with `dispute` as it stands, in the table's order."""
        # Of each kind of people asked once: there are many measures.
        state, stands_for = State(dispute.state), {who: self._is(who, dispute) for who in Who}
        return tuple(
            measure
            for measure in Measure
            if state in MEASURES[measure].states and stands_for[MEASURES[measure].who]
        )

    def may_take(self, measure: Measure, dispute: Dispute) -> bool:
        return State(dispute.state) in MEASURES[measure].states and self.stands_for(measure, dispute)

    def stands_for(self, measure: Measure, dispute: Dispute) -> bool:
        """Whether this user is among those whose measure it is, whatever the state."""
        return self._is(MEASURES[measure].who, dispute)

    def _is(self, who: Who, dispute: Dispute) -> bool:
        match who:
            case Who.OWN:
                return self.act_on(dispute)
            case Who.ABOVE:
                return self.above(dispute)
            case Who.OWN_OR_ABOVE:
                return self.act_on(dispute) or self.above(dispute)
            case Who.SEEING:
                return self.see(dispute)
        return False

    def actions_for(self, dispute: Dispute) -> tuple[Action, ...]:
        """What this user may do with `dispute` as it stands, in the workflow's order."""
        return allowed_actions(dispute.standing) if self.act_on(dispute) else ()


def may_report(user: User) -> bool:
    """Whoever works on cases may report, also outside their own area: they stand there."""
    return bool(CaseDuties.of(user).held)


def may_open_parties(user: User, dispute: Dispute) -> bool:
    """Names and telephones are for those who answer for the dispute now, not for all who see it."""
    return CaseDuties.of(user).act_on(dispute)


def assignable_users(dispute: Dispute) -> QuerySet[User]:
    """Accounts in use whose duty today makes them answer for `dispute`, by name."""
    duties = Duty.objects.current().filter(
        role=LEVEL_ROLES[Level(dispute.level)], area=dispute.responsible_area_id
    )
    return User.objects.filter(is_active=True, pk__in=duties.values("user")).order_by("name", "username")
