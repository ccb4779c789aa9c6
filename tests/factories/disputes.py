"""Reports, and disputes made of them by the services."""

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from grids.models import User
from incidents.models import Dispute
from incidents.report import Report
from incidents.services import report_dispute, take_action
from incidents.workflow import Action
from tests.factories.territory import UNITS, centre

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
_keys = count(1)


def make_report(unit: str = UNITS[0], **changes) -> Report:
    """A report from the middle of `unit`, an hour before NOW."""
    lon, lat = centre(unit)
    facts = {
        "title": "楼上漏水",
        "description": "厨房天花板渗水。",
        "category": "0201",
        "scale": "01",
        "people_involved": 2,
        "occurred_at": NOW - timedelta(hours=1),
        "source": "patrol",
        "lon": lon,
        "lat": lat,
        "datum": "wgs84",
    }
    return Report(**(facts | changes))


def new_key() -> UUID:
    return UUID(int=next(_keys))


def make_dispute(reporter: User, unit: str = UNITS[0], *, now: datetime = NOW, **changes) -> Dispute:
    """A dispute just reported."""
    dispute, new = report_dispute(
        reporter=reporter, report=make_report(unit, **changes), key=new_key(), now=now
    )
    assert new
    return dispute


def act(user: User, dispute: Dispute, *actions: Action, now: datetime = NOW, **given) -> Dispute:
    """`user` takes `actions` one after the other, with a reason."""
    given = {"reason": "理由", "organisation": "住建部门"} | given
    for action in actions:
        dispute = take_action(user=user, dispute_id=dispute.id, action=action, now=now, **given)
    return dispute


def report_body(unit: str = UNITS[0], **changes) -> dict:
    """A report as the API takes it."""
    lon, lat = centre(unit)
    body = {
        "title": "楼上漏水",
        "description": "厨房天花板渗水。",
        "category": "0201",
        "scale": "01",
        "people_involved": 2,
        "occurred_at": "2026-03-02T08:00:00+08:00",
        "source": "patrol",
        "location": {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": None},
    }
    return body | changes
