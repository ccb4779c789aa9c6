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


class AnalysisError(MapsError):
    """Root of what an analysis cannot work on. Commands say it; it never becomes an answer of the API."""

    code = "analysis_error"


# Files of cases -------------------------------------------------------------------------------
class CaseFileError(AnalysisError):
    """Root of what can be wrong in a file of cases or of population."""

    code = "case_file_error"


class CoordsUnknown(CaseFileError):
    code = "coords_unknown"
    zh = "坐标形式 {coords} 未知:请写 --coords lonlat(经纬度)或 --coords metres(米)。"
    en = "Coordinates {coords} are not known: say --coords lonlat (degrees) or --coords metres."


class CaseTextUnreadable(CaseFileError):
    code = "case_text_unreadable"
    zh = "{path} 的文字既不是 UTF-8 也不是 GB 18030:请另存为 UTF-8 编码的 CSV 文件。"
    en = "The text in {path} is neither UTF-8 nor GB 18030: save it as a CSV file in UTF-8."


class CaseColumnsMissing(CaseFileError):
    code = "case_columns_missing"
    zh = "{path} 缺少列 {missing}:第一行应有 {needed},现为:{found}。"
    en = "{path} lacks the columns {missing}: its first line must have {needed} and has: {found}."


class TooManyRows(CaseFileError):
    code = "too_many_rows"
    zh = "{path} 超过 {limit} 行:请按地点和日期合并,或分成几个文件。"
    en = "{path} has more than {limit} rows: add up by location and date, or divide it."


class NoCasesInFile(CaseFileError):
    code = "no_cases_in_file"
    zh = "{path} 中没有任何案件:请核对 cases 列。"
    en = "{path} holds no case at all: check the column cases."


class LocationUnnamed(CaseFileError):
    code = "location_unnamed"
    zh = "{path} 第 {line} 行没有地点名称:请填写 location 列。"
    en = "{path}, line {line} names no location: fill in the column location."


class CasePlaceInvalid(CaseFileError):
    code = "case_place_invalid"
    zh = "{path} 第 {line} 行的坐标 {x}, {y} 无效:请按所选的坐标形式填写数字(经度在前)。"
    en = (
        "{path}, line {line}: coordinates {x}, {y} are not valid: "
        "write numbers as --coords says (longitude first)."
    )


class CasePlacesSwapped(CaseFileError):
    code = "case_places_swapped"
    zh = "{path} 第 {line} 行的经度和纬度颠倒了({x}, {y}):x 列填经度,y 列填纬度。"
    en = "{path}, line {line}: longitude and latitude are swapped ({x}, {y}): x is longitude, y latitude."


class CasePlaceMoved(CaseFileError):
    code = "case_place_moved"
    zh = "{path} 第 {line} 行:地点 {location} 的坐标与前面不同:请核对,或使用另一个名称。"
    en = "{path}, line {line}: location {location} has other coordinates than before: correct or rename it."


class CaseDateInvalid(CaseFileError):
    code = "case_date_invalid"
    zh = "{path} 第 {line} 行的日期 {text} 无效:请写成 2026-01-31 这样的形式。"
    en = "{path}, line {line}: date {text} is not valid: write it like 2026-01-31."


class CaseCountInvalid(CaseFileError):
    code = "case_count_invalid"
    zh = "{path} 第 {line} 行的案件数 {text} 无效:请填 0 到 {limit} 的整数。"
    en = "{path}, line {line}: {text} is not a number of cases: write a whole number from 0 to {limit}."


class PopulationInvalid(CaseFileError):
    code = "population_invalid"
    zh = "{path} 第 {line} 行的人口 {text} 无效:请填 0 或正数。"
    en = "{path}, line {line}: population {text} is not valid: write 0 or a positive number."


