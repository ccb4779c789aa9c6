"""When a case may be about the same thing as one that is being reported. Pure.

The phone asks the same of what it holds when there is no network (reporting/similar.js).
"""

from datetime import timedelta

# People of one stairwell stand this far apart at most, also by a poor position.
SIMILAR_M = 200
SIMILAR_DAYS = 30
SIMILAR_FOR = timedelta(days=SIMILAR_DAYS)
MOST_SIMILAR = 5


def category_group(category: str) -> str:
    """The group of `category`, its first two digits."""
    return category[:2]


def same_kind(category: str, other: str) -> bool:
    """Whether two categories are of one group: who reports in a hurry picks a neighbouring one."""
    return category_group(category) == category_group(other)
