"""Who is told: those on duty today, and only where they may see the case."""

from collections.abc import Iterable
from dataclasses import dataclass

from grids.duties import people_on_duty
from grids.hierarchy import Level, code_at
from grids.roles import CASE_ROLES
from incidents.models import Dispute
from incidents.notices.kinds import To


@dataclass(frozen=True)
class Before:
    """Who had the case until the event: the area, and the person it was assigned to."""

    area: str
    assigned_to: int | None = None


@dataclass(frozen=True)
class OnDuty:
    """Who is on duty today on the areas of some cases. Read once, then asked about each of them.

    A case's area at any level holds both its place and its address, and each role belongs to one level:
    who is on duty on such an area in a case role sees the case (`DisputeQuerySet.visible_to`) and, on
    the area that is responsible, may act on it. Whoever is not on duty there is nobody to tell, though
    the case be assigned to them still.
    """

    people: dict[str, frozenset[int]]

    @classmethod
    def over(cls, disputes: Iterable[Dispute]) -> "OnDuty":
        """Of all areas, up to the district, that answer or could answer for `disputes`."""
        codes = {code for dispute in disputes for code in areas_upwards(dispute.home_area_id)}
        return cls.of(codes)

    @classmethod
    def of(cls, codes: Iterable[str]) -> "OnDuty":
        people: dict[str, set[int]] = {}
        for area, user in people_on_duty(set(codes), CASE_ROLES):
            people.setdefault(area, set()).add(user)
        return cls({area: frozenset(users) for area, users in people.items()})

    def on(self, code: str) -> frozenset[int]:
        return self.people.get(code, frozenset())

    def told(self, dispute: Dispute, to: To, before: Before | None = None) -> frozenset[int]:
        """Ids of the people whom `to` means for `dispute` as it stands."""
        match to:
            case To.STANDING:
                return self._standing(dispute.responsible_area_id, dispute.assigned_to_id)
            case To.ASSIGNED:
                return self.on(dispute.responsible_area_id) & {dispute.assigned_to_id}
            case To.ABOVE:
                return self._above(dispute)
            case To.BEFORE:
                return self._standing(before.area, before.assigned_to) if before else frozenset()

    def _standing(self, area: str, assigned_to: int | None) -> frozenset[int]:
        there = self.on(area)
        return there & {assigned_to} or there

    def _above(self, dispute: Dispute) -> frozenset[int]:
        """Nobody is above the district: there colleagues stand in for it, as in `CaseDuties.above`."""
        own = dispute.responsible_area_id
        above = [code for code in areas_upwards(own) if code != own] or [own]
        return next((self.on(code) for code in above if self.on(code)), frozenset())


def areas_upwards(code: str) -> list[str]:
    """`code` and what holds it, up to the district."""
    return [code_at(code, level) for level in Level if level.code_length <= len(code)]
