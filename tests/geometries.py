"""Named squares whose edges, corners and areas can be worked out by hand.

All in WGS84 degrees, in the middle of Haizhu. A square of 0.002 degrees is about 205 m by 221 m.

    +-------+-------+
    | NORTH | NORTH |      113.300  113.302  113.304   longitude
    | WEST  | EAST  |
    +-------+-------+      23.084
    | SOUTH | SOUTH |      23.082
    | WEST  | EAST  |      23.080
    +-------+-------+                                  latitude
"""

from shapely import LinearRing, MultiPolygon, Polygon, box

SOUTH_WEST = box(113.300, 23.080, 113.302, 23.082)
SOUTH_EAST = box(113.302, 23.080, 113.304, 23.082)
NORTH_WEST = box(113.300, 23.082, 113.302, 23.084)
NORTH_EAST = box(113.302, 23.082, 113.304, 23.084)
WEST = box(113.300, 23.080, 113.302, 23.084)
EAST = box(113.302, 23.080, 113.304, 23.084)
WHOLE = box(113.300, 23.080, 113.304, 23.084)

# The four squares' common corner, the middle of an edge between two, and a point 51 m inside one.
CENTRE = (113.302, 23.082)
EDGE_MIDDLE = (113.302, 23.081)
INSIDE_SOUTH_WEST = (113.3015, 23.081)

# A square with a hole, and a point in the hole.
WITH_HOLE = Polygon(
    LinearRing([(113.300, 23.080), (113.304, 23.080), (113.304, 23.084), (113.300, 23.084)]),
    [LinearRing([(113.301, 23.081), (113.303, 23.081), (113.303, 23.083), (113.301, 23.083)])],
)
IN_HOLE = (113.302, 23.082)

# Crosses itself in the middle: two triangles, whichever way it is read.
BOW_TIE = Polygon([(113.300, 23.080), (113.302, 23.082), (113.302, 23.080), (113.300, 23.082)])
# Runs twice over its lower right part: read by its lines that part is a hole, by its rings it is ground.
TWICE_OVER = Polygon(
    [(113.300, 23.080), (113.304, 23.080), (113.304, 23.084), (113.301, 23.084), (113.301, 23.081),
     (113.303, 23.081), (113.303, 23.083), (113.300, 23.083)]
)  # fmt: skip


def moved(polygon: Polygon, lon: float = 0.0, lat: float = 0.0) -> Polygon:
    """`polygon` shifted by degrees."""
    return Polygon([(x + lon, y + lat) for x, y in polygon.exterior.coords])


def multi(polygon: Polygon) -> MultiPolygon:
    return MultiPolygon([polygon])
