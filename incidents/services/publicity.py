"""Recording what was told to whom, and where."""

from collections.abc import Mapping

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.hierarchy import level_of
from grids.models import Area, User
from incidents.category_names import category_groups
from incidents.errors import CampaignNotYours
from incidents.filters import plausible_day
from incidents.models import Campaign, MediationBody
from incidents.results.access import ResultsDuties

MOST = 10_000_000
FIELDS = (
    "area", "place", "held_on", "topic", "category", "form", "copies", "screenings", "attendance", "body",
)  # fmt: skip


def _categories() -> list[tuple]:
    choices = [("", gettext_lazy("不对应类别"))]
    for group in category_groups():
        choices.append((group.code, group.name))
        choices += [(code, f"— {name}") for code, name in group.members]
    return choices


class CampaignForm(forms.ModelForm):
    """What a campaign needs to be recorded."""

    category = forms.ChoiceField(label=gettext_lazy("对应类别"), choices=_categories, required=False)

    class Meta:
        model = Campaign
        fields = FIELDS
        widgets = {"held_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args, areas: list[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held_on"].input_formats = ["%Y-%m-%d"]
        if areas:
            self.fields["area"] = forms.ChoiceField(label=self.fields["area"].label, choices=areas)
            codes = {code[:9] for code, _name in areas} | {code[:6] for code, _name in areas}
            near = MediationBody.objects.filter(active=True, area__in=codes | {code for code, _n in areas})
            self.fields["body"].queryset = near
        for name in ("copies", "screenings", "attendance"):
            self.fields[name].required = False
            self.fields[name].max_value = MOST

    def clean_area(self) -> Area:
        area = self.cleaned_data["area"]
        return area if isinstance(area, Area) else Area.objects.get(pk=area)

    def clean_held_on(self):
        day = plausible_day(self.cleaned_data["held_on"])
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("登记的是已经举办的活动,日期不能晚于今天。"))
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        for name in ("copies", "screenings", "attendance"):
            cleaned[name] = cleaned.get(name) or 0
            if cleaned[name] > MOST:
                self.add_error(name, _("数字过大,请核对。"))
        return cleaned


def save_campaign(
    *, user: User, given: Mapping, campaign_id: int | None = None, areas: list[tuple[str, str]]
) -> tuple[Campaign | None, CampaignForm]:
    """Record a campaign, or change the one of that number; None with the form where a field is wrong.

    Raises:
        CampaignNotYours: it is not in an area where this user works on cases.
    """
    with transaction.atomic():
        duties = ResultsDuties.of(user)
        campaign = Campaign(recorded_by=user)
        if campaign_id is not None:
            campaign = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id).first()
            if campaign is None or not may_record(duties, campaign.area_id):
                raise CampaignNotYours
        form = CampaignForm(given, instance=campaign, areas=areas)
        if not form.is_valid():
            return None, form
        if not may_record(duties, form.cleaned_data["area"].pk):
            raise CampaignNotYours
        return form.save(), form


def may_record(duties: ResultsDuties, area: str) -> bool:
    return bool(duties.cases) and duties.sees_cases_of(area) and level_of(area).code_length <= 12
