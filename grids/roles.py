"""Roles and the level of area that each is held on. Pure."""

from enum import StrEnum

from grids.hierarchy import Level


class Role(StrEnum):
    GRID_WORKER = "grid_worker"
    COMMUNITY_MEDIATOR = "community_mediator"
    STREET_CENTRE = "street_centre"
    DISTRICT_CENTRE = "district_centre"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"


ROLE_LEVELS: dict[Role, frozenset[Level]] = {
    Role.GRID_WORKER: frozenset({Level.GRID}),
    Role.COMMUNITY_MEDIATOR: frozenset({Level.COMMUNITY}),
    Role.STREET_CENTRE: frozenset({Level.STREET}),
    Role.DISTRICT_CENTRE: frozenset({Level.DISTRICT}),
    Role.PLANNER: frozenset({Level.STREET, Level.DISTRICT}),
    Role.ADMINISTRATOR: frozenset({Level.DISTRICT}),
}

# Who works on cases. A planner sees counts; an administrator keeps areas, duties and accounts.
CASE_ROLES = frozenset({Role.GRID_WORKER, Role.COMMUNITY_MEDIATOR, Role.STREET_CENTRE, Role.DISTRICT_CENTRE})
