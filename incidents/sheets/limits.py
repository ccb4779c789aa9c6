"""How much of a table is read before it is refused. Pure."""

MAX_BYTES = 20 * 1024 * 1024
# Of a workbook, unpacked: a zip of some kilobytes can unpack to gigabytes.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 2_000
# Tags are read into objects that are a hundred times as large as `<a/>`: a full table of 50,000 rows and
# 20 columns has some six millions of them, one row a hundred thousand at most, and so has what stands around.
MAX_TAGS = 6_500_000
MAX_TAGS_AROUND = 200_000
# Without a tag between; the longest text that Excel takes has 32,767 characters.
MAX_TEXT_BYTES = 1024 * 1024
# Of all cells together. A text that is written once may be shown by every cell.
MAX_CHARACTERS = 50_000_000
MAX_ROWS = 50_000
# Blank ones too: a sheet of one row that calls itself the last of thousands of millions is read for ever.
LAST_ROW = 200_000
MAX_COLUMNS = 100
# Cells of a workbook, blank ones too.
MAX_BLANKS = 20_000_000
# Headings stand in the first row that is not blank, within these.
HEADING_WITHIN = 10
