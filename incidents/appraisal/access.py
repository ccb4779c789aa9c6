"""Who sees whose appraisal: the centres that of their area's full-time mediators, everybody their own."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from grids.models import Duty, User
from grids.roles import Role
from incidents.errors import AppraisalNotYours
from incidents.models import Mediator

CENTRES = frozenset({Role.STREET_CENTRE, Role.DISTRICT_CENTRE})


def is_mediator(user: User) -> bool:
    return user.is_active and Mediator.objects.filter(user=user).exists()


@dataclass(frozen=True)
class AppraisalDuties:
    """`areas` whose mediators somebody appraises; `own` is who they are as a mediator themselves."""

    areas: tuple[str, ...]
    sets_items: bool
    own: Mediator | None

    @classmethod
    def of(cls, user: User) -> "AppraisalDuties":
        """Raises AppraisalNotYours: neither a centre nor a mediator."""
        held = list(Duty.objects.held_by(user, CENTRES).values_list("role", "area_id"))
        own = Mediator.objects.filter(user=user).select_related("body").first() if user.is_active else None
        if not held and own is None:
            raise AppraisalNotYours
        roles = {Role(role) for role, _ in held}
        return cls(tuple(sorted(code for _, code in held)), Role.DISTRICT_CENTRE in roles, own)

    def mediators(self, words: str = "") -> QuerySet[Mediator]:
        """The full-time mediators in office of these areas, by body and name: no order of merit.

        With `words` those whose name, or that of their body, holds them.
        """
        if not self.areas:
            return Mediator.objects.none()
        inside = reduce(or_, (Q(body__area__code__startswith=code) for code in self.areas))
        found = Mediator.objects.filter(inside, full_time=True, active=True)
        if words:
            found = found.filter(Q(name__icontains=words) | Q(body__name__icontains=words))
        return found.select_related("body", "user").order_by("body__area_id", "body__code", "name", "code")

    def mediator(self, code: str) -> Mediator:
        """Raises AppraisalNotYours: foreign or none, the same for both."""
        if self.own and self.own.code == code:
            return self.own
        found = self.mediators().filter(code=code).first() if "\0" not in code else None
        if found is None:
            raise AppraisalNotYours
        return found

    def appraises(self, mediator: Mediator) -> bool:
        """Nobody appraises themselves."""
        own = self.own is not None and self.own.pk == mediator.pk
        return not own and mediator.body.area_id.startswith(self.areas or ("-",))
