"""Figures of the first page in words. `{% load home_words %}`"""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.671 -> "67%"; a dash where there is nothing to divide by."""
    return "—" if share is None else f"{share:.0%}"


@register.filter
def change_from(now: int, before: int) -> str:
    """Difference to a week ago, with its sign in words."""
    if now == before:
        return _("与一周前相同")
    if now > before:
        return _("比一周前多 %d") % (now - before)
    return _("比一周前少 %d") % (before - now)


@register.filter
def points_from(now: float | None, before: float | None) -> str:
    """Difference of two shares in percentage points."""
    if now is None or before is None:
        return _("前一周没有可比的结案") if now is not None else _("近 7 天没有结案")
    points = round(now * 100) - round(before * 100)
    if points == 0:
        return _("与前一周相同")
    if points > 0:
        return _("比前一周高 %d 个百分点") % points
    return _("比前一周低 %d 个百分点") % -points
