from pathlib import Path

from grids.errors import FileMissing
from grids.management.json_command import JsonCommand
from incidents.errors import NetworkNotImported
from incidents.network.files import parse_kind, read_network_file
from incidents.network.importing import import_network
from incidents.network.report import OUTCOME_WORDS, Outcome
from incidents.sheets.limits import MAX_ROWS


class Command(JsonCommand):
    help = (
        "导入调解组织、调解员和培训记录,全部导入或全部不导入 / "
        "import mediation bodies, mediators and trainings, all or nothing"
    )

    def add_options(self, parser):
        parser.add_argument("file", metavar="FILE", help=".xlsx .csv")
        parser.add_argument(
            "--kind",
            default="",
            help="bodies | mediators | trainings;导出的工作簿不必写 / not needed for an exported workbook",
        )
        parser.add_argument("--dry-run", action="store_true", help="只检查 / only say what would happen")

    def handle(self, *arguments, **options):
        try:
            super().handle(*arguments, **options)
        except NetworkNotImported as error:
            self.show(error.report.as_json(), as_json=options["json"])
            raise

    def run(self, *, file, kind="", dry_run=False, **_):
        wanted = parse_kind(kind)
        try:
            with Path(file).open("rb") as opened:
                tables = read_network_file(opened, Path(file).name, wanted, max_rows=MAX_ROWS)
        except OSError as error:
            raise FileMissing(path=file) from error
        return import_network(tables=tables, dry_run=dry_run).as_json()

    def describe(self, result):
        lines = ["试运行,未作任何改动 / dry run, nothing was changed"] if result["dry_run"] else []
        for table in result["tables"]:
            counts = (f"{zh} {en} {table[outcome]}" for outcome, (zh, en) in OUTCOME_WORDS.items())
            lines.append(f"{table['kind']}: " + ", ".join(counts))
            if table["unknown_columns"]:
                lines.append(f"未读取的列 / columns not read: {'、'.join(table['unknown_columns'])}")
            lines += [row["zh"] for row in table["rows"] if row["outcome"] != Outcome.UNCHANGED]
        return "\n".join(lines)
