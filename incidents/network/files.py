"""Which tables a file of the network holds."""

from typing import BinaryIO

from incidents.errors import NetworkKindUnknown
from incidents.network.columns import TITLES, Kind
from incidents.sheets import Table, read_table, sheet_titles

# Pages and commands take at most this much at once; a district has hundreds of bodies.
MAX_ROWS = 20_000


def read_network_file(
    file: BinaryIO, file_name: str, kind: Kind | None = None, *, max_rows: int = MAX_ROWS
) -> dict[Kind, Table]:
    """The tables in `file`, by what they list.

    With a `kind` it is one table: the sheet that is called so, else the first. Without, it is a workbook
    whose sheets are called as in an export.

    Raises:
        SheetInvalid, NetworkKindUnknown
    """
    titled = _titled(sheet_titles(file, file_name))
    if kind is not None:
        return {kind: read_table(file, file_name, sheet=titled.get(kind), max_rows=max_rows)}
    if not titled:
        raise NetworkKindUnknown
    tables = {}
    for each, title in titled.items():
        file.seek(0)
        tables[each] = read_table(file, file_name, sheet=title, max_rows=max_rows)
    return tables


def parse_kind(text: str) -> Kind | None:
    """The kind that a command or a form names, None for all. Raises NetworkKindUnknown."""
    if not text:
        return None
    try:
        return Kind(text)
    except ValueError:
        raise NetworkKindUnknown from None


def _titled(titles: list[str]) -> dict[Kind, str]:
    return {kind: title for kind, names in TITLES.items() for title in titles if title.strip() in names}
