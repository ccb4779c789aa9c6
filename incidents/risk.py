"""Risk colour of a dispute, from the case and never from who is in it. Pure."""

from dataclasses import dataclass

_MAJOR_GROUP, _GROUP = "03", "02"
# Family, neighbours, and land: the common matters that the district marks yellow.
_COMMON_GROUPS = frozenset({"01", "02", "09"})


@dataclass(frozen=True)
class Risk:
    """`colour` is red, orange, yellow or blue; `reason` says why in Chinese and English."""

    colour: str
    reason: str


def assess_risk(*, category: str, scale: str) -> Risk:
    """Red: complex, many people; orange: may worsen; yellow: common matter; blue: latent."""
    if scale == _MAJOR_GROUP:
        return Risk("red", "重大群体性纠纷 / major group dispute")
    if scale == _GROUP:
        return Risk("orange", "群体性纠纷,可能升级 / group dispute that may worsen")
    if category[:2] in _COMMON_GROUPS:
        return Risk("yellow", "常见的家庭、邻里或土地纠纷 / common family, neighbour or land matter")
    return Risk("blue", "个体性纠纷 / individual dispute")
