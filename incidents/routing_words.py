"""Why a body is proposed, and what speaks against it, in words."""

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from grids.language import in_page_language
from incidents import network_codes as tables
from incidents.codes import CATEGORIES, CATEGORY_GROUPS, category_label
from incidents.models.labels import LEVEL_NAMES
from incidents.routing import Reason

WORDS = {
    "kind_first": gettext_lazy("%(kind)s最适合这类纠纷"),
    "kind_also": gettext_lazy("%(kind)s也适合这类纠纷"),
    "kind_unusual": gettext_lazy("%(kind)s一般不办这类纠纷"),
    "category_exact": gettext_lazy("专门受理“%(category)s”"),
    "category_group": gettext_lazy("受理“%(category)s”类"),
    "category_any": gettext_lazy("各类纠纷都受理"),
    "category_not_taken": gettext_lazy("受理范围不含这类纠纷"),
    "channel": gettext_lazy("特色渠道:%(channel)s"),
    "level_same": gettext_lazy("与负责层级相同(%(level)s)"),
    "level_above": gettext_lazy("在负责层级之上(%(level)s)"),
    "level_below": gettext_lazy("低于现在负责的层级(%(level)s)"),
    "near": gettext_lazy("距离 %(distance)s"),
    "far": gettext_lazy("较远:%(distance)s"),
    "place_unknown": gettext_lazy("没有登记位置,距离不明"),
    "load": gettext_lazy("在办 %(open)s 件"),
    "load_of": gettext_lazy("在办 %(open)s 件,上限 %(capacity)s 件"),
    "load_high": gettext_lazy("较忙:在办 %(open)s 件"),
    "load_full": gettext_lazy("已满:在办 %(open)s 件,上限 %(capacity)s 件"),
    "open_now": gettext_lazy("现在开放"),
    "closed_now": gettext_lazy("现在不开放"),
    "supporting": gettext_lazy("%(form)s一般协调、配合,不主办"),
    "failed_before": gettext_lazy("曾主办本案,调解不成"),
    "conflict": gettext_lazy("利害关系:与一方当事人有共同利益,应当回避"),
}


def reason_words(code: str, facts: Mapping[str, str | int]) -> str:
    """The sentence of a reason; that of an unknown code is the code."""
    return WORDS[code] % _in_words(facts) if code in WORDS else code


def worded(reasons: Iterable[Reason | Mapping]) -> list[dict]:
    """`code`, `points` and `words` of each. Also of reasons that were kept as data."""
    return [_worded(reason) for reason in reasons]


def counted(reasons: Iterable[Mapping]) -> list[Mapping]:
    """Of reasons kept as data those with points; the others were only worth knowing then."""
    return [reason for reason in reasons if reason["points"]]


def distance_words(metres: int) -> str:
    """ "320 米", "1.4 公里"."""
    if metres < 1000:
        return _("%(n)s 米") % {"n": metres}
    return _("%(n)s 公里") % {"n": f"{metres / 1000:.1f}"}


def category_name(code: str) -> str:
    """A group or a category by its code."""
    if code in CATEGORIES:
        return category_label(code, get_language() or "zh-hans")
    return in_page_language(*CATEGORY_GROUPS[code]) if code in CATEGORY_GROUPS else code


def _worded(reason: Reason | Mapping) -> dict:
    if isinstance(reason, Reason):
        reason = {"code": reason.code, "points": reason.points, "facts": reason.facts}
    return {
        "code": reason["code"],
        "points": reason["points"],
        "words": reason_words(reason["code"], reason["facts"]),
    }


def _in_words(facts: Mapping[str, str | int]) -> dict[str, str | int]:
    """`facts` with codes as names, and the distance beside its metres."""
    words = dict(facts)
    for name, table in (("kind", tables.KINDS), ("form", tables.FORMS), ("channel", tables.CHANNELS)):
        if name in words:
            words[name] = in_page_language(*table[words[name]])
    if "level" in words:
        words["level"] = LEVEL_NAMES[words["level"]]
    if "category" in words:
        words["category"] = category_name(words["category"])
    if "metres" in words:
        words["distance"] = distance_words(words["metres"])
    return words
