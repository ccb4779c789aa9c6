"""Disputes as CSV, Excel and GeoPackage, a million of them too: read and written batch by batch.

A file says what its reader may see on the pages, but for parties and descriptions, which never leave:
a description may name people.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from grids import crs
from grids.area_names import area_names
from grids.hierarchy import Level
from grids.language import in_page_language
from grids.models import Area, User
from incidents import codes
from incidents.errors import ExportNotAllowed
from incidents.filters import DisputeFilter
from incidents.models import Dispute
from incidents.models.labels import LEVEL_NAMES, STATE_NAMES
from incidents.permissions import CaseDuties
from incidents.querysets import DisputeQuerySet
from incidents.sheets import Sheet, csv_lines, write_xlsx

BATCH = 5_000
LAYER = "disputes"
# A worksheet has 1,048,576 rows; the next sheet goes on.
SHEET_ROWS = 1_000_000

_FIELDS = (
    "case_number",
    "title",
    "category",
    "scale",
    "risk",
    "state",
    "level",
    "grid_unit_id",
    "address_text",
    "people_involved",
    "source",
    "occurred_at",
    "reported_at",
    "due_at",
    "ended_at",
    "assigned_to__name",
    "lead_body__name",
    "injury_or_threat",
    "amount_yuan",
    "location",
)

Row = tuple[object, ...]


@dataclass(frozen=True)
class Names:
    """Words in the reader's language, made once for a file."""

    areas: dict[str, str]
    states: dict[str, str]
    levels: dict[str, str]
    categories: dict[str, str]
    scales: dict[str, str]
    risks: dict[str, str]
    sources: dict[str, str]

    @classmethod
    def read(cls, language: str) -> "Names":
        return cls(
            areas=_AllAreaNames(),
            states={state: str(name) for state, name in STATE_NAMES.items()},
            levels={level: str(name) for level, name in LEVEL_NAMES.items()},
            categories={code: codes.category_label(code, language) for code in codes.CATEGORIES},
            **{
                name: {code: in_page_language(*names) for code, names in table.items()}
                for name, table in (
                    ("scales", codes.SCALES),
                    ("risks", codes.RISKS),
                    ("sources", codes.SOURCES),
                )
            },
        )


class _AllAreaNames(dict):
    """Names by code, all read when the first is asked for: there are some two thousand."""

    def __missing__(self, code: str) -> str:
        if not self:
            self.update(area_names(Area.objects.values_list("pk", flat=True)))
        return self.setdefault(code, code)


def disputes_to_export(user: User, wanted: DisputeFilter) -> DisputeQuerySet:
    """What `user` may take away of what fits `wanted`.

    Raises:
        ExportNotAllowed: they work on no cases.
    """
    if not CaseDuties.of(user).held:
        raise ExportNotAllowed
    return wanted.apply(Dispute.objects.visible_to(user)).order_by("reported_at", "id")


def headings() -> list[str]:
    return [
        _("案号"),
        _("标题"),
        _("类别"),
        _("规模"),
        _("风险"),
        _("状态"),
        _("层级"),
        _("街道"),
        _("社区"),
        _("网格"),
        _("网格代码"),
        _("地址"),
        _("涉及人数"),
        _("来源"),
        _("发生时间"),
        _("上报时间"),
        _("办理期限"),
        _("办结时间"),
        _("承办人"),
        _("主办调解组织"),
        _("有人受伤或受到威胁"),
        _("涉及金额(元)"),
        _("经度(WGS84)"),
        _("纬度(WGS84)"),
    ]


def export_rows(disputes: DisputeQuerySet, names: Names) -> Iterator[Row]:
    """One row for each dispute, in the order of `headings`; times are naive, in Guangzhou."""
    for values in disputes.values_list(*_FIELDS).iterator(chunk_size=BATCH):
        yield _row(values, names)


def _row(values: tuple, names: Names) -> Row:
    (
        number,
        title,
        category,
        scale,
        risk,
        state,
        level,
        unit,
        address,
        people,
        source,
        occurred_at,
        reported_at,
        due_at,
        ended_at,
        assignee,
        body,
        injury,
        amount,
        location,
    ) = values
    street, community = unit[: Level.STREET.code_length], unit[: Level.COMMUNITY.code_length]
    return (
        number,
        title,
        names.categories[category],
        names.scales[scale],
        names.risks[risk],
        names.states[state],
        names.levels[level],
        names.areas[street],
        names.areas[community],
        names.areas[unit],
        unit,
        address,
        people,
        names.sources[source],
        _local(occurred_at),
        _local(reported_at),
        _local(due_at),
        _local(ended_at),
        assignee or "",
        body or "",
        _("是") if injury else _("否"),
        amount,
        location.x,
        location.y,
    )


def _local(moment: datetime | None) -> datetime | None:
    return moment and timezone.localtime(moment).replace(tzinfo=None, microsecond=0)


def csv_of(disputes: DisputeQuerySet, names: Names) -> Iterator[bytes]:
    """The file in pieces, as it is read: nothing of it is kept."""
    return csv_lines(headings(), export_rows(disputes, names))


def write_excel(path: Path, rows: Iterable[Row], progress: Callable[[int], None]) -> None:
    """A workbook at `path`, further sheets where one is full."""
    with path.open("wb") as file:
        write_xlsx(file, _sheets(_counted(rows, progress)))


def _sheets(rows: Iterator[Row]) -> Iterator[Sheet]:
    number = 0
    while True:
        first = next(rows, None)
        if first is None and number:
            return
        number += 1
        some = islice(rows, SHEET_ROWS - 1)
        title = _("纠纷") if number == 1 else f"{_('纠纷')} {number}"
        yield Sheet(title, headings(), _with_first(first, some))
        if first is None:
            return


def _with_first(first: Row | None, rest: Iterable[Row]) -> Iterator[Row]:
    if first is not None:
        yield first
        yield from rest


def write_geopackage(path: Path, rows: Iterable[Row], progress: Callable[[int], None]) -> None:
    """A layer of points in WGS84 at `path`, written batch by batch."""
    names, counted = headings(), _counted(rows, progress)
    numbers = [names.index(_("涉及人数"))]
    appending = False
    while batch := list(islice(counted, BATCH)):
        columns = list(zip(*batch, strict=True))
        points = shapely.points(np.array(columns[-2], float), np.array(columns[-1], float))
        _append(path, names, columns, numbers, shapely.to_wkb(points), appending)
        appending = True
    if not appending:
        _append(path, names, [()] * len(names), numbers, np.array([], object), False)


def _append(
    path: Path, names: list[str], columns: list[tuple], numbers: list[int], points, append: bool
) -> None:
    data = [
        np.array(column, np.int32)
        if index in numbers
        else np.array([_text(value) for value in column], object)
        for index, column in enumerate(columns)
    ]
    pyogrio.raw.write(
        path,
        points,
        data,
        np.array(names, object),
        layer=LAYER,
        driver="GPKG",
        geometry_type="Point",
        crs=f"EPSG:{crs.WGS84_SRID}",
        append=append,
    )


def _text(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def _counted(rows: Iterable[Row], progress: Callable[[int], None]) -> Iterator[Row]:
    for done, row in enumerate(rows, start=1):
        yield row
        if not done % BATCH:
            progress(done)
