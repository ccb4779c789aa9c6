"""Which disputes to look at: the same question asked by the list, the queue and the map."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.contrib.gis.geos import Polygon
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids import crs
from grids.hierarchy import level_of
from grids.language import in_page_language
from incidents.category_names import category_groups
from incidents.errors import FilterInvalid
from incidents.models.labels import LEVEL_NAMES, STATE_NAMES
from incidents.network_codes import KINDS
from incidents.querysets import DisputeQuerySet
from incidents.results.case_sets import NO_BODY, CaseSet
from incidents.results.definitions import CASE_SETS, Counted
from incidents.results.period import Period

OPEN, OVERDUE, SUPERVISED = "open", "overdue", "supervised"
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
# What a query string calls the fields that cannot have that name in Python.
PARAMETERS = {"date_from": "from", "date_to": "to"}


@dataclass(frozen=True)
class DisputeFilter:
    """Every part narrows; what is None or "" does not.

    `date_from` and `date_to` are days of the report in Guangzhou, both included. `category` is a group of two
    digits or a category of four, `state` a state, "open", "overdue" or "supervised", `area` a code of any
    level, and `bbox` (min lon, min lat, max lon, max lat) in EPSG:4326, its edge included.

    `counted` is a set of cases of the statistics (`incidents.results.definitions`) over the days from
    `counted_from` to `counted_to`, where it has them of one level, or one body or kind of mediation.
    """

    date_from: date | None = None
    date_to: date | None = None
    category: str = ""
    level: str = ""
    state: str = ""
    area: str = ""
    bbox: tuple[float, float, float, float] | None = None
    counted: str = ""
    counted_from: date | None = None
    counted_to: date | None = None
    counted_level: str = ""
    counted_body: str = ""
    counted_kind: str = ""

    def apply(self, disputes: DisputeQuerySet, now: datetime | None = None) -> DisputeQuerySet:
        """`disputes` narrowed to those that fit. `now` decides what is overdue."""
        if self.date_from:
            disputes = disputes.filter(reported_at__gte=_midnight(self.date_from))
        if self.date_to:
            disputes = disputes.filter(reported_at__lt=_midnight(self.date_to + timedelta(days=1)))
        if self.category:
            disputes = disputes.filter(category__startswith=self.category)
        if self.level:
            disputes = disputes.filter(level=self.level)
        if self.area:
            disputes = disputes.within(self.area)
        if self.bbox:
            disputes = disputes.filter(location__intersects=_box(self.bbox))
        if case_set := self.case_set():
            disputes = disputes.filter(case_set.condition(now))
        return self._of_state(disputes, now or timezone.now())

    def case_set(self) -> CaseSet | None:
        """What of the statistics is looked at. A period that is open at an end has no bound there."""
        if not self.counted:
            return None
        last = self.counted_to or LATEST - timedelta(days=1)
        return CaseSet(
            Counted(self.counted),
            Period(min(self.counted_from or EARLIEST, last), last),
            level=self.counted_level,
            body=self.counted_body,
            kind=self.counted_kind,
        )

    def _of_state(self, disputes: DisputeQuerySet, now: datetime) -> DisputeQuerySet:
        if self.state == OPEN:
            return disputes.open()
        if self.state == OVERDUE:
            return disputes.overdue(now)
        if self.state == SUPERVISED:
            return disputes.open().exclude(supervised_since=None)
        return disputes.filter(state=self.state) if self.state else disputes

    @classmethod
    def from_query(cls, query: QueryDict) -> "DisputeFilter":
        """The filter of a query string. Parameters that are not the filter's are left to others.

        Raises:
            FilterInvalid: names each parameter that cannot be read.
        """
        form = DisputeFilterForm(query)
        if not form.is_valid():
            errors = form.errors.get_json_data()
            raise FilterInvalid({PARAMETERS.get(name, name): errors[name] for name in errors})
        return form.filter()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def _box(bbox: tuple[float, float, float, float]) -> Polygon:
    box = Polygon.from_bbox(bbox)
    box.srid = crs.WGS84_SRID
    return box


def _category_choices() -> list[tuple]:
    """Groups and their categories, in the language of the page."""
    choices = [("", _("全部类别"))]
    for group in category_groups():
        choices.append((group.code, group.name))
        choices += [(code, f"— {name}") for code, name in group.members]
    return choices


# One spelling in every language: 2026-03-01.
_ISO_DAY = {
    "input_formats": ["%Y-%m-%d"],
    "widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
}
_HIDDEN_DAY = {"input_formats": ["%Y-%m-%d"], "widget": forms.HiddenInput, "required": False}
_BBOX = _("应为 西,南,东,北 四个 WGS84 度数,且西小于东、南小于北。")


class DisputeFilterForm(forms.Form):
    """The filter as a page shows it and as a query string says it."""

    date_from = forms.DateField(label=_("从"), required=False, **_ISO_DAY)
    date_to = forms.DateField(label=_("到"), required=False, **_ISO_DAY)
    category = forms.ChoiceField(label=_("类别"), choices=_category_choices, required=False)
    level = forms.ChoiceField(
        label=_("层级"), choices=[("", _("全部层级")), *LEVEL_NAMES.items()], required=False
    )
    state = forms.ChoiceField(
        label=_("状态"),
        choices=[
            ("", _("全部状态")),
            (OPEN, _("未办结")),
            (OVERDUE, _("超时")),
            (SUPERVISED, _("督办中")),
            *STATE_NAMES.items(),
        ],
        required=False,
    )
    area = forms.CharField(label=_("区域"), max_length=15, required=False)
    bbox = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    counted = forms.ChoiceField(
        choices=lambda: [("", ""), *((c.value, in_page_language(w.zh, w.en)) for c, w in CASE_SETS.items())],
        required=False,
        widget=forms.HiddenInput,
    )
    counted_from = forms.DateField(**_HIDDEN_DAY)
    counted_to = forms.DateField(**_HIDDEN_DAY)
    counted_level = forms.ChoiceField(
        choices=[("", ""), *LEVEL_NAMES.items()], required=False, widget=forms.HiddenInput
    )
    counted_body = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    counted_kind = forms.ChoiceField(
        choices=[("", ""), *((kind, names[0]) for kind, names in KINDS.items()), (NO_BODY, NO_BODY)],
        required=False,
        widget=forms.HiddenInput,
    )

    def add_prefix(self, field_name: str) -> str:
        return PARAMETERS.get(field_name, field_name)

    def clean_date_from(self) -> date | None:
        return plausible_day(self.cleaned_data["date_from"])

    def clean_date_to(self) -> date | None:
        return plausible_day(self.cleaned_data["date_to"])

    def clean_counted_from(self) -> date | None:
        return plausible_day(self.cleaned_data["counted_from"])

    def clean_counted_to(self) -> date | None:
        return plausible_day(self.cleaned_data["counted_to"])

    def clean_area(self) -> str:
        code = self.cleaned_data["area"]
        if code:
            try:
                level_of(code)
            except ValueError as error:
                raise ValidationError(_("区划代码应为 6、9、12 或 15 位数字。"), code="area") from error
        return code

    def clean_bbox(self) -> tuple[float, float, float, float] | None:
        text = self.cleaned_data["bbox"]
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError as error:
            raise ValidationError(_BBOX, code="bbox") from error
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValidationError(_BBOX, code="bbox")
        return west, south, east, north

    def clean(self) -> dict:
        cleaned = super().clean()
        for begins, ends in (("date_from", "date_to"), ("counted_from", "counted_to")):
            first, last = cleaned.get(begins), cleaned.get(ends)
            if first and last and last < first:
                self.add_error(ends, ValidationError(_("结束日期早于开始日期。"), code="order"))
        return cleaned

    def filter(self) -> DisputeFilter:
        """The filter that a valid form says."""
        return DisputeFilter(**self.cleaned_data)


def plausible_day(day: date | None) -> date | None:
    if day and not EARLIEST <= day < LATEST:
        raise ValidationError(_("日期应在 2000 年至 2099 年之间。"), code="date")
    return day
