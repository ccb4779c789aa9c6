"""Ground that nobody drew: polygons with holes and several parts, and points in them. Metres."""

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon


def random_district(random: np.random.Generator) -> MultiPolygon:
    """Some kilometres wide, of stars that may touch, overlap or lie apart, less one more star."""
    stars = [_star(random) for _ in range(random.integers(2, 5))]
    ground = shapely.union_all([*stars[1:], shapely.box(2000, 2000, 5000, 5000)]).difference(stars[0])
    return MultiPolygon([part for part in shapely.get_parts(ground) if isinstance(part, Polygon)])


def random_points(random: np.random.Generator, ground: shapely.Geometry, number: int) -> np.ndarray:
    """`number` points in `ground`, shape (number, 2)."""
    west, south, east, north = ground.bounds
    points = np.empty((0, 2))
    while len(points) < number:
        more = random.uniform((west, south), (east, north), (2 * number, 2))
        points = np.concatenate([points, more[shapely.intersects_xy(ground, *more.T)]])
    return points[:number]


def _star(random: np.random.Generator) -> Polygon:
    corners = random.integers(3, 12)
    angle = np.sort(random.uniform(0, 2 * np.pi, corners))
    reach = random.uniform(0.2, 1, corners) * random.uniform(1000, 6000)
    middle = random.uniform(0, 8000, 2)
    around = np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])
    return shapely.buffer(Polygon(middle + around), 0)