class PopulationOfUnknown(CaseFileError):
    code = "population_of_unknown"
    zh = "{path} 第 {line} 行的地点 {location} 不在案件文件中:没有案件的地点也要写一行(cases 为 0)。"
    en = (
        "{path}, line {line}: location {location} is not in the file of cases: "
        "a location without cases needs a row there too, with 0 cases."
    )


class PopulationTwice(CaseFileError):
    code = "population_twice"
    zh = "{path} 第 {line} 行:地点 {location} 有两个不同的人口数:请只保留一个。"
    en = "{path}, line {line}: location {location} has two different populations: keep one."


class PopulationMissing(CaseFileError):
    code = "population_missing"
    zh = "{path} 缺少 {number} 个地点的人口,例如 {location}:请补上。"
    en = "{path} lacks the population of {number} locations, such as {location}: add it."


# Near repeats -----------------------------------------------------------------------------------
class NearRepeatError(AnalysisError):
    """Root of what stops the question whether disputes follow each other nearby."""

    code = "near_repeat_error"


class BandsInvalid(NearRepeatError):
    code = "bands_invalid"
    zh = "界限 {bounds} 无效:请给出 1 到 {most} 个从小到大的数,不小于 0(天数为整数)。"
    en = "Bounds {bounds} are not valid: give 1 to {most} rising numbers from 0 on (days are whole numbers)."


class TooFewEvents(NearRepeatError):
    code = "too_few_events"
    zh = "只有 {events} 件,无法比较先后和远近:至少需要 2 件。"
    en = "With {events} cases there is nothing to compare: at least 2 are needed."


class TooManyEvents(NearRepeatError):
    code = "too_many_events"
    zh = "共 {events} 件,超过 {limit} 件:请缩短时间段。"
    en = "{events} cases are more than {limit}: take a shorter period."


class TooManyNearPairs(NearRepeatError):
    code = "too_many_near_pairs"
    zh = "在 {distance_m} 米内约有 {pairs} 对案件要比较,超过 {limit}:请缩小距离或缩短时间段。"
    en = (
        "Within {distance_m} m some {pairs} pairs of cases are to be compared, more than {limit}: "
        "take a smaller distance or a shorter period."
    )


class PeriodTooLong(NearRepeatError):
    code = "period_too_long"
    zh = "最早与最晚相隔 {days} 天,超过 {limit} 天:请核对日期。"
    en = "First and last are {days} days apart, more than {limit}: check the dates."


class PermutationsInvalid(NearRepeatError):
    code = "permutations_invalid"
    zh = "随机排列次数 {permutations} 无效:请给出 {least} 到 {most} 的整数,例如 999。"
    en = "{permutations} permutations cannot be made: give a whole number from {least} to {most}, say 999."


class SeedInvalid(NearRepeatError):
    code = "seed_invalid"
    zh = "随机种子 {seed} 无效:请给出不小于 0 的整数。"
    en = "Seed {seed} is not valid: give a whole number from 0 on."


# Hotspots ---------------------------------------------------------------------------------------
class RadiusInvalid(AnalysisError):
    code = "radius_invalid"
    zh = "半径 {text} 无效:请填大于 0 的米数。"
    en = "{text} is not a valid radius: give metres, more than 0."


class AlphaInvalid(AnalysisError):
    code = "alpha_invalid"
    zh = "显著性水平 {text} 无效:请填大于 0、小于 1 的数,例如 0.05。"
    en = "{text} is not a valid level of significance: give a number between 0 and 1, such as 0.05."


class TooManyNeighbours(AnalysisError):
    code = "too_many_neighbours"
    zh = "半径 {radius_m} 米内的邻居太多(相邻关系超过 {limit} 个):请缩小半径。"
    en = "Within {radius_m} m are too many neighbours (more than {limit} links): choose a smaller radius."


class NobodyLivesThere(AnalysisError):
    code = "nobody_lives_there"
    zh = "{path} 中所有地点的人口都是 0:请填写人口,或不用人口文件。"
    en = "In {path} every population is 0: give populations, or leave the file out."


