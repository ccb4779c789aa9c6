"""The report page: a shell that is the same for everybody, so that the phone may keep it.

Nothing in it is about a person: who is at this phone, their areas and their reports come as JSON and are kept
encrypted. The report itself goes to the API, so that page and programs send the same thing.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from grids.language import in_page_language
from grids.pinyin import syllables_of
from incidents import codes
from incidents.category_names import CategoryGroup, category_groups
from incidents.category_words import CATEGORY_WORDS
from incidents.report import MOST_PEOPLE
from incidents.templatetags.dispute_words import category_words

# Offered until the worker has chosen some of their own: what grid workers are called to most.
COMMON_CATEGORIES = ("0203", "0201", "0402", "0101", "0602", "0701")


@require_safe
@gzip_page
def report(request: HttpRequest) -> HttpResponse:
    """The shell, smaller on its way. It holds no secret that its size could tell (BREACH)."""
    return shell(request)


@cache_control(no_cache=True)
def shell(request: HttpRequest) -> HttpResponse:
    """The form, filled in on a phone. For everybody: the page itself asks who may report."""
    context = {
        "categories": category_choices(),
        "common": [_category_choice(group, code, name) for group, code, name in _common()],
        "scales": [(code, in_page_language(*names)) for code, names in codes.SCALES.items()],
        "sources": [(code, in_page_language(*names)) for code, names in codes.SOURCES.items()],
        "party_roles": [_("申请人"), _("被申请人"), _("其他当事人")],
        "most_people": MOST_PEOPLE,
        "send_timeout_ms": settings.GRIDGOV_SEND_TIMEOUT_S * 1000,
        "gcj02_browsers": settings.GRIDGOV_GCJ02_BROWSERS,
    }
    return render(request, "incidents/report.html", context)


def category_choices() -> list[tuple[str, list[dict[str, str]]]]:
    """Groups with their categories: code, name, both in words, what finds them in a search, the title."""
    return [
        (group.name, [_category_choice(group, code, name) for code, name in group.members])
        for group in category_groups()
    ]


def _category_choice(group: CategoryGroup, code: str, name: str) -> dict[str, str]:
    other = code.endswith("99")
    # By ear one types Chinese, whatever the page's language.
    spoken = (codes.CATEGORY_GROUPS[code[:2]][0] if other else codes.CATEGORIES[code][0], *_everyday(code))
    return {
        "code": code,
        "name": name,
        "words": category_words(code),
        "everyday": " ".join(_everyday(code)),
        "pinyin": "|".join(syllables_of(word) for word in spoken if not word.isascii()),
        "title": _("%s纠纷") % (group.name if other else name),
    }


def _everyday(code: str) -> tuple[str, ...]:
    return CATEGORY_WORDS.get(code, ())


def _common() -> list[tuple[CategoryGroup, str, str]]:
    members = {code: (group, code, name) for group in category_groups() for code, name in group.members}
    return [members[code] for code in COMMON_CATEGORIES]
