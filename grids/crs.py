"""Coordinate systems. The only place with SRIDs and with conversion between datums."""

WGS84_SRID = 4326
METRIC_SRID = 4547  # CGCS2000 / 3-degree Gauss-Kruger CM 114E, metres
WEB_SRID = 3857
