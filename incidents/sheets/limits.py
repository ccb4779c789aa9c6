"""How much of a table is read before it is refused. Pure."""

MAX_BYTES = 20 * 1024 * 1024
# Of a workbook, unpacked: a zip of some kilobytes can unpack to gigabytes.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 2_000
MAX_ROWS = 50_000
# Blank ones too: a sheet of one row that calls itself the last of thousands of millions is read for ever.
LAST_ROW = 200_000
MAX_COLUMNS = 100
# Headings stand in the first row that is not blank, within these.
HEADING_WITHIN = 10
