from grids.management.json_command import JsonCommand
from grids.parsing import parse_date
from grids.services import check_areas


class Command(JsonCommand):
    help = "检查全部区域:空隙、重叠、越界 / measure the whole fabric: gaps, overlaps, areas out of their parent"

    def add_options(self, parser):
        parser.add_argument("--on", metavar="DATE", help="按哪一天的边界(今天) / the boundaries of a day (today)")

    def run(self, *, on, **_):
        return check_areas(on=parse_date(on))

    def describe(self, result):
        areas, lines = result["areas"], []
        lines.append(f"街道 streets {areas['street']}, 社区 communities {areas['community']}, 网格 units {areas['grid']}")
        lines.append(f"空隙 gaps {result['gaps']} ({result['gap_m2']} m2)")
        lines.append(f"重叠 overlaps {result['overlaps']} ({result['overlap_m2']} m2)")
        lines.append(f"越界 out of parent {result['outside']} ({result['outside_m2']} m2)")
        lines.append(f"无效 invalid {result['invalid']}, 无上级 orphans {result['orphans']}")
        lines += [" ".join(f"{key}={value}" for key, value in detail.items()) for detail in result["details"]]
        return "\n".join(lines)
