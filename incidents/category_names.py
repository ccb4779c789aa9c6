"""The table of categories in the language of the page."""

from dataclasses import dataclass

from grids.language import in_page_language
from incidents import codes


@dataclass(frozen=True)
class CategoryGroup:
    """A group of two digits; `members` are the code and name of each of its categories."""

    code: str
    name: str
    members: tuple[tuple[str, str], ...]


def category_groups() -> list[CategoryGroup]:
    """All groups, in the table's order; "other" is the last in each."""
    return [
        CategoryGroup(
            group,
            in_page_language(*names),
            tuple(
                (code, in_page_language(*codes.CATEGORIES[code]))
                for code in sorted(codes.CATEGORIES)
                if code.startswith(group)
            ),
        )
        for group, names in codes.CATEGORY_GROUPS.items()
    ]
