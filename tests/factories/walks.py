"""Cases that went every possible way, by chance: for figures that are to be recomputed from the history."""

import random
from datetime import date, datetime, timedelta

from django.db import transaction

from grids.errors import DomainError
from grids.models import Duty, User
from grids.roles import Role
from incidents.models import CaseBody, Dispute, FollowUpVisit, MediationBody, PartyCode, Rating
from incidents.policies import policy_book
from incidents.services import take_action
from incidents.services.changes import escalate_if_due
from incidents.workflow import ENDED, Action, allowed_actions
from tests.factories.disputes import NOW, make_dispute
from tests.factories.legal import ask_court
from tests.factories.people import make_user
from tests.factories.territory import BEGUN, COMMUNITY_1, COMMUNITY_2, COMMUNITY_3, STREET_1, STREET_2, UNITS

# Steps that end a case for good, or hold it up, are rarer.
RARE = {Action.VOID, Action.TRANSFER, Action.SUSPEND, Action.HAND_BACK, Action.ESCALATE}

OFTEN = {Action.APPLY_CONFIRMATION: 3, Action.RECORD_BREACH: 2, Action.BEGIN_MEDIATION: 2}


def make_all_hands() -> User:
    """Somebody on duty everywhere at every level."""
    user = make_user("all_hands", Role.DISTRICT_CENTRE, "440105")
    areas = {
        Role.STREET_CENTRE: (STREET_1, STREET_2),
        Role.COMMUNITY_MEDIATOR: (COMMUNITY_1, COMMUNITY_2, COMMUNITY_3),
        Role.GRID_WORKER: UNITS,
    }
    for role, codes in areas.items():
        for code in codes:
            Duty.objects.create(user=user, role=role, area_id=code, valid_from=BEGUN)
    return user


def make_body(code: str, kind: str = "people", area: str = STREET_1) -> MediationBody:
    return MediationBody.objects.create(
        code=code, name=f"调解组织{code}", kind=kind, body_type="2", form="committee", area_id=area
    )


def walk_cases(user: User, count: int, seed: int, bodies: list[MediationBody]) -> None:
    """`count` cases reported in the 80 days after NOW, each taken on by up to fourteen steps."""
    rng = random.Random(seed)
    for _ in range(count):
        at = NOW + timedelta(minutes=rng.randrange(80 * 24 * 60))
        facts = {"category": rng.choice(("0201", "0402", "0703")), "scale": "01"}
        dispute = make_dispute(user, rng.choice(UNITS), now=at, occurred_at=at, **facts)
        _walk(user, dispute, at, rng, bodies)


def _walk(user: User, dispute: Dispute, at: datetime, rng: random.Random, bodies) -> None:
    for _ in range(rng.randrange(3, 15)):
        at += timedelta(minutes=rng.choice((30, 90, 240, 1500, 6000, 20_000)))
        dispute = Dispute.objects.get(pk=dispute.pk)
        if rng.random() < 0.3:
            escalate_if_due(dispute, book=policy_book(), at=at)
            at += timedelta(minutes=1)
        if rng.random() < 0.3:
            _change_lead(dispute, at - timedelta(seconds=30), rng, bodies)
        if dispute.state in ENDED and rng.random() < 0.7:
            break
        allowed = [
            step for step in allowed_actions(dispute.standing) if step not in RARE or rng.random() < 0.1
        ]
        if allowed:
            weights = [OFTEN.get(step, 1) for step in allowed]
            _try(user, dispute, rng.choices(allowed, weights)[0], at)
        _after(user, dispute, at, rng)


def _try(user: User, dispute: Dispute, action: Action, at: datetime) -> None:
    given = {"reason": "理由", "assignee": user.username, "organisation": "住建部门"}
    if action is Action.REFUSE_CONFIRMATION:
        given["reason_code"] = "confirmation_withdrawn" if at.minute % 2 else "confirmation_refused"
    step = ask_court if action is Action.APPLY_CONFIRMATION else take_action
    try:
        with transaction.atomic():
            step(user=user, dispute_id=dispute.pk, action=action, now=at, **given)
    except DomainError:
        return  # what the policy forbids did not happen


def _change_lead(dispute: Dispute, at: datetime, rng: random.Random, bodies) -> None:
    CaseBody.objects.filter(dispute=dispute, until=None).update(until=at)
    if rng.random() < 0.8:
        body = rng.choice(bodies)
        CaseBody.objects.create(dispute=dispute, body=body, role=CaseBody.LEAD, since=at)


def _after(user: User, dispute: Dispute, at: datetime, rng: random.Random) -> None:
    if rng.random() < 0.2:
        result = rng.choice([choice for choice, _ in FollowUpVisit._meta.get_field("result").choices])
        FollowUpVisit.objects.create(
            dispute=dispute, visited_on=_day(at), method="phone", result=result, visited_by=user
        )
    if rng.random() < 0.15:
        code = PartyCode.objects.create(dispute=dispute, digest=f"{rng.getrandbits(256):064x}", given_by=user)
        Rating.objects.create(dispute=dispute, code=code, stars=rng.randrange(1, 6), rated_at=at)


def _day(at: datetime) -> date:
    return at.astimezone(NOW.tzinfo).date()
