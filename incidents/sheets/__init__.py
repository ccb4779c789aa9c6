"""Tables as people keep them: Excel workbooks and CSV, read with suspicion and written without traps."""

from incidents.sheets.cells import safe_cell
from incidents.sheets.problems import RowProblem, problem_sheet
from incidents.sheets.reading import first_rows, read_table, sheet_titles
from incidents.sheets.table import Row, Sheet, Table
from incidents.sheets.writing import csv_lines, write_xlsx

__all__ = [
    "Row",
    "RowProblem",
    "Sheet",
    "Table",
    "csv_lines",
    "first_rows",
    "problem_sheet",
    "read_table",
    "safe_cell",
    "sheet_titles",
    "write_xlsx",
]
