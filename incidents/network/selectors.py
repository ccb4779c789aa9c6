"""What the network's pages read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Length
from django.utils import timezone

from grids.area_names import area_names
from grids.hierarchy import Level
from grids.language import in_page_language
from incidents import network_codes as tables
from incidents.codes import CATEGORIES, CATEGORY_GROUPS
from incidents.errors import BodyNotFound, MediatorNotFound
from incidents.models import CaseBody, MediationBody, Mediator
from incidents.opening_hours import is_open, write_hours

SHORTEST_AREA_CODE = 6
# From the district down, and in each place the centre first.
CENTRES_FIRST = (Length("area"), Case(When(form="centre", then=0), default=1), "code")


def bodies_with_load() -> QuerySet[MediationBody]:
    """All bodies with `open_cases`, those in which they take part now, and how many mediators they have."""
    open_cases = Count("cases", filter=Q(cases__until=None), distinct=True)
    mediators = Count("mediators", filter=Q(mediators__active=True), distinct=True)
    return MediationBody.objects.annotate(open_cases=open_cases, mediator_count=mediators).order_by("code")


def body_of(code: str) -> MediationBody:
    """Raises BodyNotFound."""
    body = bodies_with_load().filter(code=code).first() if "\0" not in code else None
    if body is None:
        raise BodyNotFound
    return body


def mediators_of(body: MediationBody) -> QuerySet[Mediator]:
    """Of one body, those in office first."""
    busy = CaseBody.objects.filter(mediator=OuterRef("pk"), until=None)
    return body.mediators.annotate(busy=Exists(busy)).order_by("-active", "-full_time", "code")


def mediator_of(code: str) -> Mediator:
    """Raises MediatorNotFound."""
    mediator = Mediator.objects.select_related("body", "user").filter(code=code).first()
    if mediator is None:
        raise MediatorNotFound
    return mediator


@dataclass(frozen=True)
class NetworkCounts:
    """The network as "2+4+N": centres of two levels, four kinds, and all bodies."""

    district_centres: int
    street_centres: int
    kinds: tuple[tuple[str, str, int], ...]  # code, name, count
    bodies: int
    mediators: int


def count_network() -> NetworkCounts:
    """Bodies in use and mediators in office."""
    rows = MediationBody.objects.filter(active=True).values_list("kind", "form", "area__level")
    kinds = Counter(kind for kind, _, _ in rows)
    centres = Counter(level for _, form, level in rows if form == "centre")
    return NetworkCounts(
        centres[Level.DISTRICT.value],
        centres[Level.STREET.value],
        tuple((code, in_page_language(*names), kinds[code]) for code, names in tables.KINDS.items()),
        sum(kinds.values()),
        Mediator.objects.filter(active=True, body__active=True).count(),
    )


@dataclass(frozen=True)
class BodyRow:
    """A body in words for one line: `open` is None where hours are not known."""

    body: MediationBody
    place: str
    kind: str
    form: str
    takes: str
    channels: list[str]
    hours: str
    open: bool | None
    full: bool


def body_rows(bodies: Iterable[MediationBody], now: datetime | None = None) -> list[BodyRow]:
    listed = list(bodies)
    moment = timezone.localtime(now)
    names = area_names(code for body in listed for code in _with_parents(body.area_id))
    return [_row(body, names, moment) for body in listed]


def _row(body: MediationBody, names: dict[str, str], moment: datetime) -> BodyRow:
    levels = [names[code] for code in _with_parents(body.area_id) if code in names]
    capacity = body.capacity
    return BodyRow(
        body,
        # The district goes without saying for what lies below it.
        " · ".join(levels[1:] or levels),
        in_page_language(*tables.KINDS[body.kind]),
        in_page_language(*tables.FORMS[body.form]),
        category_words(body.categories),
        [in_page_language(*tables.CHANNELS[channel]) for channel in body.channels],
        hours_words(body),
        is_open(body.opening_hours, moment),
        capacity is not None and body.open_cases >= capacity,
    )


def hours_words(body: MediationBody) -> str:
    """When `body` is open, in the language of the page; "" where it is not known."""
    return in_page_language(
        write_hours(body.opening_hours), write_hours(body.opening_hours, english=True)
    )


def category_words(codes: Iterable[str]) -> str:
    """Groups and categories by name; "" for none, which means all."""
    names = [
        in_page_language(*(CATEGORY_GROUPS[code] if len(code) == 2 else CATEGORIES[code])) for code in codes
    ]
    return in_page_language("、", ", ").join(names)


def _with_parents(code: str) -> list[str]:
    return [code[:length] for length in range(SHORTEST_AREA_CODE, len(code) + 1, 3)]
