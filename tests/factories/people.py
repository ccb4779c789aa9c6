"""Accounts and their duties."""

from grids.models import Duty, User
from grids.roles import Role
from tests.factories.territory import BEGUN


def make_user(username: str, role: Role | None = None, area: str | None = None, **fields) -> User:
    """An account, on duty as `role` on `area` if one is given. It has no password."""
    user = User.objects.create_user(username, name=f"{username}的姓名", **fields)
    if role:
        Duty.objects.create(user=user, role=role, area_id=area, valid_from=BEGUN)
    return user


def make_staff() -> dict[str, User]:
    """Someone for each role: the worker on the first unit, the others on what lies above it."""
    return {
        "worker": make_user("worker", Role.GRID_WORKER, "440105001001001"),
        "mediator": make_user("mediator", Role.COMMUNITY_MEDIATOR, "440105001001"),
        "street": make_user("street", Role.STREET_CENTRE, "440105001"),
        "district": make_user("district", Role.DISTRICT_CENTRE, "440105"),
        "planner": make_user("planner", Role.PLANNER, "440105"),
        "administrator": make_user("administrator", Role.ADMINISTRATOR, "440105"),
    }
