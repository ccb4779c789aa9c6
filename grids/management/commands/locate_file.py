from dataclasses import asdict
from pathlib import Path

from grids.locate_file import locate_file
from grids.management.json_command import JsonCommand
from grids.management.progress import bytes_bar
from grids.parsing import parse_date

WORDS = {"rows": "行数", "located": "已定位", "outside": "区外", "invalid": "无效", "seconds": "秒"}


class Command(JsonCommand):
    help = "为一个 CSV 文件的所有坐标查找网格 / find the grid units of all coordinates in a CSV file"

    def add_options(self, parser):
        parser.add_argument("source", metavar="IN.csv", help="列 / columns: id,lon,lat")
        parser.add_argument("target", metavar="OUT.csv", help="列 / id,grid_unit,community,street,status")
        parser.add_argument("--datum", help="wgs84 | gcj02 | bd09,必须写明 / must be given")
        parser.add_argument("--on", metavar="DATE", help="日期(今天) / boundaries of which day (today)")
        parser.add_argument("--encoding", metavar="E", help="IN.csv 的编码(自动) / its encoding (found out)")

    def run(self, *, source, target, datum, on, encoding, **_):
        bar = None

        def show(done: int, total: int) -> None:
            nonlocal bar
            bar = bar or bytes_bar(total, "定位 / locating")
            bar.update(done - bar.n)

        try:
            day = parse_date(on)
            result = locate_file(
                Path(source), Path(target), datum=datum, on=day, encoding=encoding, on_progress=show
            )
        finally:
            if bar is not None:
                bar.close()
        return asdict(result)

    def describe(self, result):
        return ", ".join(f"{word} {key} {result[key]}" for key, word in WORDS.items())
