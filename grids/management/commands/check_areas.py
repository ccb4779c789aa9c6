from grids.management.json_command import JsonCommand
from grids.management.progress import announce
from grids.parsing import parse_date
from grids.services import check_areas


class Command(JsonCommand):
    help = "检查全部区域:空隙、重叠、越界 / measure gaps, overlaps, areas out of their parent"

    def add_options(self, parser):
        parser.add_argument("--on", metavar="DATE", help="日期(今天) / boundaries of which day (today)")

    def run(self, *, on, **_):
        day = parse_date(on)
        announce("正在检查空隙与重叠…", "Measuring gaps and overlaps …")
        return check_areas(on=day)

    def describe(self, result):
        areas = result["areas"]
        lines = [
            f"街道 streets {areas['street']}",
            f"社区 communities {areas['community']}",
            f"网格 units {areas['grid']}",
            f"空隙 gaps {result['gaps']} ({result['gap_m2']} m2)",
            f"重叠 overlaps {result['overlaps']} ({result['overlap_m2']} m2)",
            f"越界 out of parent {result['outside']} ({result['outside_m2']} m2)",
            f"无效 invalid {result['invalid']}, 无上级 orphans {result['orphans']}",
        ]
        lines += [" ".join(f"{key}={value}" for key, value in detail.items()) for detail in result["details"]]
        return "\n".join(lines)
