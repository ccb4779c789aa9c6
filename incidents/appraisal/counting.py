"""What counts for mediators, from cases and records: for all of an area in a fixed number of reads."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from incidents.appraisal.items import Measured
from incidents.models import AppraisalEntry, AppraisalItem, CaseBody, DisputeEvent, Mediator, Training
from incidents.results.case_sets import EVENT_SETS, SENT_UP_LATE, events_in, ratings_in
from incidents.results.definitions import SMALLEST, Counted
from incidents.results.period import Period

CONTENT = 4
EVENTS = {
    Measured.ON_TIME: EVENT_SETS[Counted.RESOLVE] & Q(at__lte=F("due_at")) & ~Q(action="escalate"),
    Measured.CONFIRMED: EVENT_SETS[Counted.CONFIRMED],
    Measured.SENT_UP_LATE: SENT_UP_LATE,
    Measured.BROKEN: EVENT_SETS[Counted.BROKEN],
}


@dataclass(frozen=True)
class Line:
    """One item for one mediator: so many `times`, the cases behind it and what was given by hand."""

    item: AppraisalItem
    times: Decimal
    cases: frozenset[UUID] = frozenset()
    entries: tuple[AppraisalEntry, ...] = ()
    # Ratings there are, but too few to be told.
    too_few: bool = False

    @property
    def points(self) -> Decimal:
        return self.item.points * self.times or Decimal(0)  # not -0.0


@dataclass
class _Found:
    cases: Mapping[tuple[int, str], set[UUID]] = field(default_factory=lambda: defaultdict(set))
    numbers: dict[tuple[int, str], Decimal] = field(default_factory=dict)
    too_few: set[int] = field(default_factory=set)


def appraise(mediators: Collection[Mediator], period: Period) -> dict[int, list[Line]]:
    """Lines of each mediator by primary key, in the items' order, those of nothing too."""
    ids = [mediator.pk for mediator in mediators]
    found = _Found()
    for measured, condition in EVENTS.items():
        events = events_in(period).filter(condition)
        for mediator, dispute in _in_their_body(events, ids) | _assigned(events, mediators):
            found.cases[mediator, measured].add(dispute)
    _count_ratings(mediators, period, found)
    trainings = Training.objects.filter(mediator__in=ids, held_on__range=(period.first, period.last))
    for row in trainings.order_by().values("mediator").annotate(hours=Sum("hours")):
        found.numbers[row["mediator"], Measured.TRAINED] = row["hours"]
    entries = defaultdict(list)
    given = AppraisalEntry.objects.filter(mediator__in=ids, on__range=(period.first, period.last))
    for entry in given.select_related("given_by"):
        entries[entry.mediator_id, entry.item_id].append(entry)
    items = list(AppraisalItem.objects.filter(active=True))
    return {pk: [_line(pk, item, found, entries) for item in items] for pk in ids}


def _line(mediator: int, item: AppraisalItem, found: _Found, entries: Mapping) -> Line:
    given = tuple(entries.get((mediator, item.pk), ()))
    cases = frozenset(found.cases.get((mediator, item.measured), ()))
    counted = found.numbers.get((mediator, item.measured), Decimal(len(cases)))
    too_few = item.measured == Measured.SATISFIED and mediator in found.too_few
    return Line(item, counted + sum(entry.times for entry in given), cases, given, too_few)


def _in_their_body(events: QuerySet[DisputeEvent], ids: Collection[int]) -> set[tuple[int, UUID]]:
    """(mediator, dispute) where the mediator took part for a body at that moment."""
    bodies = CaseBody.objects.filter(mediator__in=ids, dispute__in=events.values("dispute"))
    spans = defaultdict(list)
    for mediator, dispute, since, until in bodies.values_list("mediator", "dispute", "since", "until"):
        spans[dispute].append((mediator, since, until))
    pairs = events.filter(dispute__in=spans).values_list("dispute", "at")
    return {
        (mediator, dispute)
        for dispute, at in pairs
        for mediator, since, until in spans[dispute]
        if since <= at and (until is None or at < until)
    }


def _assigned(events: QuerySet[DisputeEvent], mediators: Collection[Mediator]) -> set[tuple[int, UUID]]:
    """(mediator, dispute) where the case was assigned to the mediator's account just before."""
    accounts = {mediator.user_id: mediator.pk for mediator in mediators if mediator.user_id}
    if not accounts:
        return set()
    before = DisputeEvent.objects.filter(dispute=OuterRef("dispute"), version=OuterRef("version") - 1)
    held = events.annotate(
        held_by=Subquery(before.order_by().values("assigned_to")[:1], output_field=IntegerField())
    )
    rows = held.filter(held_by__in=accounts).values_list("held_by", "dispute")
    return {(accounts[user], dispute) for user, dispute in rows}


def _count_ratings(mediators: Collection[Mediator], period: Period, found: _Found) -> None:
    """Content ratings, where there are enough to hide who gave which. Never case by case."""
    ratings = ratings_in(period)
    ids = [mediator.pk for mediator in mediators]
    accounts = {mediator.user_id: mediator.pk for mediator in mediators if mediator.user_id}
    stars: dict[int, dict[int, int]] = defaultdict(dict)
    in_body = ratings.filter(dispute__bodies__mediator__in=ids)
    for mediator, pk, star in in_body.values_list("dispute__bodies__mediator", "pk", "stars"):
        stars[mediator][pk] = star
    for user, pk, star in ratings.filter(dispute__assigned_to__in=accounts).values_list(
        "dispute__assigned_to", "pk", "stars"
    ):
        stars[accounts[user]][pk] = star
    for mediator, given in stars.items():
        if len(given) < SMALLEST:
            found.too_few.add(mediator)
            found.numbers[mediator, Measured.SATISFIED] = Decimal(0)
        else:
            content = sum(star >= CONTENT for star in given.values())
            found.numbers[mediator, Measured.SATISFIED] = Decimal(content)
