"""Mediation bodies beside a case: placed, open and busy as a test needs it."""

from itertools import count

from django.contrib.gis.geos import Point

from grids import crs
from incidents.models import MediationBody, Mediator
from tests.factories.territory import COMMUNITY_1, UNITS, centre

_numbers = count(1)
# What a body of each form usually is: its kind and its type.
USUAL = {
    "centre": ("people", "2"),
    "committee": ("people", "2"),
    "industry_body": ("industry", "3"),
    "post": ("people", "2"),
    "desk": ("administrative", "6"),
    "judicial_office": ("judicial", "2"),
    "police_station": ("administrative", "6"),
    "law_firm": ("industry", "5"),
    "notary_office": ("judicial", "7"),
}
# Open at any time.
ALWAYS = [{"days": [1, 7], "from": "00:00", "to": "23:59"}]


def make_body(
    code: str | None = None,
    *,
    name: str | None = None,
    form: str = "committee",
    area: str = COMMUNITY_1,
    at: str | tuple[float, float] | None = UNITS[0],
    **fields,
) -> MediationBody:
    """A body of `form` that works in `area`. `at` is a unit, in whose middle it lies, longitude and latitude,
    or None for a body without a place.
    """
    code = code or f"B{next(_numbers):04d}"
    kind, body_type = USUAL[form]
    place = centre(at) if isinstance(at, str) else at
    facts = {
        "kind": kind,
        "body_type": body_type,
        "location": Point(*place, srid=crs.WGS84_SRID) if place else None,
    }
    return MediationBody.objects.create(
        code=code, name=name or f"{code}调解组织", form=form, area_id=area, **(facts | fields)
    )


def make_mediator(body: MediationBody, code: str | None = None, **fields) -> Mediator:
    """Someone who mediates for `body`."""
    code = code or f"M{next(_numbers):04d}"
    facts = {"name": f"{code}调解员", "background": "lawyer"}
    return Mediator.objects.create(code=code, body=body, **(facts | fields))
