"""From the coordinate system of a file to WGS84, refusing where the two accounts of it disagree."""

import numpy as np
import shapely
from django.contrib.gis.gdal import CoordTransform, GDALException, OGRGeometry, SpatialReference

from grids import crs
from grids.crs import Datum
from grids.errors import CrsContradicts, CrsGivenTwice, CrsMissing, CrsUnknown, DatumNeedsDegrees

# GDAL's names of the datums that are one at our precision.
WGS84_DATUMS = {"WGS_1984", "China_2000"}


def geometries_in_wgs84(
    geometries: np.ndarray, *, path: str, found: str | None, datum: str | None, srid: int | str | None
) -> np.ndarray:
    """Shapely geometries of the file `path` in WGS84, longitude first.

    Args:
        found: the system that the file states, in any form that GDAL reads, or None.
        datum, srid: what the user states; at most one of the two.

    A stated system of degrees does not speak against gcj02 or bd09: these have no EPSG code, and
    their files are commonly marked as WGS84.

    Raises:
        CrsMissing, CrsUnknown, CrsGivenTwice, CrsContradicts, DatumNeedsDegrees, DatumUnknown.
    """
    if datum and srid:
        raise CrsGivenTwice()
    stated = _usable(found)
    if srid:
        given = _by_code(srid)
        if stated and not _same(stated, given):
            raise CrsContradicts(found=_name(stated), given=f"EPSG:{srid}")
        return _reproject(geometries, given)
    if not datum:
        if not stated:
            raise CrsMissing(path=path)
        return _reproject(geometries, stated)
    chosen = Datum.parse(datum)
    if chosen is Datum.WGS84 and stated:
        if stated["DATUM"] not in WGS84_DATUMS:
            raise CrsContradicts(found=_name(stated), given=chosen.value)
        return _reproject(geometries, stated)
    if stated and not stated.geographic:
        raise DatumNeedsDegrees(datum=chosen.value, found=_name(stated))
    _check_degrees(geometries, chosen)
    return crs.geometries_to_wgs84(geometries, chosen)


def is_known(name: object) -> bool:
    """Whether `name` is a coordinate system's, such as "EPSG:4490" or 4490."""
    return _usable(str(name) if isinstance(name, str | int) else None) is not None


def _usable(found: str | None) -> SpatialReference | None:
    """A system with a place on the earth; drawings' local systems ("Undefined Cartesian") are none."""
    if not found:
        return None
    try:
        reference = SpatialReference(found)
    except GDALException:
        return None
    return reference if reference.geographic or reference.projected else None


def _by_code(srid: int | str) -> SpatialReference:
    try:
        return SpatialReference(int(srid))
    except (GDALException, ValueError, OverflowError):
        raise CrsUnknown(srid=srid) from None


def _same(one: SpatialReference, other: SpatialReference) -> bool:
    """Equal for our purpose: CGCS2000 counts as WGS84, and a .prj without codes by its parameters."""
    wgs84_like = {_by_code(srid).proj.strip() for srid in (crs.WGS84_SRID, crs.CGCS2000_SRID)}
    a, b = one.proj.strip(), other.proj.strip()
    return a == b or {a, b} <= wgs84_like


def _reproject(geometries: np.ndarray, source: SpatialReference) -> np.ndarray:
    target = _by_code(crs.WGS84_SRID)
    if _same(source, target):
        return geometries
    transform = CoordTransform(source, target)
    return np.array([_transformed(geometry, source, transform) for geometry in geometries], dtype=object)


def _transformed(
    geometry: shapely.Geometry | None, source: SpatialReference, transform: CoordTransform
) -> shapely.Geometry | None:
    if geometry is None or geometry.is_empty:
        return geometry
    moved = OGRGeometry(memoryview(shapely.to_wkb(geometry)), source)
    try:
        moved.transform(transform)
    except GDALException:  # far outside the area that the system is made for
        raise DatumNeedsDegrees(datum=Datum.WGS84.value, found=_name(source)) from None
    return shapely.from_wkb(bytes(moved.wkb))


def _check_degrees(geometries: np.ndarray, datum: Datum) -> None:
    west, south, east, north = shapely.total_bounds(geometries)
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise DatumNeedsDegrees(datum=datum.value, found=f"{west:.1f}, {south:.1f}")


def _name(reference: SpatialReference) -> str:
    return f"EPSG:{reference.srid}" if reference.srid else str(reference.name)
