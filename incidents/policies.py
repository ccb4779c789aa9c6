"""The rules in force, read from the database."""

import json
from functools import lru_cache

from grids.prepared import rows
from incidents.policy import Policy, PolicyBook
from incidents.policy_data import from_data

_RULES = """
SELECT valid_from, data::text, NULL FROM incidents_policyversion
UNION ALL SELECT day, NULL, is_workday FROM incidents_calendarday
ORDER BY 1
"""


def policy_book() -> PolicyBook:
    """All versions and calendar days as they are now. One small read; ask once for a run over many cases."""
    found = rows(_RULES)
    return PolicyBook(
        versions=tuple((since, _policy(data)) for since, data, _ in found if data is not None),
        calendar_changes={day: is_workday for day, data, is_workday in found if data is None},
    )


@lru_cache(maxsize=64)
def _policy(data: str) -> Policy:
    """Of its own text: a version that is changed is read anew, everywhere and at once."""
    return from_data(json.loads(data))
