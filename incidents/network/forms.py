"""Forms of a body, a mediator and a training. They read what is typed as a table's cells are read."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from grids.language import in_page_language
from grids.models import User
from incidents import network_codes as tables
from incidents.models import MediationBody, Mediator, Training
from incidents.network import cells
from incidents.network.choices import area_choices, body_choices, category_choices, table_choices
from incidents.network.permissions import Keeping
from incidents.network.row_reading import read_place
from incidents.network.selectors import hours_words

DATUMS = [("", _("请选择")), ("wgs84", "WGS84"), ("gcj02", "GCJ-02"), ("bd09", "BD-09")]
CHOOSE = _("请选择")


class CellField(forms.CharField):
    """A text that is read by one of `incidents.network.cells`."""

    def __init__(self, *, reader: Callable[[str], Any], empty: Any = None, **options):
        self.reader, self.empty = reader, empty
        super().__init__(**options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return self.empty() if callable(self.empty) else self.empty
        try:
            return self.reader(text)
        except cells.CellWrong as wrong:
            raise ValidationError(in_page_language(wrong.zh, wrong.en), code="invalid") from None


class _Boxes(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


def _text(model: type[Model], field: str, **options) -> forms.CharField:
    return forms.CharField(max_length=model._meta.get_field(field).max_length, **options)


class KnownCodeForm(forms.Form):
    """`code` is asked for once, when what it names is new."""

    model: type[Model]
    code = CellField(label=_("编号"), reader=cells.read_code, help_text=_("字母、数字、- 和 _,以后不能修改"))

    def __init__(self, *args, known: Model | None, **options):
        super().__init__(*args, **options)
        if known is not None:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if self.model.objects.filter(code=code).exists():
            raise ValidationError(_("这个编号已被使用。"), code="unique")
        return code


class BodyForm(KnownCodeForm):
    model = MediationBody
    name = _text(MediationBody, "name", label=_("名称"))
    kind = forms.ChoiceField(label=_("调解类别"), choices=table_choices(tables.KINDS, CHOOSE))
    body_type = forms.ChoiceField(label=_("组织类型"), choices=table_choices(tables.BODY_TYPES, CHOOSE))
    form = forms.ChoiceField(label=_("形式"), choices=table_choices(tables.FORMS, CHOOSE))
    area = forms.ChoiceField(label=_("服务区域"))
    address = _text(MediationBody, "address", label=_("地址"), required=False)
    lon = forms.CharField(label=_("经度"), required=False, max_length=30)
    lat = forms.CharField(label=_("纬度"), required=False, max_length=30)
    datum = forms.ChoiceField(
        label=_("坐标系"), choices=DATUMS, required=False, help_text=_("填写经纬度时必选,不能猜测")
    )
    phone = _text(MediationBody, "phone", label=_("办公电话"), required=False)
    opening_hours = CellField(
        label=_("开放时间"), reader=cells.read_hours, empty=list, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("如:周一至周五 08:30-12:00 14:00-17:30;周六 09:00-12:00"),
    )  # fmt: skip
    capacity = CellField(
        label=_("同时办理上限"), reader=cells.read_capacity, required=False, help_text=_("件,不限则留空")
    )
    channels = _Boxes(label=_("特色渠道"), choices=table_choices(tables.CHANNELS), required=False)
    categories = _Boxes(
        label=_("受理类别"), choices=category_choices(), required=False, help_text=_("都不选表示全部受理")
    )
    related_organisations = CellField(
        label=_("利害关系单位"), reader=lambda text: cells.read_list(text, 100), empty=list, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("每行一个;涉及这些单位的纠纷会提示回避"),
    )  # fmt: skip
    active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args, keeping: Keeping, known: MediationBody | None = None, **options):
        if known is not None:
            options["initial"] = _body_initial(known)
        super().__init__(*args, known=known, **options)
        self.fields["area"].choices = [("", CHOOSE), *area_choices(keeping)]

    def clean_categories(self) -> list[str]:
        return sorted(self.cleaned_data["categories"])

    def clean(self) -> dict:
        cleaned = super().clean()
        lon, lat, datum = (cleaned.pop(name, "").strip() for name in ("lon", "lat", "datum"))
        cleaned["location"] = None
        if lon or lat:
            try:
                cleaned["location"] = read_place(lon, lat, datum)
            except cells.CellWrong as wrong:
                field = "datum" if lon and lat and not datum else "lon"
                self.add_error(field, in_page_language(wrong.zh, wrong.en))
        return cleaned


class MediatorForm(KnownCodeForm):
    model = Mediator
    name = _text(Mediator, "name", label=_("姓名"))
    body = forms.ChoiceField(label=_("所属组织"))
    background = forms.ChoiceField(label=_("身份背景"), choices=table_choices(tables.BACKGROUNDS, CHOOSE))
    full_time = forms.BooleanField(label=_("专职"), required=False)
    languages = _Boxes(label=_("语言"), choices=table_choices(tables.LANGUAGES), required=False)
    specialities = _Boxes(label=_("擅长类别"), choices=category_choices(), required=False)
    user = forms.CharField(
        label=_("账号"), max_length=150, required=False, help_text=_("用户名;没有账号则留空")
    )
    active = forms.BooleanField(label=_("在任"), required=False, initial=True)

    def __init__(self, *args, keeping: Keeping, known: Mediator | None = None, **options):
        self.known = known
        if known is not None:
            options["initial"] = _mediator_initial(known)
        super().__init__(*args, known=known, **options)
        self.fields["body"].choices = [("", CHOOSE), *body_choices(keeping)]

    def clean_languages(self) -> list[str]:
        return [code for code in tables.LANGUAGES if code in self.cleaned_data["languages"]]

    def clean_specialities(self) -> list[str]:
        return sorted(self.cleaned_data["specialities"])

    def clean_user(self) -> User | None:
        username = self.cleaned_data["user"].strip()
        if not username:
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            raise ValidationError(_("没有这个账号:请核对用户名。"), code="unknown")
        if Mediator.objects.filter(user=user).exclude(pk=self.known and self.known.pk).exists():
            raise ValidationError(_("这个账号已属于另一位调解员。"), code="taken")
        return user


class TrainingForm(forms.Form):
    held_on = forms.DateField(
        label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )  # fmt: skip
    topic = _text(Training, "topic", label=_("主题"))
    hours = CellField(label=_("学时"), reader=cells.read_study_hours)


def _body_initial(body: MediationBody) -> dict[str, Any]:
    names = (
        "name", "kind", "body_type", "form", "address", "phone", "capacity", "channels", "categories",
        "active",
    )  # fmt: skip
    place = {"lon": body.location.x, "lat": body.location.y, "datum": "wgs84"} if body.location else {}
    return {
        **{name: getattr(body, name) for name in names},
        **{name: str(value) for name, value in place.items()},
        "area": body.area_id,
        "opening_hours": hours_words(body),
        "related_organisations": "\n".join(body.related_organisations),
    }


def _mediator_initial(mediator: Mediator) -> dict[str, Any]:
    names = ("name", "background", "full_time", "languages", "specialities", "active")
    return {
        **{name: getattr(mediator, name) for name in names},
        "body": mediator.body.code,
        "user": mediator.user.username if mediator.user else "",
    }
