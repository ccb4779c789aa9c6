"""What changes the territory and its accounts, one function for each change."""

from grids.services.accounts import issue_token, make_administrator
from grids.services.check_areas import check_areas
from grids.services.import_areas import ImportReport, import_areas
from grids.services.redraw_area import redraw_area

__all__ = [
    "ImportReport",
    "check_areas",
    "import_areas",
    "issue_token",
    "make_administrator",
    "redraw_area",
]
