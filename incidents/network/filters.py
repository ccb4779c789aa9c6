"""Which bodies to look at: the same question asked by the page, the export and the API."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.hierarchy import Level
from grids.models.area import LEVEL_NAMES
from incidents import network_codes as tables
from incidents.codes import CATEGORIES
from incidents.errors import FilterInvalid
from incidents.models import MediationBody
from incidents.network.choices import category_choices, table_choices
from incidents.opening_hours import is_open

BODY_LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)


@dataclass(frozen=True)
class BodyFilter:
    """Every part narrows; what is "" or False does not.

    `area` takes bodies whose own area is in it. `category` takes those that take it: a body that names none
    takes all. `open_now` and `has_room` leave out those of which it is not known.
    """

    kind: str = ""
    form: str = ""
    level: str = ""
    area: str = ""
    category: str = ""
    channel: str = ""
    named: str = ""
    open_now: bool = False
    has_room: bool = False
    inactive: bool = False

    def apply(self, bodies: QuerySet[MediationBody], now: datetime | None = None) -> list[MediationBody]:
        """The bodies that fit, with `open_cases` where `bodies` has them."""
        listed = self.query(bodies)
        if self.has_room:
            listed = [body for body in listed if body.capacity is None or body.open_cases < body.capacity]
        if self.open_now:
            moment = timezone.localtime(now)
            listed = [body for body in listed if is_open(body.opening_hours, moment)]
        return list(listed)

    def query(self, bodies: QuerySet[MediationBody]) -> QuerySet[MediationBody]:
        """What the database can answer: all but `open_now` and `has_room`."""
        exact = {"kind": self.kind, "form": self.form, "area__level": self.level}
        bodies = bodies.filter(**{field: value for field, value in exact.items() if value})
        if self.area:
            bodies = bodies.filter(area__code__startswith=self.area)
        if self.category:
            bodies = bodies.filter(Q(categories=[]) | Q(categories__overlap=_within(self.category)))
        if self.channel:
            bodies = bodies.filter(channels__contains=[self.channel])
        if self.named:
            bodies = bodies.filter(Q(name__icontains=self.named) | Q(code__iexact=self.named))
        return bodies if self.inactive else bodies.filter(active=True)

    @classmethod
    def from_query(cls, query: QueryDict) -> "BodyFilter":
        """Raises FilterInvalid, which names each parameter that cannot be read."""
        form = BodyFilterForm(query)
        if not form.is_valid():
            raise FilterInvalid(form.errors.get_json_data())
        return form.filter()


def _within(category: str) -> list[str]:
    """What a body may say that takes `category`: itself, its group, or for a group any of its categories."""
    if len(category) == 2:
        return [category, *(code for code in CATEGORIES if code.startswith(category))]
    return [category, category[:2]]


class BodyFilterForm(forms.Form):
    """The filter as a page shows it and as a query string says it."""

    named = forms.CharField(label=_("名称或编号"), max_length=100, required=False)
    kind = forms.ChoiceField(
        label=_("调解类别"), choices=table_choices(tables.KINDS, _("全部类别")), required=False
    )
    form = forms.ChoiceField(
        label=_("形式"), choices=table_choices(tables.FORMS, _("全部形式")), required=False
    )
    level = forms.ChoiceField(
        label=_("层级"),
        choices=[("", _("全部层级")), *((level, LEVEL_NAMES[level]) for level in BODY_LEVELS)],
        required=False,
    )
    area = forms.RegexField(label=_("区域"), regex=r"^\d{6,15}$", required=False)
    category = forms.ChoiceField(
        label=_("受理纠纷"), choices=category_choices(_("全部类别")), required=False
    )
    channel = forms.ChoiceField(
        label=_("特色渠道"), choices=table_choices(tables.CHANNELS, _("全部渠道")), required=False
    )
    open_now = forms.BooleanField(label=_("现在开放"), required=False)
    has_room = forms.BooleanField(label=_("尚有余量"), required=False)
    inactive = forms.BooleanField(label=_("包括停用的"), required=False)

    def filter(self) -> BodyFilter:
        """The filter that a valid form says."""
        return BodyFilter(**self.cleaned_data)
