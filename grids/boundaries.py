"""Polygons of areas: repair, gaps and overlaps. Pure.

Geometries are shapely (multi)polygons in WGS84 degrees, as they are stored, in arrays of shape (n,);
areas come in square metres. Two polygons that share an edge vertex by vertex have neither gap nor
overlap, whatever the projection; that is why nothing is projected here.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from grids.crs import area_m2, metres_per_degree

# What is smaller is taken for the drawing's own inexactness, not for a gap or an overlap.
TOLERANCE_M2 = 1.0
# A vertex this near to a neighbour's edge or vertex is meant to lie on it. Far under what any survey
# of a boundary resolves, and over the 5 mm by which seven decimals of a degree round.
SNAP_M = 0.05


class NotRepairable(ValueError):
    """The polygon crosses itself in a way that leaves open which ground it means."""


@dataclass(frozen=True)
class Overlap:
    """Ground that the areas at positions `first` < `second` both claim."""

    first: int
    second: int
    m2: float


def polygons_of(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons in `geometry`, points and lines left out."""
    parts = shapely.get_parts(shapely.get_parts(geometry))  # twice: collections hold multipolygons
    return shapely.MultiPolygon(list(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]))


def repair(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """A valid multipolygon of the same ground.

    A self-crossing outline can be read in two ways, by its lines or by its rings (make_valid's two
    methods). Where both give the same ground, that ground is meant.

    Raises:
        NotRepairable: the two readings differ by more than the tolerance.
    """
    if shapely.is_valid(geometry):
        return polygons_of(geometry)
    by_lines = polygons_of(shapely.make_valid(geometry, method="linework"))
    by_rings = polygons_of(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    difference = area_m2(shapely.symmetric_difference(by_lines, by_rings))
    if difference > TOLERANCE_M2:
        raise NotRepairable(f"{shapely.is_valid_reason(geometry)}; {difference:.1f} m2")
    return by_rings


def snap_to_neighbours(
    geometries: np.ndarray, tolerance: float, standing: np.ndarray | None = None
) -> np.ndarray:
    """`geometries`, with edges that nearly meet a neighbour's brought together. Shapes (n,) and (m,).

    `tolerance` is in the unit of the coordinates; `standing` are further neighbours, which do not
    move. Vertices within the tolerance of each other become one. An edge that passes within the
    tolerance of a vertex gets that vertex too, so that converting both sides keeps them together.
    A polygon whose edges all match its neighbours' stays untouched, and so does one that would
    become invalid.
    """
    fixed = np.array([], dtype=object) if standing is None else standing
    fabric = np.concatenate([geometries, fixed])
    loose = ~shapely.is_empty(shapely.coverage_invalid_edges(fabric, gap_width=tolerance))
    loose[len(geometries) :] = False
    if not loose.any():
        return geometries
    fabric[loose] = _valid_or(fabric[loose], _merge_vertices(fabric[loose], fabric[~loose], tolerance))
    tree = shapely.STRtree(fabric)
    loose = np.flatnonzero(loose)
    for position, nearby in _groups(*tree.query(fabric[loose], predicate="dwithin", distance=tolerance)):
        position = loose[position]
        targets = _vertices_near(fabric[nearby[nearby != position]], fabric[position], tolerance)
        if len(targets):
            noded = shapely.snap(fabric[position], shapely.multipoints(targets), tolerance)
            fabric[position] = _valid_or(fabric[[position]], np.array([polygons_of(noded)]))[0]
    return fabric[: len(geometries)]


def _merge_vertices(loose: np.ndarray, others: np.ndarray, tolerance: float) -> np.ndarray:
    """`loose` with each vertex moved to the first one within the tolerance, those of `others` first."""
    xy = np.concatenate([shapely.get_coordinates(others), shapely.get_coordinates(loose)])
    points = shapely.points(xy)
    vertex, near = shapely.STRtree(points).query(points, predicate="dwithin", distance=tolerance)
    first = np.arange(len(xy))
    np.minimum.at(first, vertex, near)
    while (first[first] != first).any():
        first = first[first]
    own = len(xy) - len(shapely.get_coordinates(loose))
    moved = shapely.set_coordinates(loose.copy(), xy[first][own:])
    return shapely.remove_repeated_points(moved)


def _valid_or(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.where(shapely.is_valid(after) & ~shapely.is_empty(after), after, before)


def _vertices_near(neighbours: np.ndarray, geometry: shapely.Geometry, tolerance: float) -> np.ndarray:
    xy = np.unique(shapely.get_coordinates(neighbours), axis=0)
    west, south, east, north = shapely.bounds(geometry)
    near = (xy >= (west - tolerance, south - tolerance)) & (xy <= (east + tolerance, north + tolerance))
    return xy[near.all(axis=1)]


def snap_degrees(geometries: np.ndarray) -> float:
    """SNAP_M in degrees at the latitude of `geometries`."""
    return float(SNAP_M / metres_per_degree(shapely.total_bounds(geometries)[[1, 3]].mean())[1])


def find_overlaps(geometries: np.ndarray) -> list[Overlap]:
    """Pairs that share more than TOLERANCE_M2 of ground, in order of position."""
    first, second = _suspects(geometries)
    shared = area_m2(shapely.intersection(geometries[first], geometries[second]))
    too_much = np.flatnonzero(shared > TOLERANCE_M2)
    return sorted(
        (Overlap(int(first[k]), int(second[k]), float(shared[k])) for k in too_much),
        key=lambda overlap: (overlap.first, overlap.second),
    )


def _suspects(geometries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs that may overlap. Edges that match a neighbour's exactly are passed over in linear time,
    which leaves nothing to intersect in a clean fabric."""
    unmatched = ~shapely.is_empty(shapely.coverage_invalid_edges(geometries))
    tree = shapely.STRtree(geometries)
    candidates = np.flatnonzero(unmatched)
    first, second = tree.query(geometries[candidates], predicate="intersects")
    first = candidates[first]
    pairs = np.unique(np.sort(np.column_stack([first, second])[first != second], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def find_gaps(children: np.ndarray, parent: shapely.Geometry | None) -> list[float]:
    """Square metres of each piece of `parent` that no child covers, the largest first.

    Without a parent, of each hole that the children leave between them.
    """
    covered = shapely.union_all(children)
    if parent is None:
        shells = shapely.get_exterior_ring(shapely.get_parts(covered))
        parent = shapely.union_all(shapely.polygons(shells))
    return _pieces_m2(shapely.difference(parent, covered))


def outside_m2(children: np.ndarray, parents: np.ndarray) -> np.ndarray:
    """Square metres of each child beyond its parent, shape (n,); 0 up to the tolerance."""
    beyond = area_m2(shapely.difference(children, parents))
    return np.where(beyond > TOLERANCE_M2, beyond, 0.0)


def _pieces_m2(geometry: shapely.Geometry) -> list[float]:
    pieces = area_m2(shapely.get_parts(polygons_of(geometry)))
    return sorted((float(m2) for m2 in pieces if m2 > TOLERANCE_M2), reverse=True)


def _groups(keys: np.ndarray, values: np.ndarray):
    """Each key with the array of its values, keys ascending."""
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], values[order]
    found, starts = np.unique(keys, return_index=True)
    return zip(found, np.split(values, starts[1:]), strict=True) if len(found) else ()
