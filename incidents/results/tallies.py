"""Counting the sets of cases of an area: a fixed number of questions, whatever the area's size.

Every case lies in one grid unit, so that counts of the areas below add up to the area's own; medians do not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import add

from django.contrib.postgres.aggregates import BitOr, BoolOr
from django.db import connection
from django.db.models import (
    Aggregate,
    BigIntegerField,
    Case,
    Count,
    F,
    FloatField,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Extract, Left

from grids.hierarchy import Level
from incidents.models import Dispute
from incidents.policy import PolicyBook
from incidents.results.case_sets import (
    ACTIONS,
    BY_ACTION,
    CLOSINGS,
    EVENT_SETS,
    NO_BODY,
    closed_in,
    events_in,
    follow_ups_due,
    leads_then,
    ratings_in,
    visited,
)
from incidents.results.definitions import BY_LEVEL, SMALLEST, Counted, Figure, share
from incidents.results.period import Period
from incidents.workflow import Action

C = Counted
_DAY_SECONDS = 86_400


class Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Ratings:
    """`stars` -> how many ratings."""

    stars: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.stars.values())

    @property
    def told(self) -> bool:
        return self.count >= SMALLEST

    @property
    def mean(self) -> float | None:
        """None for too few: a party could be found by its rating."""
        if not self.told:
            return None
        return sum(stars * count for stars, count in self.stars.items()) / self.count


@dataclass(frozen=True)
class Tally:
    """The sizes of the sets of cases of one area, or of one level or body in it."""

    counts: Mapping[Counted, int]
    median_days: float | None = None
    ratings: Ratings = Ratings()

    def __getitem__(self, counted: Counted) -> int:
        return self.counts.get(counted, 0)

    def share_of(self, figure: Figure) -> float | None:
        if figure.part is None:
            return None
        return share(self[figure.part], self[figure.whole], missed=figure.missed)


@dataclass(frozen=True)
class AreaTallies:
    """`whole` is of the area itself, `parts` by code of those below it, `levels` by level."""

    whole: Tally
    parts: Mapping[str, Tally]
    levels: Mapping[str, Tally]


def area_tallies(area: str, period: Period, length: int, *, now: datetime, book: PolicyBook) -> AreaTallies:
    """All sets of the cases of `area` over `period`, by the first `length` digits of their grid unit, and by
    level. Whoever calls this has asked `ResultsDuties` whether the area may be counted."""
    counts: dict[str, dict[Counted, int]] = defaultdict(dict)
    by_level: dict[Level, dict[Counted, int]] = defaultdict(dict)
    medians = _count_disputes(Dispute.objects.within(area), period, length, counts, by_level)
    _count_events(area, period, length, counts, by_level)
    _count_follow_ups(area, period, length, counts, now, book)
    stars = _count_ratings(area, period, length, counts)
    parts = {
        code: Tally(counts[code], medians.get(code), Ratings(stars.get(code, {})))
        for code in sorted({*counts, *stars})
    }
    everything = Ratings(_added(stars.values()))
    whole = Tally(_added(tally.counts for tally in parts.values()), medians[""], everything)
    return AreaTallies(whole, parts, {level: Tally(found) for level, found in by_level.items()})


def _count_disputes(cases, period, length, counts, by_level) -> dict[str, float | None]:
    """Reported and closed cases; the median days by part, and of all under ""."""
    closed = cases.filter(closed_in(period)).order_by()
    reported = cases.filter(reported_at__gte=period.start, reported_at__lt=period.end).order_by()
    part = Left("grid_unit_id", length)
    resolved_at = Coalesce("settled_at", "ended_at")
    days = Extract(resolved_at - F("reported_at"), "epoch") / float(_DAY_SECONDS)
    sizes = {kind.value: Count("pk", filter=besides) for kind, besides in CLOSINGS.items()}
    for row in reported.values(part=part).annotate(size=Count("pk")):
        counts[row["part"]][C.REPORTED] = row["size"]
    medians = {"": closed.aggregate(median=Median(days))["median"]}
    for row in closed.values(part=part).annotate(median=Median(days), **sizes):
        medians[row["part"]] = row["median"]
        counts[row["part"]] |= {counted: row[counted.value] for counted in map(C, sizes)}
    levelled = {kind.value: Count("pk", filter=CLOSINGS[kind]) for kind in CLOSINGS if kind in BY_LEVEL}
    for row in closed.values("level").annotate(**levelled):
        by_level[Level(row["level"])] |= {counted: row[counted.value] for counted in map(C, levelled)}
    return medians


# One number says of a case all the sets that its events put it into: a bit for each set, and for those that
# are asked by level a bit for each level. So the database sorts each event once, and hardly anything comes.
_PLAIN = [counted for counted in EVENT_SETS if counted not in BY_LEVEL]
_LEVELLED = [counted for counted in EVENT_SETS if counted in BY_LEVEL]


def _mask() -> Case:
    """The bits of one event."""
    return _case(*[When(action=action.value, then=_bits(action)) for action in ACTIONS])


def _bits(action: Action) -> CombinedExpression:
    steps = [When(from_level=level.value, then=Value(_shift(level))) for level in Level]
    return _sum(_PLAIN, action) + _sum(_LEVELLED, action) * _case(*steps)


def _sum(sets: list[Counted], action: Action) -> CombinedExpression:
    """The bits of those of `sets` that an event of `action` belongs to; what needs no look is one number."""
    asked = {1 << n: BY_ACTION[one][action] for n, one in enumerate(sets) if action in BY_ACTION[one]}
    certain = sum(bit for bit, besides in asked.items() if not besides)
    looked = [_case(When(besides, then=Value(bit))) for bit, besides in asked.items() if besides]
    return reduce(add, looked, Value(certain, output_field=BigIntegerField()))


def _case(*whens: When) -> Case:
    return Case(*whens, default=Value(0), output_field=BigIntegerField())


def _shift(level: Level) -> int:
    return 1 << (len(_PLAIN) + level.rank * len(_LEVELLED))


def _sets_of(mask: int) -> tuple[list[Counted], list[tuple[Level, Counted]]]:
    """The sets that a mask names, and those by level."""
    plain = [counted for place, counted in enumerate(_PLAIN) if mask & 1 << place]
    levelled = [
        (level, counted)
        for level in Level
        for place, counted in enumerate(_LEVELLED)
        if mask & _shift(level) << place
    ]
    return plain + sorted({counted for _, counted in levelled}), levelled


def _inside(area: str) -> Q:
    return Q(dispute__grid_unit__code__startswith=area)


def _count_events(area, period, length, counts, by_level) -> None:
    """Sets that events make. A case is in a set once, however many of its events would put it there."""
    seen = (
        events_in(period)
        .filter(_inside(area), action__in=ACTIONS)
        .values("dispute_id", part=Left("dispute__grid_unit_id", length))
        .annotate(sets=BitOr(_mask()))
    )
    inner, parameters = seen.query.sql_with_params()
    sql = f"SELECT part, sets, count(*) FROM ({inner}) AS seen GROUP BY part, sets"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for part, mask, size in cursor.fetchall():
            plain, levelled = _sets_of(mask)
            for counted in plain:
                counts[part][counted] = counts[part].get(counted, 0) + size
            for level, counted in levelled:
                by_level[level][counted] = by_level[level].get(counted, 0) + size


def _count_follow_ups(area, period, length, counts, now, book) -> None:
    due = follow_ups_due(period, now=now, book=book).filter(_inside(area))
    rows = due.values(part=Left("dispute__grid_unit_id", length)).annotate(
        due_cases=Count("dispute_id", distinct=True),
        missed=Count("dispute_id", distinct=True, filter=~visited()),
    )
    for row in rows:
        counts[row["part"]] |= {C.VISIT_DUE: row["due_cases"], C.VISIT_MISSED: row["missed"]}


def _count_ratings(area, period, length, counts) -> dict[str, dict[int, int]]:
    """Stars by part. A case that two parties rated is one case and two ratings."""
    ratings = ratings_in(period).filter(_inside(area))
    ratings = ratings.values(part=Left("dispute__grid_unit_id", length))
    for row in ratings.annotate(rated=Count("dispute_id", distinct=True)):
        counts[row["part"]][C.RATED] = row["rated"]
    stars: dict[str, dict[int, int]] = defaultdict(dict)
    for row in ratings.values("part", "stars").annotate(size=Count("pk")):
        stars[row["part"]][row["stars"]] = row["size"]
    return stars


@dataclass(frozen=True)
class BodyTallies:
    """By code of a body, and by kind of mediation; "none" where no body led."""

    bodies: Mapping[str, Tally]
    kinds: Mapping[str, Tally]


def body_tallies(area: str, period: Period) -> BodyTallies:
    """Mediations with a result under the body that led at that moment."""
    lead = leads_then().order_by("-since", "-pk").values("body")[:1]
    ended = (
        events_in(period)
        .filter(_inside(area), EVENT_SETS[C.MEDIATED])
        .values("dispute_id", lead=Subquery(lead))
        .annotate(agreed=BoolOr(EVENT_SETS[C.AGREED]))
    )
    inner, parameters = ended.query.sql_with_params()
    sql = (
        f"WITH ended AS MATERIALIZED ({inner})"  # noqa: S608
        " SELECT coalesce(body.code, %s) AS code, coalesce(body.kind, %s) AS kind,"
        " count(DISTINCT dispute_id), count(DISTINCT dispute_id) FILTER (WHERE agreed)"
        " FROM ended LEFT JOIN incidents_mediationbody body ON body.id = ended.lead"
        " GROUP BY GROUPING SETS ((1), (2))"
    )
    parameters = (*parameters, NO_BODY, NO_BODY)
    bodies, kinds = {}, {}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for code, kind, mediated, agreed in cursor.fetchall():
            tally = Tally({C.MEDIATED: mediated, C.AGREED: agreed})
            if code is None:
                kinds[kind] = tally
            else:
                bodies[code] = tally
    return BodyTallies(bodies, kinds)


def _added(sizes: Iterable[Mapping]) -> dict:
    """Key by key."""
    total: dict = defaultdict(int)
    for found in sizes:
        for key, size in found.items():
            total[key] += size
    return dict(total)
