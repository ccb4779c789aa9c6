"""Policies that are in force in the test database."""

from dataclasses import replace
from datetime import date

from grids.hierarchy import Level
from grids.models import User
from incidents.models import PolicyVersion
from incidents.policy import COLOURS, DEFAULT_POLICY, Policy, Span, TimeLimit, Unit
from incidents.policy_data import to_data

_HOURS = {Level.GRID: (4, 24), Level.COMMUNITY: (24, 168), Level.STREET: (24, 480), Level.DISTRICT: (48, 720)}


def put_in_force(policy: Policy, author: User, since: date = date(2020, 1, 1)) -> PolicyVersion:
    return PolicyVersion.objects.create(
        valid_from=since, data=to_data(policy), reason="测试", created_by=author
    )


def limits_by_the_clock(author: User) -> PolicyVersion:
    """Hours that run at night and on holidays: for tests whose now is whenever they run."""
    limits = {
        (level, colour): TimeLimit(*(Span(hours, Unit.HOURS) for hours in pair))
        for level, pair in _HOURS.items()
        for colour in COLOURS
    }
    return put_in_force(replace(DEFAULT_POLICY, limits=limits), author)