# The scan -------------------------------------------------------------------------------------
class ScanTooLarge(AnalysisError):
    code = "scan_too_large"
    zh = "扫描的范围过大({number},上限 {limit}):请缩小半径,或减少地点和天数。"
    en = "The scan is too large ({number}, at most {limit}): take a smaller radius, fewer places or days."


class ScanModelUnknown(AnalysisError):
    code = "scan_model_unknown"
    zh = "模型 {model} 未知:请写 --model permutation(只用案件)或 --model poisson(与人口比较)。"
    en = "Model {model} is not known: say --model permutation (cases alone) or poisson (with a population)."


class ScanPopulationMissing(AnalysisError):
    code = "scan_population_missing"
    zh = "poisson 模型需要人口:请用 --population 给出人口文件,或改用 --model permutation。"
    en = "The model poisson needs a population: give a file with --population, or say --model permutation."


class ScanOptionUnused(AnalysisError):
    code = "scan_option_unused"
    zh = "{option} 不能与 {model} 模型同用:请去掉该选项或换一个模型。"
    en = "{option} does not go with the model {model}: leave it out or choose the other model."


class WindowInvalid(AnalysisError):
    code = "window_invalid"
    zh = "时间窗 {text} 无效:请填 1 到 {limit} 的整数天数。"
    en = "{text} is not a valid window: give a whole number of days from 1 to {limit}."


class ReplicationsInvalid(AnalysisError):
    code = "replications_invalid"
    zh = "模拟次数 {text} 无效:请填 {least} 到 {most} 的整数,例如 999。"
    en = "{text} replications cannot be made: give a whole number from {least} to {most}, such as 999."


class CasesWithoutPeople(AnalysisError):
    code = "cases_without_people"
    zh = "地点 {location} 有案件但人口为 0:请核对人口文件。"
    en = "Location {location} has cases but a population of 0: correct the population."


class OnePlaceOnly(AnalysisError):
    code = "one_place_only"
    zh = "所有案件(或人口)都在地点 {location}:没有其他地点可以比较。"
    en = "All cases (or people) are at location {location}: there is no other to compare it with."


class OneDayOnly(AnalysisError):
    code = "one_day_only"
    zh = "所有案件都在 {day} 这一天:没有其他日子可以比较。"
    en = "All cases are of one day, {day}: there is no other to compare it with."


# Heat -----------------------------------------------------------------------------------------
class SquaresTooCoarse(AnalysisError):
    code = "squares_too_coarse"
    zh = "格子边长 {side_m:g} 米对带宽 {bandwidth_m:g} 米太粗:格子不超过 {most_m:g} 米,或加大带宽。"
    en = "Squares of {side_m:g} m are too coarse for a bandwidth of {bandwidth_m:g} m: at most {most_m:g} m."


class TooManySquares(AnalysisError):
    code = "too_many_squares"
    zh = "范围内格子太多(每边 {number} 个,上限 {limit}):请缩小范围,或加大格子和带宽。"
    en = "Too many squares ({number} on a side, at most {limit}): take a smaller area, or larger squares."


class TooManyHexagons(AnalysisError):
    code = "too_many_hexagons"
    zh = "范围内六边形太多({number} 个,上限 {limit}):请加大边长。"
    en = "Too many hexagons ({number}, at most {limit}): make them larger."


# Early warning --------------------------------------------------------------------------------
class DayNotOver(AnalysisError):
    code = "day_not_over"
    zh = "{day} 还没有到:请填今天或以前的日期。"
    en = "{day} has not come yet: give today or an earlier day."


class AreaNotScanned(AnalysisError):
    code = "area_not_scanned"
    zh = "区域 {area_code} 不是今天有效的街道或区:请填 9 位街道代码或 6 位区代码。"
    en = "Area {area_code} is no street or district in force today: give a code of 9 or of 6 digits."
