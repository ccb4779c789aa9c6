"""All figures of an area over a period, read once for the page, the Excel file and the API."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from grids.area_names import area_names
from grids.hierarchy import Level, level_of
from grids.models import Area
from incidents.errors import ResultsAreaOutside
from incidents.policies import policy_book
from incidents.results.access import ResultsDuties
from incidents.results.period import Period
from incidents.results.tallies import AreaTallies, BodyTallies, Tally, area_tallies, body_tallies


@dataclass(frozen=True)
class ResultsReport:
    """`before` is the period before, `year_ago` the same a year ago, both of the whole area.

    `opens_cases` says whether the reader may see the cases behind the figures.
    """

    area: str
    names: dict[str, str]
    period: Period
    now: datetime
    opens_cases: bool
    tallies: AreaTallies
    before: Tally
    year_ago: Tally
    bodies: BodyTallies

    @property
    def area_name(self) -> str:
        return self.names.get(self.area, self.area)

    @property
    def parts(self) -> list[tuple[str, str, Tally]]:
        """Code, name and sizes of the areas just below, also of those without a case."""
        codes = sorted(set(self.names) - {self.area})
        empty = Tally({})
        return [(code, self.names[code], self.tallies.parts.get(code, empty)) for code in codes]


def read_results(
    duties: ResultsDuties, area: str, period: Period, now: datetime | None = None
) -> ResultsReport:
    """The figures of `area`. Raises ResultsAreaOutside: not one that `duties` cover."""
    if not duties.covers(area):
        raise ResultsAreaOutside(area=area)
    now, book = now or timezone.now(), policy_book()
    below = level_of(area).below or Level.GRID

    def whole(other: Period) -> Tally:
        return area_tallies(area, other, len(area), now=now, book=book).whole

    tallies = area_tallies(area, period, below.code_length, now=now, book=book)
    before = whole(period.before())
    parts = set(Area.objects.filter(parent_id=area).values_list("pk", flat=True)) | set(tallies.parts)
    return ResultsReport(
        area=area,
        names=area_names({area, *parts}),
        period=period,
        now=now,
        opens_cases=duties.sees_cases_of(area),
        tallies=tallies,
        before=before,
        year_ago=before if period.year_ago() == period.before() else whole(period.year_ago()),
        bodies=body_tallies(area, period),
    )
