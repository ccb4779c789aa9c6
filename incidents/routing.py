"""Which mediation body suits a case, why, and what speaks against it. Pure; a person decides.

Points for and against are added up: docs/routing.md lists them. It scores what a body is made for, where it
is and how busy it is now, never how its mediators did.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from math import ceil, hypot, inf

from grids.hierarchy import Level, level_of
from incidents.network_codes import FORCES
from incidents.routing_table import fit_of

# In metres, easting and northing of one projection.
Place = tuple[float, float]

# These organise and coordinate, or notarise: they are called in rather than put in charge.
SUPPORTING_FORMS = frozenset({"centre", "notary_office"})
# A shorter name inside another says nothing: "广州" is in half of all company names.
SHORTEST_PART = 4


@dataclass(frozen=True)
class RoutingPoints:
    """What everything counts. `distance` and `load` are the most, next door and with no open case."""

    kind_first: int = 30
    kind_also: int = 18
    kind_unusual: int = -10
    category_exact: int = 25
    category_group: int = 15
    category_any: int = 5
    category_not_taken: int = -40
    channel: int = 30
    level_same: int = 20
    level_one_above: int = 12
    level_two_above: int = 4
    level_below: int = -15
    distance: int = 20
    load: int = 10
    load_full: int = -25
    open_now: int = 5
    supporting: int = -20
    failed_before: int = -30
    conflict: int = -100


POINTS = RoutingPoints()
METRES_PER_POINT = 150


@dataclass(frozen=True)
class CaseFacts:
    """What the rule looks at. `unit` is the code of the grid unit where it happened, `level` who has it now.

    `party_organisations` are names among the parties, only compared and never given back. `channels` are
    asked for besides those of the category. `failed_bodies` led a mediation of this case that failed.
    """

    category: str
    level: Level
    unit: str
    place: Place
    party_organisations: frozenset[str] = frozenset()
    failed_bodies: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class BodyFacts:
    """A mediation body as it is now. `categories` empty is all, `capacity` None no limit.

    `open_now` is None where its hours are not known.
    """

    code: str
    kind: str
    form: str
    area: str
    categories: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    place: Place | None = None
    capacity: int | None = None
    open_cases: int = 0
    related_organisations: frozenset[str] = frozenset()
    active: bool = True
    open_now: bool | None = None


@dataclass(frozen=True)
class Reason:
    """What counted `points`: a stable `code`, `facts` to put into its sentence. Names nobody."""

    code: str
    points: int
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A body with what speaks for it (`reasons`) and `against` it; `points` is the sum of both."""

    code: str
    points: int
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    distance_m: int | None

    @property
    def conflict(self) -> bool:
        """Whether it shares an interest with a party."""
        return any(reason.code == "conflict" for reason in self.against)

    def as_data(self) -> list[dict]:
        """All that counted, for keeping with the choice."""
        return [asdict(reason) for reason in (*self.reasons, *self.against)]


def propose_bodies(
    case: CaseFacts, bodies: Iterable[BodyFacts], points: RoutingPoints = POINTS
) -> tuple[Proposal, ...]:
    """The bodies that may take `case`, best first; one in conflict of interest behind all without.

    Left out are those that are not active and those whose area does not hold the case's place.
    Equal points are ordered by distance, then by code, so that the order is the same each time.
    """
    proposals = [_propose(case, body, points) for body in bodies if serves(case, body)]
    return tuple(sorted(proposals, key=_order))


def serves(case: CaseFacts, body: BodyFacts) -> bool:
    """Whether `body` works where the case is."""
    return body.active and case.unit.startswith(body.area)


def nearest_forces(proposals: Iterable[Proposal], forms: Mapping[str, str]) -> dict[str, str | None]:
    """For each of the three forces of a joint mediation the code of the nearest, None where there is none.

    `forms` gives the form of each body by code. Where no distance is known the better proposal is taken.
    """
    nearest: dict[str, str | None] = dict.fromkeys(FORCES)
    for proposal in sorted(proposals, key=lambda p: (p.conflict, _distance(p), *_order(p))):
        form = forms[proposal.code]
        if form in nearest and nearest[form] is None:
            nearest[form] = proposal.code
    return nearest


def shares_interest(names: Iterable[str], related: Iterable[str]) -> bool:
    """Whether one of `names` is one of `related`, or holds its name or is held in it ("某某物业" and
    "某某物业服务有限公司"). Width of characters and spaces do not matter.
    """
    related = {_plain(name) for name in related}
    return any(_same(_plain(name), other) for name in names for other in related)


