"""Bodies of the mediation network and their mediators, on the squares of `territory`."""

from django.contrib.gis.geos import Point

from incidents.models import MediationBody, Mediator
from incidents.opening_hours import parse_hours
from tests.factories.territory import COMMUNITY_1, DISTRICT, STREET_1, STREET_2, UNITS, centre

WORKING_HOURS = "周一至周五 08:30-12:00 14:00-17:30"


def make_body(code: str = "B1", **fields) -> MediationBody:
    """A community's committee unless `fields` say otherwise."""
    said = {
        "name": f"组织{code}",
        "kind": "people",
        "body_type": "2",
        "form": "committee",
        "area_id": COMMUNITY_1,
        "opening_hours": parse_hours(WORKING_HOURS),
        "capacity": 5,
    }
    return MediationBody.objects.create(code=code, **said | fields)


def make_mediator(body: MediationBody, code: str = "M1", **fields) -> Mediator:
    said = {"name": f"调解员{code}", "background": "community_worker", "languages": ["cantonese"]}
    return Mediator.objects.create(code=code, body=body, **said | fields)


def make_network() -> dict[str, MediationBody]:
    """A centre for the district, one for each street, a committee and an industry body."""
    bodies = [
        make_body("D1", name="区调解中心", form="centre", area_id=DISTRICT, capacity=None),
        make_body("S1", name="一街调解中心", form="centre", area_id=STREET_1),
        make_body("S2", name="二街调解中心", form="centre", area_id=STREET_2),
        make_body("C1", name="社区调委会", categories=["02", "0402"], location=Point(*centre(UNITS[0]))),
        make_body(
            "I1", name="物业调委会", kind="industry", body_type="3", form="industry_body",
            area_id=DISTRICT, categories=["0402"], channels=["apartment"], opening_hours=[],
        ),
    ]  # fmt: skip
    return {body.code: body for body in bodies}
