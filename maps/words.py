"""A filter in words, for people who see the map without its form."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grids.language import in_page_language
from incidents import codes
from incidents.filters import OPEN, OVERDUE, DisputeFilter
from incidents.models.labels import LEVEL_NAMES, STATE_NAMES


def period_words(chosen: DisputeFilter) -> str:
    """The days of the report that are counted."""
    first, last = chosen.date_from, chosen.date_to
    if first and last:
        return _("%(first)s 至 %(last)s") % {"first": first, "last": last}
    if first:
        return _("%(first)s 以来") % {"first": first}
    if last:
        return _("截至 %(last)s") % {"last": last}
    return _("全部时间")


def kind_words(chosen: DisputeFilter) -> list[str]:
    """What else narrows the count, an entry for each."""
    states = {**STATE_NAMES, OPEN: _("未办结"), OVERDUE: _("超时")}
    words = [
        category_words(chosen.category) if chosen.category else "",
        _("层级:%(level)s") % {"level": LEVEL_NAMES[chosen.level]} if chosen.level else "",
        _("状态:%(state)s") % {"state": states[chosen.state]} if chosen.state else "",
    ]
    return [each for each in words if each]


def category_words(code: str) -> str:
    """Name of a category of four digits or of a group of two."""
    if len(code) == 2:
        return in_page_language(*codes.CATEGORY_GROUPS[code])
    return codes.category_label(code, get_language() or "")