def _propose(case: CaseFacts, body: BodyFacts, points: RoutingPoints) -> Proposal:
    metres = None if body.place is None else round(_metres(case.place, body.place))
    found = (
        *_by_kind(case, body, points),
        *_by_category(case, body, points),
        *_by_channel(case, body, points),
        *_by_level(case, body, points),
        *_by_distance(metres, points),
        *_by_load(body, points),
        *_by_hours(body, points),
        *_doubts(case, body, points),
    )
    # What counts nothing and yet is worth knowing speaks against.
    reasons = tuple(reason for reason in found if reason.points > 0)
    against = tuple(reason for reason in found if reason.points <= 0)
    return Proposal(body.code, sum(reason.points for reason in found), reasons, against, metres)


def _order(proposal: Proposal) -> tuple:
    return (proposal.conflict, -proposal.points, _distance(proposal), proposal.code)


def _distance(proposal: Proposal) -> float:
    return inf if proposal.distance_m is None else proposal.distance_m


def _by_kind(case: CaseFacts, body: BodyFacts, points: RoutingPoints) -> Iterator[Reason]:
    kinds = fit_of(case.category).kinds
    facts = {"kind": body.kind}
    if body.kind == kinds[0]:
        yield Reason("kind_first", points.kind_first, facts)
    elif body.kind in kinds:
        yield Reason("kind_also", points.kind_also, facts)
    else:
        yield Reason("kind_unusual", points.kind_unusual, facts)


def _by_category(case: CaseFacts, body: BodyFacts, points: RoutingPoints) -> Iterator[Reason]:
    if not body.categories:
        yield Reason("category_any", points.category_any)
    elif case.category in body.categories:
        yield Reason("category_exact", points.category_exact, {"category": case.category})
    elif case.category[:2] in body.categories:
        yield Reason("category_group", points.category_group, {"category": case.category[:2]})
    else:
        yield Reason("category_not_taken", points.category_not_taken, {"category": case.category})


def _by_channel(case: CaseFacts, body: BodyFacts, points: RoutingPoints) -> Iterator[Reason]:
    shared = (case.channels | fit_of(case.category).channels) & body.channels
    if shared:
        yield Reason("channel", points.channel, {"channel": min(shared)})


def _by_level(case: CaseFacts, body: BodyFacts, points: RoutingPoints) -> Iterator[Reason]:
    level = level_of(body.area)
    above = level.rank - case.level.rank
    facts = {"level": level.value}
    if above < 0:
        # The case went up because it was too much for that level.
        yield Reason("level_below", points.level_below, facts)
    elif above == 0:
        yield Reason("level_same", points.level_same, facts)
    elif above == 1:
        yield Reason("level_above", points.level_one_above, facts)
    elif above == 2:
        yield Reason("level_above", points.level_two_above, facts)


def _by_distance(metres: int | None, points: RoutingPoints) -> Iterator[Reason]:
    if metres is None:
        yield Reason("place_unknown", 0)
        return
    counted = max(0, points.distance - metres // METRES_PER_POINT)
    yield Reason("near" if counted else "far", counted, {"metres": metres})


def _by_load(body: BodyFacts, points: RoutingPoints) -> Iterator[Reason]:
    if body.capacity is None:
        counted = max(0, points.load - body.open_cases)
        yield Reason("load" if counted else "load_high", counted, {"open": body.open_cases})
        return
    facts = {"open": body.open_cases, "capacity": body.capacity}
    free = body.capacity - body.open_cases
    if free <= 0:
        yield Reason("load_full", points.load_full, facts)
    else:
        yield Reason("load_of", ceil(points.load * free / body.capacity), facts)


def _by_hours(body: BodyFacts, points: RoutingPoints) -> Iterator[Reason]:
    if body.open_now is not None:
        yield Reason("open_now", points.open_now) if body.open_now else Reason("closed_now", 0)


def _doubts(case: CaseFacts, body: BodyFacts, points: RoutingPoints) -> Iterator[Reason]:
    if body.form in SUPPORTING_FORMS:
        yield Reason("supporting", points.supporting, {"form": body.form})
    if body.code in case.failed_bodies:
        yield Reason("failed_before", points.failed_before)
    if shares_interest(case.party_organisations, body.related_organisations):
        # Which party it is stays untold: many see a proposal who may not see the parties.
        yield Reason("conflict", points.conflict)


def _metres(one: Place, other: Place) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _same(one: str, other: str) -> bool:
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    return shorter == longer or len(shorter) >= SHORTEST_PART and shorter in longer
