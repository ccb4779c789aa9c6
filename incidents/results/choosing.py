"""What a reader chose: the area and the period, from an address's query."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.errors import FilterInvalid
from incidents.filters import plausible_day
from incidents.results.period import Period, month_of, quarter_of

PARAMETERS = {"first": "from", "last": "to"}
USUAL_DAYS = 30
_ISO_DAY = {
    "input_formats": ["%Y-%m-%d"],
    "widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    "required": False,
}


class PeriodForm(forms.Form):
    """From and to; the last 30 days where none is said."""

    first = forms.DateField(label=_("从"), **_ISO_DAY)
    last = forms.DateField(label=_("到"), **_ISO_DAY)

    def add_prefix(self, field_name: str) -> str:
        return PARAMETERS.get(field_name, field_name)

    def clean_first(self) -> date | None:
        return plausible_day(self.cleaned_data["first"])

    def clean_last(self) -> date | None:
        return plausible_day(self.cleaned_data["last"])

    def clean(self) -> dict:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", forms.ValidationError(_("结束日期早于开始日期。"), code="order"))
        return cleaned

    def period(self, today: date) -> Period:
        """The period that a valid form says."""
        last = self.cleaned_data["last"] or max(today, self.cleaned_data["first"] or today)
        return Period(self.cleaned_data["first"] or last - timedelta(days=USUAL_DAYS - 1), last)

    @classmethod
    def read(cls, query, today: date) -> Period:
        """Raises FilterInvalid: names each parameter that cannot be read."""
        form = cls(query)
        if not form.is_valid():
            errors = form.errors.get_json_data()
            raise FilterInvalid({PARAMETERS.get(name, name): errors[name] for name in errors})
        return form.period(today)


def usual_periods(today: date) -> list[tuple[str, Period]]:
    this_month, this_quarter = month_of(today), quarter_of(today)
    return [
        (_("近 30 天"), Period(today - timedelta(days=USUAL_DAYS - 1), today)),
        (_("本月"), this_month),
        (_("上月"), this_month.before()),
        (_("本季度"), this_quarter),
        (_("上季度"), this_quarter.before()),
        (_("今年"), Period(today.replace(month=1, day=1), today.replace(month=12, day=31))),
        (_("去年"), Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))),
    ]
