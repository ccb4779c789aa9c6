"""Where disputes are, in names."""

from collections.abc import Iterable
from itertools import pairwise

from grids.area_names import area_names
from grids.hierarchy import Level, level_of
from incidents.models import Dispute


class PlaceNames:
    """Names of all areas that `disputes` touch, read at once, then asked for one at a time."""

    def __init__(self, disputes: Iterable[Dispute], more: Iterable[str] = ()):
        codes = set(more)
        for dispute in disputes:
            for code in (dispute.grid_unit_id, dispute.address_unit_id, dispute.responsible_area_id):
                if code:
                    codes |= set(_with_parents(code))
        self.names = area_names(codes)

    def name(self, code: str) -> str:
        return self.names.get(code, code)

    def parts(self, code: str) -> list[str]:
        """Names from the street down to `code`, ["凤阳街道", "五凤社区第3网格"].

        A unit that carries its community's name says both.
        """
        names = [self.name(part) for part in _with_parents(code) if level_of(part) is not Level.DISTRICT]
        said_again = [below.startswith(name) for name, below in pairwise(names)]
        return [name for name, again in zip(names, [*said_again, False], strict=True) if not again]


def _with_parents(code: str) -> list[str]:
    """The codes of `code` and all that hold it, the largest first."""
    own = level_of(code).code_length
    return [code[: level.code_length] for level in reversed(Level) if level.code_length <= own]
