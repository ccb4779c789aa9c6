"""What a table may refer to: areas, bodies, mediators and accounts, by code or by name."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from django.utils import timezone

from grids.hierarchy import Level, level_of
from grids.models import Area, AreaVersion, User
from incidents.models import MediationBody, Mediator
from incidents.network.cells import CellWrong

_SEPARATORS = re.compile(r"[\s·/、,>-]+")
_LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)


class Known:
    """Looked up once for a whole table. Each `find_…` raises CellWrong where the text names nothing."""

    @cached_property
    def areas(self) -> Mapping[str, str]:
        """Code -> name today; grid units are known by code only."""
        versions = AreaVersion.objects.filter(
            area__level__in=_LEVELS, valid_from__lte=timezone.localdate()
        ).order_by("area_id", "-valid_from", "-id")
        return dict(versions.distinct("area_id").values_list("area_id", "name"))

    def find_area(self, text: str) -> str:
        """Code of the area with this code or name; with the names above it, where several have the name."""
        if text in self.areas or _is_code(text) and Area.objects.filter(code=text).exists():
            return text
        return _the_only(
            self._area_names.get(_plain(text), ()),
            ("没有这个区域:请写区划代码或全称(如 海珠区赤岗街道)。", "No such area: write its code or name."),
            ("有几个同名的区域:请写区划代码,或连同街道写。", "Several areas are called so: write the code."),
        )

    def find_body(self, text: str) -> MediationBody:
        """The body with this code, or the only one with this name."""
        bodies = self.bodies
        if text in bodies:
            return bodies[text]
        named = [body for body in bodies.values() if _plain(body.name) == _plain(text)]
        return _the_only(
            named,
            ("没有这个调解组织:请写已有组织的编号。", "No such body: write the code of one that exists."),
            ("有几个同名的组织:请写编号。", "Several bodies have this name: write the code."),
        )

    def find_user(self, text: str) -> int:
        """Key of the account with this username."""
        return _the_only(
            [self._users[text]] if text in self._users else [],
            ("没有这个账号:请写用户名,或留空。", "No such account: write a username, or nothing."),
        )

    def find_mediator(self, text: str) -> Mediator:
        return _the_only(
            [self.mediators[text]] if text in self.mediators else [],
            ("没有这位调解员:请写已有调解员的编号。", "No such mediator: write the code of one that exists."),
        )

    @cached_property
    def bodies(self) -> dict[str, MediationBody]:
        return {body.code: body for body in MediationBody.objects.all()}

    @cached_property
    def mediators(self) -> dict[str, Mediator]:
        return {mediator.code: mediator for mediator in Mediator.objects.select_related("body")}

    @cached_property
    def _users(self) -> dict[str, int]:
        return dict(User.objects.values_list("username", "pk"))

    @cached_property
    def _area_names(self) -> dict[str, tuple[str, ...]]:
        """Plain name, alone and after the names above it -> codes."""
        names: dict[str, tuple[str, ...]] = {}
        for code, name in self.areas.items():
            above = [self.areas[code[:length]] for length in (6, 9) if code[:length] in self.areas]
            above = [one for one, length in zip(above, (6, 9), strict=False) if length < len(code)]
            for first in range(len(above) + 1):
                full = _plain("".join([*above[first:], name]))
                names[full] = tuple({*names.get(full, ()), code})
        return names


def _the_only(found: Iterable, none: tuple[str, str], several: tuple[str, str] | None = None):
    candidates = list(found)
    if not candidates:
        raise CellWrong(*none)
    if len(candidates) > 1:
        raise CellWrong(*(several or none))
    return candidates[0]


def _plain(text: str) -> str:
    return _SEPARATORS.sub("", text)


def _is_code(text: str) -> bool:
    try:
        level_of(text)
    except ValueError:
        return False
    return True
