"""Codes and times of a dispute as people read them. `{% load dispute_words %}`"""

from datetime import datetime

from django import template
from django.forms import BoundField, Select
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from grids.language import in_page_language
from incidents import codes
from incidents.time_words import time_ago, time_left

register = template.Library()

# The colour's meaning, so that it never stands alone.
RISK_WORDS = {
    "red": gettext_lazy("红 · 重大复杂"),
    "orange": gettext_lazy("橙 · 可能激化"),
    "yellow": gettext_lazy("黄 · 常见"),
    "blue": gettext_lazy("蓝 · 潜在"),
}


@register.filter
def category_words(code: str) -> str:
    """ "邻里 · 相邻污染" for "0203"."""
    return codes.category_label(code, get_language() or "zh-hans")


@register.filter
def scale_words(code: str) -> str:
    """ "个体性" for "01"."""
    return in_page_language(*codes.SCALES[code])


@register.filter
def source_words(code: str) -> str:
    """ "网格员巡查" for "patrol"."""
    return in_page_language(*codes.SOURCES[code])


@register.filter
def found_by_words(code: str) -> str:
    """ "手机定位" for "device"."""
    return in_page_language(*codes.FOUND_BY[code])


@register.filter
def risk_badge(colour: str) -> SafeString:
    """The colour with its name and meaning: `red` is "红 · 重大复杂"."""
    return format_html('<span class="risk risk-{}">{}</span>', colour, RISK_WORDS[colour])


@register.filter
def styled(field: BoundField) -> SafeString:
    """A form's field in Bootstrap's look."""
    select = isinstance(field.field.widget, Select)
    return field.as_widget(attrs={"class": "form-select" if select else "form-control"})


@register.filter
def moment(when: datetime) -> SafeString:
    """<time> with "3 天前" or the date, and the exact time on hover."""
    local = timezone.localtime(when)
    words = time_ago(when, timezone.now()) or f"{local:%Y-%m-%d}"
    return _time_element(when, words)


@register.filter
def exact_moment(when: datetime) -> SafeString:
    """<time> with date and minute, "3 天前" on hover."""
    exact = f"{timezone.localtime(when):%Y-%m-%d %H:%M}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        timezone.localtime(when).isoformat(timespec="seconds"),
        time_ago(when, timezone.now()) or exact,
        exact,
    )


@register.filter
def due_words(due_at: datetime | None) -> SafeString | str:
    """ "剩 2 小时", "超 1 天" with the exact time on hover; nothing where no clock runs."""
    if due_at is None:
        return _("不计时")
    now = timezone.now()
    css = "is-overdue" if due_at < now else ""
    return _time_element(due_at, time_left(due_at, now), css)


def _time_element(when: datetime, words: str, css: str = "") -> SafeString:
    local = timezone.localtime(when)
    return format_html(
        '<time class="nowrap {}" datetime="{}" title="{}">{}</time>',
        css, local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M}", words,
    )
