"""What a screen can show: the grid of pixels at a zoom, and the cells that disputes are counted in. Pure."""

from dataclasses import dataclass
from math import atan, ceil, cos, degrees, exp, floor, log, log2, pi, radians, tan

EARTH_RADIUS_M = 6378137.0
WEB_LATITUDE = 85.0511
TILE_PX = 256
MIN_ZOOM, MAX_ZOOM = 3, 22
# Larger than any screen; a wider box is asking for the database, not for a picture of it.
MAX_SPAN_PX = 8192
CLUSTER_PX = 64
# Circles nearer than this would cover each other.
CLUSTER_APART_PX = 44
HEAT_PX = 16
# Heat is counted in squares of the ground whose side doubles, so that panning and small zooms keep them.
HEAT_SIDES_M = tuple(6.25 * 2**i for i in range(12))


@dataclass(frozen=True)
class Box:
    """A rectangle; degrees or metres according to where it stands."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Screen:
    """The part of the world on screen: `box` in WGS84 degrees, `zoom` as in web maps."""

    box: Box
    zoom: float

    @classmethod
    def showing(cls, box: Box, width_px: int) -> "Screen":
        """The whole of `box` at the largest whole zoom at which it is at most `width_px` wide and high."""
        web = cls(box, 0).web_box
        # A point has no size: a millimetre is far below the largest zoom's pixel.
        span = max(web.east - web.west, web.north - web.south, 0.001)
        return cls(box, min(floor(log2(width_px * 2 * pi * EARTH_RADIUS_M / TILE_PX / span)), MAX_ZOOM))

    @property
    def metre_per_pixel_web(self) -> float:
        """Size of a pixel in EPSG:3857 units."""
        return 2 * pi * EARTH_RADIUS_M / TILE_PX / 2**self.zoom

    @property
    def cluster_side_web(self) -> float:
        """Side of a cluster's cell in EPSG:3857 units."""
        return CLUSTER_PX * self.metre_per_pixel_web

    @property
    def cluster_apart_web(self) -> float:
        """Least distance between clusters in EPSG:3857 units."""
        return CLUSTER_APART_PX * self.metre_per_pixel_web

    @property
    def heat_side_m(self) -> float:
        """Side of a heat cell on the ground: the smallest of the ladder that covers `HEAT_PX` pixels."""
        latitude = radians((self.box.south + self.box.north) / 2)
        wanted = HEAT_PX * self.metre_per_pixel_web * cos(latitude)
        return next((side for side in HEAT_SIDES_M if side >= wanted), HEAT_SIDES_M[-1])

    @property
    def web_box(self) -> Box:
        """`box` in EPSG:3857."""
        (west, south), (east, north) = (
            to_web(self.box.west, self.box.south), to_web(self.box.east, self.box.north),
        )
        return Box(west, south, east, north)

    @property
    def fits(self) -> bool:
        """No wider or higher than a screen could be."""
        box, limit = self.web_box, MAX_SPAN_PX * self.metre_per_pixel_web
        return box.east - box.west <= limit and box.north - box.south <= limit

    @property
    def cluster_box(self) -> Box:
        """`web_box` grown to whole cluster cells: none is counted in part, none jumps on panning."""
        return snap_outward(self.web_box, self.cluster_side_web)


def to_web(lon: float, lat: float) -> tuple[float, float]:
    """WGS84 degrees to EPSG:3857, whose world ends at 85 degrees."""
    lat = min(max(lat, -WEB_LATITUDE), WEB_LATITUDE)
    return EARTH_RADIUS_M * radians(lon), EARTH_RADIUS_M * log(tan(pi / 4 + radians(lat) / 2))


def from_web(x: float, y: float) -> tuple[float, float]:
    """EPSG:3857 to WGS84 degrees."""
    return degrees(x / EARTH_RADIUS_M), degrees(2 * atan(exp(y / EARTH_RADIUS_M)) - pi / 2)


def snap_outward(box: Box, side: float) -> Box:
    """`box` grown to multiples of `side`."""
    return Box(
        floor(box.west / side) * side, floor(box.south / side) * side,
        ceil(box.east / side) * side, ceil(box.north / side) * side,
    )
