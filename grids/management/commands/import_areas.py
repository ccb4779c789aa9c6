from pathlib import Path

from grids.area_files import read_area_file
from grids.errors import AreasNotImported
from grids.management.json_command import JsonCommand
from grids.management.progress import track
from grids.models import AreaVersion
from grids.parsing import parse_date, parse_level
from grids.services import import_areas

SOURCE_LENGTH = AreaVersion._meta.get_field("source").max_length
COUNTS = {"read": "读取", "created": "新增", "replaced": "更新", "unchanged": "不变", "retired": "失效"}
SEVERITIES = {"error": "错误 error", "warning": "提醒 warning", "repair": "修复 repair"}


class Command(JsonCommand):
    help = "导入街道、社区或网格边界 / import boundaries of streets, communities or grid units"

    def add_options(self, parser):
        add = parser.add_argument
        add("file", metavar="FILE", help=".geojson .json .gpkg .shp .zip")
        add("--level", required=True, help="district | street | community | grid")
        add("--datum", help="wgs84 | gcj02 | bd09")
        add("--srid", help="EPSG 代码,如 4490、4547 / EPSG code")
        add("--code-field", metavar="F", help="代码字段 / field with the code")
        add("--name-field", metavar="F", help="名称字段 / field with the name")
        add("--encoding", metavar="E", help="Shapefile 的文字编码 / encoding of a Shapefile's text")
        add("--layer", help="图层 / layer, where the file has several")
        add("--valid-from", metavar="DATE", help="生效日期(今天) / day of coming into force (today)")
        add("--source", default="", help="来源说明(文件名) / where it is from (the file's name)")
        add("--schematic", action="store_true", help="示意边界 / boundaries are schematic")
        add("--retire-missing", action="store_true", help="缺少的同级区域失效 / end areas that are missing")
        add("--dry-run", action="store_true", help="只检查,不导入 / only say what would happen")

    def handle(self, *arguments, **options):
        try:
            super().handle(*arguments, **options)
        except AreasNotImported as error:
            self.show(error.report.as_json(), as_json=options["json"])
            raise

    def run(self, *, file, level, valid_from, **options):
        chosen = parse_level(level)
        day = parse_date(valid_from)
        reading = ("datum", "srid", "code_field", "name_field", "encoding", "layer")
        found = read_area_file(file, **{name: options[name] for name in reading})
        report = import_areas(
            records=found.records,
            level=chosen,
            valid_from=day,
            retire_missing=options["retire_missing"],
            dry_run=options["dry_run"],
            source=(options["source"] or Path(file).name)[:SOURCE_LENGTH],
            schematic=options["schematic"],
            found=found.problems,
            track=track,
        )
        return report.as_json()

    def describe(self, result):
        lines = [", ".join(f"{word} {key} {result[key]}" for key, word in COUNTS.items())]
        if result["dry_run"]:
            lines.insert(0, "试运行,未作任何改动 / dry run, nothing was changed")
        for problem in result["problems"]:
            severity = SEVERITIES[problem["severity"]]
            lines.append(f"{severity}: {problem['kind']} {problem['code']} {problem['detail']}")
        return "\n".join(lines)
