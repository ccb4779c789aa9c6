"""Choices of the network's forms, in the language of the page."""

from collections.abc import Callable, Iterable, Mapping

from grids.area_names import area_names
from grids.language import in_page_language
from grids.models import Area
from incidents.category_names import category_groups
from incidents.models import MediationBody
from incidents.network.permissions import Keeping

Choices = list[tuple[str, str]]
COMMUNITY_CODE_LENGTH = 12
INDENT = "\u3000"


def table_choices(table: Mapping[str, tuple[str, str]], none: str | None = None) -> Callable[[], Choices]:
    """The code table; before it what stands for no choice, where `none` says so."""
    first = [] if none is None else [("", none)]
    return lambda: [*first, *((code, in_page_language(*names)) for code, names in table.items())]


def category_choices(none: str | None = None) -> Callable[[], Choices]:
    """Groups and their categories."""

    def listed() -> Choices:
        found = [] if none is None else [("", none)]
        for group in category_groups():
            found.append((group.code, group.name))
            found += [(code, f"{INDENT}{name}") for code, name in group.members]
        return found

    return listed


def area_choices(keeping: Keeping) -> Choices:
    """Areas within which bodies may be kept, down to the community, indented below their parents."""
    codes = [
        code
        for code in Area.objects.order_by("code").values_list("code", flat=True)
        if len(code) <= COMMUNITY_CODE_LENGTH and keeping.covers(code)
    ]
    names = area_names(codes)
    return [(code, INDENT * (len(code) // 3 - 2) + names[code]) for code in codes if code in names]


def street_choices(codes: Iterable[str]) -> Choices:
    names = area_names(codes)
    return sorted(names.items())


def body_choices(keeping: Keeping) -> Choices:
    """Bodies that may be kept, by code and name."""
    bodies = MediationBody.objects.order_by("code").values_list("code", "name", "area_id")
    return [(code, f"{name} {code}") for code, name, area in bodies if keeping.covers(area)]
