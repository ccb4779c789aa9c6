"""Many disputes at once, for counting: written as rows, without the services' histories."""

import random
import uuid
from datetime import datetime, timedelta

from django.contrib.gis.geos import Point

from grids.models import User
from incidents import codes
from incidents.models import Dispute
from incidents.workflow import ENDED, State
from tests.factories.disputes import NOW
from tests.factories.territory import SIDE, UNITS, centre

LEVEL_LENGTHS = {"grid": 15, "community": 12, "street": 9, "district": 6}
SPAN_DAYS = 300


def scatter_disputes(reporter: User, count: int, seed: int = 1) -> list[Dispute]:
    """`count` disputes of the last `SPAN_DAYS` in all units, a third of them at their unit's middle."""
    rng = random.Random(seed)
    return Dispute.objects.bulk_create(_dispute(reporter, number, rng) for number in range(count))


def _dispute(reporter: User, number: int, rng: random.Random) -> Dispute:
    unit = rng.choice(UNITS)
    level = rng.choice(list(LEVEL_LENGTHS))
    state = rng.choice(list(State))
    reported_at = NOW - timedelta(minutes=rng.randrange(SPAN_DAYS * 24 * 60))
    lon, lat = _place(unit, rng)
    return Dispute(
        case_number=f"HZ2025-{number:06d}", title=f"标题 {number}", description=f"经过 {number}",
        category=rng.choice(list(codes.CATEGORIES)), scale="01", risk=rng.choice(list(codes.RISKS)),
        source="patrol", occurred_at=reported_at,
        location=Point(lon, lat, srid=4326), original_lon=lon, original_lat=lat, original_datum="wgs84",
        grid_unit_id=unit, home_area_id=unit, level=level, responsible_area_id=unit[:LEVEL_LENGTHS[level]],
        reported_by=reporter, reported_at=reported_at, level_entered_at=reported_at,
        report_key=uuid.UUID(int=rng.getrandbits(128)), report_digest="0" * 64,
        **_state_facts(state, reported_at),
    )


def _place(unit: str, rng: random.Random) -> tuple[float, float]:
    lon, lat = centre(unit)
    if rng.random() < 1 / 3:
        return lon, lat
    reach = SIDE / 2 * 0.99
    return lon + rng.uniform(-reach, reach), lat + rng.uniform(-reach, reach)


def _state_facts(state: State, reported_at: datetime) -> dict:
    if state in ENDED:
        return {"state": state, "ended_at": reported_at + timedelta(days=1)}
    if state is State.SUSPENDED:
        return {"state": state, "suspended_at": reported_at, "state_before_suspension": State.ACCEPTED}
    return {"state": state, "due_at": reported_at + timedelta(days=30)}
