"""Areas, duties and accounts for administrators. Nothing here shows a case."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from leaflet.admin import LeafletGeoAdmin
from rest_framework.authtoken.models import TokenProxy

from grids.admin_maps import BoundaryShown, around_address, around_boundary
from grids.duty_forms import DutyFormSet
from grids.errors import AreasNotImported
from grids.language import in_page_language
from grids.models import Address, Area, AreaVersion, Duty, User
from grids.services import ImportReport, redraw_area

admin.site.unregister(Group)
if admin.site.is_registered(TokenProxy):
    admin.site.unregister(TokenProxy)


class DutyInline(admin.TabularInline):
    model = Duty
    formset = DutyFormSet
    extra = 0
    autocomplete_fields = ("area",)


@admin.register(User)
class AccountAdmin(UserAdmin):
    list_display = ("username", "name", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "duties__role")
    search_fields = ("username", "name")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "name", "password")}),
        (_("权限"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "name", "password1", "password2")}),
    )
    filter_horizontal = ()
    inlines = (DutyInline,)

    def has_delete_permission(self, request, obj=None):
        # An account stands in the history of disputes: it is switched off, not deleted.
        return False


@admin.register(Duty)
class DutyAdmin(admin.ModelAdmin):
    list_display = ("user", "role", "area", "valid_from", "valid_to")
    list_filter = ("role",)
    search_fields = ("user__username", "user__name", "area__code", "area__versions__name")
    autocomplete_fields = ("user", "area")
    date_hierarchy = "valid_from"
    list_select_related = ("user", "area")


class CodeOnlyArea:
    """Areas are made by import, with their parents checked; here they are only looked up."""

    class Media:
        css = {"all": ["grids/admin_lists.css"]}

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Area)
class AreaAdmin(CodeOnlyArea, admin.ModelAdmin):
    list_display = ("code", "current_name", "level", "parent_code")
    list_filter = ("level",)
    search_fields = ("code", "versions__name")
    readonly_fields = ("code", "level", "parent")

    def get_queryset(self, request):
        in_force = AreaVersion.objects.current().filter(area=OuterRef("pk"))
        return super().get_queryset(request).annotate(current_name=Subquery(in_force.values("name")[:1]))

    @admin.display(description=_("名称"), ordering="current_name")
    def current_name(self, area: Area) -> str:
        return area.current_name or ""

    @admin.display(description=_("上级"))
    def parent_code(self, area: Area) -> str:
        return area.parent_id or ""


class RedrawForm(forms.ModelForm):
    """A new boundary or name from a day on."""

    class Meta:
        model = AreaVersion
        fields = ("name", "valid_from", "geom")
        help_texts = {"valid_from": _("从这一天起使用新的边界和名称;原来的版本保留。")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A change begins today unless said otherwise: from the old day on it would rewrite history.
        self.initial["valid_from"] = timezone.localdate()

    def clean(self):
        cleaned = super().clean()
        if not self.errors and self.has_changed():
            try:
                redraw_area(**self.redrawn(), dry_run=True)
            except AreasNotImported as refusal:
                raise ValidationError([f"{p.zh} / {p.en}" for p in refusal.report.errors]) from refusal
        return cleaned

    def redrawn(self) -> dict:
        """What the form says, as `redraw_area` takes it."""
        version = self.instance
        given = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return given | {"code": version.area_id, "schematic": version.schematic}


@admin.register(AreaVersion)
class AreaVersionAdmin(CodeOnlyArea, LeafletGeoAdmin):
    """Saving a changed boundary opens a new dated version; the old one stays as it is."""

    list_display = ("code", "name", "valid_from", "valid_to", "schematic")
    list_filter = ("area__level", "schematic", ("valid_to", admin.EmptyFieldListFilter))
    search_fields = ("area__code", "name")

    @admin.display(description=_("代码"), ordering="area_id")
    def code(self, version: AreaVersion) -> str:
        return version.area_id

    def has_change_permission(self, request, obj=None):
        # Closed versions are history.
        return super().has_change_permission(request, obj) and (obj is None or obj.valid_to is None)

    def get_fields(self, request, obj=None):
        # Who may not change a boundary sees it on a map, which `render_change_form` adds.
        shown = ("area", "name", "valid_from", "valid_to", "source")
        return RedrawForm.Meta.fields if self.has_change_permission(request, obj) else shown

    def get_form(self, request, obj=None, change=False, **kwargs):
        # The words beside the fields of a redrawing would be wrong beside a version that stays.
        form = RedrawForm if self.has_change_permission(request, obj) else forms.ModelForm
        return super().get_form(request, obj, change, **{"form": form, **kwargs})

    def render_change_form(self, request, context, obj=None, **kwargs):
        context["map_ground"] = around_boundary(obj)
        # What was saved is another version: this one is closed and cannot be continued.
        context["show_save_and_continue"] = False
        if not self.has_change_permission(request, obj):
            widget = BoundaryShown(request)
            context["boundary"] = widget.render("boundary", obj.geom, {"id": "boundary"})
            context["media"] += widget.media
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        obj.redrawing = redraw_area(**form.redrawn(), source="admin") if form.changed_data else None

    def response_change(self, request, obj):
        self._tell(request, obj.redrawing)
        return self.response_post_save_change(request, obj)

    def _tell(self, request, report: ImportReport | None) -> None:
        """What saving did, and what in it wants a second look."""
        if not (report and report.replaced):
            self.message_user(request, gettext("没有改动,未产生新版本。"), messages.INFO)
            return
        day = date_format(report.valid_from)
        self.message_user(request, gettext("已产生自 %(day)s 起的新版本。") % {"day": day}, messages.SUCCESS)
        for found in report.warnings:
            words = f"{found.code} {in_page_language(found.zh, found.en)}"
            self.message_user(request, words, messages.WARNING)


@admin.register(Address)
class AddressAdmin(LeafletGeoAdmin):
    list_display = ("text", "unit_code")
    search_fields = ("text", "unit__code")
    autocomplete_fields = ("unit",)
    fields = ("text", "unit", "location")

    def render_change_form(self, request, context, obj=None, **kwargs):
        context["map_ground"] = around_address(obj)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    @admin.display(description=_("网格"), ordering="unit_id")
    def unit_code(self, address: Address) -> str:
        return address.unit_id
