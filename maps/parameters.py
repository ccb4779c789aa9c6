"""What the address of a map says: the area, how it is divided, the part on screen, and the filter."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grids.hierarchy import Level
from grids.models import User
from incidents.errors import FilterInvalid
from incidents.filters import DisputeFilter
from maps.screen import MAX_ZOOM, MIN_ZOOM, Box, Screen
from maps.selectors import Ground, look_at

MEASURES = ("count", "per_km2")


class MapForm(forms.Form):
    by = forms.ChoiceField(required=False, choices=[(level.value, level.value) for level in Level])
    measure = forms.ChoiceField(required=False, choices=[(measure, measure) for measure in MEASURES])
    # "0" leaves a layer out.
    heat = forms.ChoiceField(required=False, choices=[("0", "0"), ("1", "1")])
    points = forms.ChoiceField(required=False, choices=[("0", "0"), ("1", "1")])
    zoom = forms.FloatField(required=False, min_value=MIN_ZOOM, max_value=MAX_ZOOM)


@dataclass(frozen=True)
class MapQuestion:
    """What is asked of the map, by somebody who may look at this ground.

    `measure` is what shades the areas; `heat` and `points` say whether these are wanted and theirs to see.
    """

    user: User
    ground: Ground
    by: Level
    chosen: DisputeFilter
    screen: Screen | None
    measure: str
    heat: bool
    points: bool


def read_question(user: User, query: QueryDict) -> MapQuestion:
    """The question in the query string of an address.

    Raises:
        FilterInvalid: a parameter cannot be read.
        MapsError, AreaUnknown: the area is not theirs, or there is none.
    """
    form = MapForm(query)
    if not form.is_valid():
        raise FilterInvalid(errors=form.errors.get_json_data())
    chosen = DisputeFilter.from_query(query)
    ground = look_at(user, chosen.area)
    return MapQuestion(
        user=user,
        ground=ground,
        by=_division(ground, form.cleaned_data["by"]),
        chosen=chosen,
        screen=_screen(chosen, form.cleaned_data["zoom"]),
        measure=form.cleaned_data["measure"] or MEASURES[0],
        heat=ground.shows_cases and form.cleaned_data["heat"] != "0",
        points=ground.shows_cases and form.cleaned_data["points"] != "0",
    )


def required_screen(question: MapQuestion) -> Screen:
    """The part on screen, for layers that depend on it.

    Raises:
        FilterInvalid: `bbox` or `zoom` is missing, or together they are larger than a screen.
    """
    screen = question.screen
    if screen is None:
        raise FilterInvalid(errors=_error("bbox", _("请给出 bbox(西,南,东,北)和 zoom。"), "required"))
    if not screen.fits:
        raise FilterInvalid(errors=_error("bbox", _("范围比屏幕大:请缩小 bbox 或减小 zoom。"), "too_large"))
    return screen


def _division(ground: Ground, wanted: str) -> Level:
    if not wanted:
        return ground.divisions[0]
    if Level(wanted) not in ground.divisions:
        raise FilterInvalid(errors=_error("by", _("这个区域不能这样划分。"), "invalid"))
    return Level(wanted)


def _screen(chosen: DisputeFilter, zoom: float | None) -> Screen | None:
    return Screen(Box(*chosen.bbox), zoom) if chosen.bbox and zoom is not None else None


def _error(field: str, message: str, code: str) -> dict:
    return {field: [{"message": str(message), "code": code}]}
