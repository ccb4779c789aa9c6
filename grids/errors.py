"""What can go wrong on the territory. Each error states its fact in Chinese and English and says what to do."""


class DomainError(Exception):
    """A rule of GridGov was not met. Subclasses give a stable `code` and the sentence in two languages.

    `zh` and `en` are format strings over the keyword arguments, which stay readable in `facts`
    and go into the problem document that a client gets. They must hold no personal data.
    """

    code = "domain_error"
    zh = "无法完成。"
    en = "This cannot be done."

    def __init__(self, **facts):
        self.facts = facts
        super().__init__(f"{self.message_zh} / {self.message_en}")

    @property
    def message_zh(self) -> str:
        return self.zh.format(**self.facts)

    @property
    def message_en(self) -> str:
        return self.en.format(**self.facts)


class GridsError(DomainError):
    """Root of this room's errors."""

    code = "grids_error"


class CoordinateInvalid(GridsError):
    code = "coordinate_invalid"
    zh = "坐标 {lon}, {lat} 无效:经度须在 -180 到 180 之间,纬度须在 -90 到 90 之间,先经度后纬度。"
    en = "Coordinates {lon}, {lat} are not valid: longitude first, -180 to 180, then latitude, -90 to 90."


class AccuracyInvalid(GridsError):
    code = "accuracy_invalid"
    zh = "定位精度 {accuracy_m} 无效:请给出 0 到 {limit_m} 之间的米数。"
    en = "Accuracy {accuracy_m} is not valid: give metres between 0 and {limit_m}."


class DatumUnknown(GridsError):
    code = "datum_unknown"
    zh = "坐标系 {datum} 未知:请写明 wgs84、gcj02 或 bd09。"
    en = "Datum {datum} is not known: say wgs84, gcj02 or bd09."


class DatumMissing(GridsError):
    code = "datum_missing"
    zh = "没有说明坐标系:请写明 wgs84、gcj02 或 bd09(相差可达 600 米,不能猜测)。"
    en = "The datum is missing: say wgs84, gcj02 or bd09 (they differ by 600 m, so none is guessed)."


class PointOutsideDistrict(GridsError):
    code = "point_outside_district"
    zh = "该位置不在任何网格内,最近的网格 {nearest_code} 在 {distance_m:.0f} 米外:请核对位置和坐标系。"
    en = (
        "The place lies in no grid unit; the nearest, {nearest_code}, is {distance_m:.0f} m away: "
        "check the place and its datum."
    )


class NoGridUnits(GridsError):
    code = "no_grid_units"
    zh = "{on} 没有生效的网格:请先导入网格(import_areas)或换一个日期。"
    en = "No grid unit is in force on {on}: import grid units (import_areas) or choose another date."


class AreaUnknown(GridsError):
    code = "area_unknown"
    zh = "没有代码为 {area_code} 的区域:请核对代码。"
    en = "No area has the code {area_code}: check the code."
