"""What can go wrong on the territory. Each error states its fact in two languages and says what to do."""


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


class CoordinateMissing(GridsError):
    code = "coordinate_missing"
    zh = "没有坐标:请给出经度 lon 和纬度 lat。"
    en = "The coordinates are missing: give longitude lon and latitude lat."


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
    zh = "该位置不在任何网格内,最近的网格 {nearest_code} 在 {distance_m:.1f} 米外:请核对位置和坐标系。"
    en = (
        "The place lies in no grid unit; the nearest, {nearest_code}, is {distance_m:.1f} m away: "
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


class CoordinatesSwapped(CoordinateInvalid):
    code = "coordinates_swapped"
    zh = "坐标 {lon}, {lat} 的经度和纬度颠倒了:请先写经度,后写纬度。"
    en = "Longitude and latitude are swapped in {lon}, {lat}: write longitude first, then latitude."


class DateInvalid(GridsError):
    code = "date_invalid"
    zh = "日期 {text} 无效:请写成 2026-01-31 这样的形式。"
    en = "Date {text} is not valid: write it like 2026-01-31."


class LevelUnknown(GridsError):
    code = "level_unknown"
    zh = "层级 {level} 未知:请写 {allowed}。"
    en = "Level {level} is not known: say one of {allowed}."


# Files ----------------------------------------------------------------------------------------
class FileMissing(GridsError):
    code = "file_missing"
    zh = "找不到文件 {path}:请核对路径。"
    en = "There is no file {path}: check the path."


class FileNotWritable(GridsError):
    code = "file_not_writable"
    zh = "无法写入 {path}({reason}):请核对文件夹和权限。"
    en = "{path} cannot be written ({reason}): check the folder and its permissions."


class SameFile(GridsError):
    code = "same_file"
    zh = "输出文件与输入文件相同({path}):请换一个输出文件。"
    en = "The output is the input file ({path}): choose another output."


class FileDamaged(GridsError):
    code = "file_damaged"
    zh = "无法读取 {path}:{reason}"
    en = "{path} cannot be read: {reason}"


class FormatUnknown(GridsError):
    code = "format_unknown"
    zh = "不支持 {path} 的格式:请用 .geojson、.json、.gpkg、.shp 或 .zip。"
    en = "The format of {path} is not known: use .geojson, .json, .gpkg, .shp or .zip."


class LayerMissing(GridsError):
    code = "layer_missing"
    zh = "请用 --layer 选择一个图层,文件中有:{layers}。"
    en = "Choose a layer with --layer; the file has: {layers}."


class EncodingUnknown(GridsError):
    code = "encoding_unknown"
    zh = "文字编码 {encoding} 未知:请用 --encoding utf-8 或 --encoding gb18030 说明。"
    en = "Encoding {encoding} is not known: say --encoding utf-8 or --encoding gb18030."


class EncodingWrong(GridsError):
    code = "encoding_wrong"
    zh = "{path} 的文字不是 {encoding} 编码:请用 --encoding 说明(常见的是 utf-8 和 gb18030)。"
    en = "The text in {path} is not {encoding}: say which with --encoding (often utf-8 or gb18030)."


class ColumnsMissing(GridsError):
    code = "columns_missing"
    zh = "{path} 缺少列 {missing}:第一行应有 id,lon,lat,现为:{found}。"
    en = "{path} lacks the columns {missing}: its first line must have id,lon,lat and has: {found}."


class FieldMissing(GridsError):
    code = "field_missing"
    zh = "请用 {option} 说明哪个字段是{what_zh},文件中有:{fields}。"
    en = "Say with {option} which field holds the {what_en}; the file has: {fields}."


# Coordinate systems of files --------------------------------------------------------------------
class CrsMissing(GridsError):
    code = "crs_missing"
    zh = "{path} 没有说明坐标系:请加 --datum wgs84(或 gcj02、bd09)或 --srid,系统不作猜测。"
    en = (
        "{path} does not say its coordinate system: add --datum wgs84 (or gcj02, bd09) or --srid; "
        "none is guessed."
    )


class CrsUnknown(GridsError):
    code = "crs_unknown"
    zh = "坐标系 {srid} 未知:请写 EPSG 代码,如 4326、4490、4547。"
    en = "Coordinate system {srid} is not known: give an EPSG code such as 4326, 4490 or 4547."


class CrsContradicts(GridsError):
    code = "crs_contradicts"
    zh = "文件自己说明的坐标系是 {found},与给出的 {given} 不符:请核对后改正其中一个。"
    en = "The file's own coordinate system is {found}, not {given} as given: find out and correct one."


class DatumNeedsDegrees(GridsError):
    code = "datum_needs_degrees"
    zh = "{datum} 是经纬度坐标,而文件的坐标是 {found}:请核对坐标系。"
    en = "{datum} is in degrees, but the file's coordinates are {found}: check the coordinate system."


class CrsGivenTwice(GridsError):
    code = "crs_given_twice"
    zh = "--datum 和 --srid 只能给出一个。"
    en = "Give either --datum or --srid, not both."


# Importing --------------------------------------------------------------------------------------
class AreasNotImported(GridsError):
    """Nothing was imported. `report` is the whole ImportReport; `problems` in the facts are its errors."""

    code = "areas_not_imported"
    zh = "没有导入任何区域,有 {count} 个错误,第一个:{first_zh}"
    en = "No area was imported: {count} errors, the first: {first_en}"

    def __init__(self, *, report, **facts):
        self.report = report
        super().__init__(**facts)
