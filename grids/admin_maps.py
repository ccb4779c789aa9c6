"""The maps of the back office: what is drawn around the thing edited, and a boundary that is only shown."""

from datetime import date

from django.contrib.gis.db.models import MultiPolygonField
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from leaflet.admin import LeafletAdminWidget

from grids.hierarchy import Level
from grids.models import Address, AreaVersion


class BoundaryShown(LeafletAdminWidget):
    """A boundary that nobody may change here."""

    template_name = "leaflet/admin/widget.html"
    geom_type = MultiPolygonField.geom_type
    modifiable = False

    def __init__(self, request: HttpRequest):
        super().__init__()
        self.csp_nonce = request.csp_nonce


def around_boundary(version: AreaVersion) -> dict:
    """The areas beside `version`, as they are today; for a past or coming version, on its first day."""
    in_force = version.valid_to is None and version.valid_from <= timezone.localdate()
    area = version.area
    areas = area.parent_id and _areas(area.level, area.parent_id, None if in_force else version.valid_from)
    # With a margin in which the neighbours can be seen.
    return {"areas": areas, "fitOutlines": False, "pad": 0.5, "icon": _marker_icon()}


def around_address(address: Address | None) -> dict:
    """The units of the community in which `address` lies; for a new one, the communities of the district."""
    if address is None:
        ground = {"areas": _areas(Level.COMMUNITY), "pad": 0.05}
    else:
        community = address.unit_id[: Level.COMMUNITY.code_length]
        ground = {"areas": _areas(Level.GRID, community), "unit": address.unit_id, "pad": 0.5}
    return ground | {"fitOutlines": True, "icon": _marker_icon()}


def _areas(level: str, within: str = "", on: date | None = None) -> str:
    query = {"within": within, "on": on and on.isoformat()}
    return reverse("api_areas", args=[level], query={name: value for name, value in query.items() if value})


def _marker_icon() -> dict[str, str]:
    """Leaflet's own pictures, under the names that static files have here."""
    return {
        "iconUrl": static("leaflet/images/marker-icon.png"),
        "iconRetinaUrl": static("leaflet/images/marker-icon-2x.png"),
        "shadowUrl": static("leaflet/images/marker-shadow.png"),
    }
