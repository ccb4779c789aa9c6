"""What the routing rule looks at, read from the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib.gis.db.models.functions import Transform
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from grids import crs
from grids.hierarchy import Level, code_at
from incidents.models import CaseBody, Dispute, MediationBody, Party
from incidents.opening_hours import is_open
from incidents.routing import BodyFacts, CaseFacts, Proposal, nearest_forces, propose_bodies
from incidents.workflow import Action


@dataclass(frozen=True)
class Candidates:
    """The rule's proposals for one case, best first, with the rows that they are about, by code."""

    proposals: tuple[Proposal, ...]
    bodies: dict[str, MediationBody]

    def of(self, code: str) -> Proposal | None:
        return next((proposal for proposal in self.proposals if proposal.code == code), None)

    @cached_property
    def forces(self) -> dict[str, str | None]:
        """The nearest of each of the three forces of a joint mediation."""
        return nearest_forces(self.proposals, {code: body.form for code, body in self.bodies.items()})


def candidates_for(
    dispute: Dispute, *, channels: Collection[str] = (), code: str | None = None, at: datetime | None = None
) -> Candidates:
    """What the rule proposes for `dispute` at `at`; of the one body `code` where it is given.

    Four questions to the database, however many bodies there are.
    """
    at = at or timezone.now()
    bodies = _serving(dispute)
    if code is not None:
        bodies = bodies.filter(code=code)
    rows = {body.code: body for body in bodies}
    facts = case_facts(dispute, channels)
    return Candidates(propose_bodies(facts, [body_facts(body, at) for body in rows.values()]), rows)


def case_facts(dispute: Dispute, channels: Collection[str] = ()) -> CaseFacts:
    # The names of the parties are compared and not shown: nobody opens them here.
    names = Party.objects.filter(dispute=dispute).values_list("name", flat=True)
    return CaseFacts(
        category=dispute.category,
        level=Level(dispute.level),
        unit=dispute.grid_unit_id,
        place=_metric(dispute),
        party_organisations=frozenset(names),
        failed_bodies=_failed_bodies(dispute),
        channels=frozenset(channels),
    )


def body_facts(body: MediationBody, at: datetime) -> BodyFacts:
    """`body` as `_serving` reads it."""
    return BodyFacts(
        code=body.code,
        kind=body.kind,
        form=body.form,
        area=body.area_id,
        categories=frozenset(body.categories),
        channels=frozenset(body.channels),
        place=(body.metric.x, body.metric.y) if body.metric else None,
        capacity=body.capacity,
        open_cases=body.open_cases,
        # That it is itself a party is the plainest conflict of all.
        related_organisations=frozenset({*body.related_organisations, body.name}),
        active=body.active,
        open_now=is_open(body.opening_hours, timezone.localtime(at)),
    )


def _serving(dispute: Dispute) -> QuerySet[MediationBody]:
    """Bodies in use whose area holds the place, with `metric` and `open_cases`."""
    areas = [code_at(dispute.grid_unit_id, level) for level in Level]
    # Counted apart, from the index of what is open: joined, all cases of all years would be read.
    present = CaseBody.objects.filter(body=OuterRef("pk"), until=None).order_by()
    counted = present.values("body").annotate(n=Count("*")).values("n")
    return MediationBody.objects.filter(active=True, area__in=areas).annotate(
        metric=Transform("location", crs.METRIC_SRID), open_cases=Coalesce(Subquery(counted), 0)
    )


def _failed_bodies(dispute: Dispute) -> frozenset[str]:
    """Bodies that led when a mediation of this case failed."""
    if not dispute.failed_mediations:
        return frozenset()
    failed = dispute.events.filter(
        action=Action.FAIL, at__gte=OuterRef("since"), at__lte=Coalesce(OuterRef("until"), F("at"))
    )
    led = CaseBody.objects.filter(Exists(failed), dispute=dispute, role=CaseBody.LEAD)
    return frozenset(led.values_list("body__code", flat=True))


def _metric(dispute: Dispute) -> tuple[float, float]:
    point = dispute.location_metric
    return point.x, point.y
