"""Daily counts as arrays, for the analyses."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import F, Sum

from grids.hierarchy import Level
from grids.models import AreaVersion
from maps.models import DailyCount


@dataclass(frozen=True)
class CountedDays:
    """Cases of the grid units of an area by day; a row for each unit, day and category group with any.

    Attributes:
        units: codes of the units in force today, in order.
        points_m: (units, 2) a place within each, EPSG:4547.
        unit: (rows,) index into `units`.
        day: (rows,) days since `first_day`.
        category_group: (rows,) two digits.
        cases: (rows,) one or more.
    """

    units: tuple[str, ...]
    points_m: np.ndarray
    first_day: date
    unit: np.ndarray
    day: np.ndarray
    category_group: np.ndarray
    cases: np.ndarray

    def of_group(self, category_group: str) -> "CountedDays":
        chosen = self.category_group == category_group
        return CountedDays(
            self.units, self.points_m, self.first_day,
            self.unit[chosen], self.day[chosen], self.category_group[chosen], self.cases[chosen],
        )  # fmt: skip


def read_daily_counts(area_code: str, first_day: date, last_day: date) -> CountedDays:
    """What occurred in the area from `first_day` to `last_day`, as far as it was known on `last_day`.

    Disputes of units that are in force no more, and that lie in none of today's, are left out.
    """
    places = dict(
        AreaVersion.objects.current().level(Level.GRID).within(area_code)
        .annotate(place=PointOnSurface("geom_metric")).order_by("area_id").values_list("area_id", "place")
    )  # fmt: skip
    index = {code: number for number, code in enumerate(places)}
    rows = (
        DailyCount.objects.filter(
            occurred_on__range=(first_day, last_day), known_on__lte=last_day, unit__code__startswith=area_code
        )
        .values("unit_id", "occurred_on", group=F("category_group"))
        .annotate(total=Sum("cases"))
        .order_by("occurred_on", "unit_id", "group")
        .values_list("unit_id", "occurred_on", "group", "total")
    )
    found = [row for row in rows.iterator(chunk_size=20_000) if row[0] in index]
    units, days, groups, cases = zip(*found, strict=True) if found else ((), (), (), ())
    return CountedDays(
        units=tuple(places),
        points_m=np.array([place.coords for place in places.values()], dtype=float).reshape(-1, 2),
        first_day=first_day,
        unit=np.array([index[unit] for unit in units], dtype=np.int64),
        day=np.array([(day - first_day).days for day in days], dtype=np.int64),
        category_group=np.array(groups, dtype="U2"),
        cases=np.array(cases, dtype=np.int64),
    )
