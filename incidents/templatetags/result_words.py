"""Figures in words. `{% load result_words %}`"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from incidents.results.cells import Cell
from incidents.results.definitions import SMALLEST

register = template.Library()


@register.filter
def figure(cell: Cell) -> str:
    """ "67.1%", "3.2 天", "4.6", "12"; "少于 5" for what is masked, a dash for nothing."""
    if cell.masked:
        return _("少于 %d") % SMALLEST if cell.kind in ("count", "mean") else "*"
    if cell.value is None:
        return "—"
    match cell.kind:
        case "share":
            return f"{cell.value:.1%}"
        case "days":
            return _("%.1f 天") % cell.value
        case "mean":
            return f"{cell.value:.1f}"
    return str(cell.value)


@register.simple_tag
def bar(share: float | None) -> SafeString | str:
    """A share as a bar, for the eye only: the number stands beside it."""
    if share is None:
        return ""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-all" width="100" height="8"/><rect class="bar-part" width="{}" height="8"/></svg>',
        f"{100 * share:.1f}",
    )


@register.filter
def points_since(now: Cell, before: Cell) -> str:
    """The change since another period, in words: "比上一期高 2.1 个百分点"."""
    if now.value is None or before.value is None:
        return _("上一期没有可比的数")
    scale = 100 if now.kind == "share" else 1
    change = round(now.value * scale, 1) - round(before.value * scale, 1)
    if abs(change) < 0.05:
        return _("与上一期相同")
    words = {
        ("share", True): _("比上一期高 %.1f 个百分点"),
        ("share", False): _("比上一期低 %.1f 个百分点"),
        ("days", True): _("比上一期多 %.1f 天"),
        ("days", False): _("比上一期少 %.1f 天"),
    }
    return words[now.kind, change > 0] % abs(change)
