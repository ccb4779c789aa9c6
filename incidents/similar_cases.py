"""Open cases nearby that may be the one that is being reported."""

from datetime import datetime

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D

from grids import crs
from grids.models import User
from incidents.models import Dispute
from incidents.similar import MOST_SIMILAR, SIMILAR_FOR, SIMILAR_M, category_group


def similar_cases(user: User, *, lon: float, lat: float, category: str, now: datetime) -> list[Dispute]:
    """Cases that `user` sees, like one of `category` at `lon`, `lat` (WGS84), nearest first.

    Each has its `distance` from there. What is similar is said in incidents/similar.py.
    """
    if not crs.is_in_metric_reach(lon, lat):
        return []
    place = Point(lon, lat, srid=crs.WGS84_SRID)
    place.transform(crs.METRIC_SRID)
    near = (
        Dispute.objects.visible_to(user)
        .open()
        .filter(
            location_metric__dwithin=(place, D(m=SIMILAR_M)),
            category__startswith=category_group(category),
            reported_at__gte=now - SIMILAR_FOR,
        )
    )
    nearest = near.annotate(distance=Distance("location_metric", place))
    return list(nearest.order_by("distance", "-reported_at", "pk")[:MOST_SIMILAR])
