"""What is wrong with rows, told beside them in the file that goes back. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.sheets.table import Sheet, Table

PROBLEM_HEADING = "问题 / Problem"


@dataclass(frozen=True)
class RowProblem:
    """One thing that is wrong: the row as the spreadsheet numbers it, the column's heading ("" for the whole
    row), and a sentence that says what to do. Sentences must not repeat what stands in the cell."""

    row: int
    column: str
    zh: str
    en: str

    @property
    def sentence(self) -> str:
        at = f"{self.column}:" if self.column else ""
        return f"{at}{self.zh} / {self.en}"


def problem_sheet(table: Table, problems: Iterable[RowProblem], *, title: str = "问题") -> Sheet:
    """`table` as it was sent, with what is wrong in a last column."""
    told: dict[int, list[str]] = {}
    for problem in problems:
        told.setdefault(problem.row, []).append(problem.sentence)
    # A file that comes back a second time has the column already.
    headings = [heading for heading in table.headings if heading != PROBLEM_HEADING]
    rows = (
        [*(row.cells[heading] for heading in headings), "\n".join(told.get(row.number, []))]
        for row in table.rows
    )
    return Sheet(title, [*headings, PROBLEM_HEADING], rows)
