from grids.locate import locate_point
from grids.management.json_command import JsonCommand
from grids.parsing import parse_date


class Command(JsonCommand):
    help = "查找一个坐标所在的网格 / find the grid unit at a coordinate"

    def add_options(self, parser):
        parser.add_argument("lon", metavar="LON", help="经度 / longitude in degrees")
        parser.add_argument("lat", metavar="LAT", help="纬度 / latitude in degrees")
        parser.add_argument("--datum", default="wgs84", help="wgs84 | gcj02 | bd09 (wgs84)")
        parser.add_argument("--accuracy", metavar="M", help="定位精度,米 / radius of the accuracy circle")
        parser.add_argument("--on", metavar="DATE", help="日期(今天) / boundaries of which day (today)")

    def run(self, *, lon, lat, datum, accuracy, on, **_):
        location = locate_point(lon, lat, datum=datum, accuracy_m=accuracy, on=parse_date(on))
        return location.as_json()

    def describe(self, result):
        names = [result[level] for level in ("street", "community", "grid_unit")]
        lines = [" › ".join(f"{area['name']} {area['code']}" for area in names)]
        if not result["certain"]:
            lines.append("不确定,可能是 / not certain, candidates:")
            lines += [f"  {c['share']:7.1%}  {c['name']} {c['code']}" for c in result["candidates"]]
        return "\n".join(lines)
