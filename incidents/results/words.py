"""What a set of cases is called where a list is narrowed to it."""

from grids.language import in_page_language
from incidents.models import MediationBody
from incidents.models.labels import LEVEL_NAMES
from incidents.network_codes import KINDS
from incidents.results.case_sets import NO_BODY, CaseSet
from incidents.results.definitions import CASE_SETS

NO_BODY_WORDS = ("未经调解组织", "Without a body")


def counted_words(case_set: CaseSet) -> str:
    """ "受理超时 · 网格 · 2026-03-01 – 2026-03-31"."""
    words, period = CASE_SETS[case_set.counted], case_set.period
    parts = [in_page_language(words.zh, words.en)]
    if case_set.level:
        parts.append(str(LEVEL_NAMES[case_set.level]))
    if case_set.kind:
        parts.append(kind_words(case_set.kind))
    if case_set.body:
        parts.append(body_words([case_set.body]).get(case_set.body, case_set.body))
    parts.append(f"{period.first:%Y-%m-%d} – {period.last:%Y-%m-%d}")
    return " · ".join(parts)


def kind_words(kind: str) -> str:
    return in_page_language(*(NO_BODY_WORDS if kind == NO_BODY else KINDS[kind]))


def body_words(codes) -> dict[str, str]:
    """Code -> name, also of bodies that are closed."""
    names = dict(MediationBody.objects.filter(code__in=codes).values_list("code", "name"))
    return names | {NO_BODY: in_page_language(*NO_BODY_WORDS)}
