"""Mediators to be appraised, and campaigns."""

from datetime import date

from grids.models import User
from incidents.models import AppraisalEntry, AppraisalItem, Campaign, MediationBody, Mediator
from tests.factories.territory import STREET_1


def make_mediator(code: str, body: MediationBody, **fields) -> Mediator:
    facts = {"name": f"调解员{code}", "background": "community_worker", "full_time": True}
    return Mediator.objects.create(code=code, body=body, **facts | fields)


def make_campaign(user: User, area: str = STREET_1, **fields) -> Campaign:
    facts = {"place": "文化广场", "held_on": date(2026, 3, 1), "topic": "物业纠纷预防", "form": "stall"}
    return Campaign.objects.create(area_id=area, recorded_by=user, **facts | fields)


def make_appraised(user: User) -> AppraisalEntry:
    """A campaign of the first street, and a full-time mediator there to whom `user` gave points."""
    make_campaign(user)
    body = MediationBody.objects.create(
        code="B-1", name="一街调委会", kind="people", body_type="2", form="committee", area_id=STREET_1
    )
    return AppraisalEntry.objects.create(
        mediator=make_mediator("M-1", body),
        item=AppraisalItem.objects.get(code="praised"),
        on=date(2026, 3, 1),
        reason="锦旗",
        given_by=user,
    )
