"""What can go wrong when somebody looks at the map. Wrong parameters are incidents' FilterInvalid."""

from grids.errors import DomainError


class MapsError(DomainError):
    """Root of this room's errors."""

    code = "maps_error"


class NoDutyOnMap(MapsError):
    code = "no_duty_on_map"
    zh = "您目前没有可以查看地图的职责:请联系管理员。"
    en = "You have no duty today that looks at the map: ask an administrator."


class AreaOutsideDuty(MapsError):
    code = "area_outside_duty"
    zh = "区域 {area_code} 不在您的职责范围内:请从自己的区域进入地图。"
    en = "Area {area_code} is not in your duty: open the map from an area of your own."


class CasesNotYours(MapsError):
    code = "cases_not_yours"
    zh = "您的职责只查看数量,不查看案件的位置。"
    en = "Your duty sees counts, not where the cases are."
