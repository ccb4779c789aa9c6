"""What people write down beside a case's way, each as a service and what it is given: for random casework."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from incidents.models import Dispute
from incidents.services.agreements import InstalmentGiven, record_agreement, record_payment
from incidents.services.breaches import ADVICE, record_breach
from incidents.services.confirmations import OUTCOMES, decide_confirmation
from incidents.services.guidance import ask_guidance, give_guidance
from incidents.services.mediation_records import record_mediation
from incidents.services.party_codes import give_party_code, revoke_party_code
from incidents.services.routing import call_in_body, choose_body, release_body
from incidents.services.supplements import add_supplement
from incidents.services.visits import METHODS, RESULTS, record_visit
from tests.factories.case_bodies import ALWAYS, make_body
from tests.factories.disputes import NOW, new_key
from tests.factories.legal import TERMS
from tests.factories.territory import COMMUNITY_1, DISTRICT, STREET_1

BODIES = ("B-COMMITTEE", "B-STREET", "B-INDUSTRY", "B-NOBODY")


def settle_bodies() -> None:
    """Three bodies that may be asked; there is no fourth."""
    committee, street, industry, _ = BODIES
    make_body(committee, area=COMMUNITY_1, opening_hours=ALWAYS)
    make_body(street, form="centre", area=STREET_1, opening_hours=ALWAYS)
    make_body(industry, form="industry_body", area=DISTRICT, opening_hours=ALWAYS)


def _mediation(dispute: Dispute, chance: int, now: datetime) -> dict:
    return {
        "held_at": now - timedelta(minutes=chance - 5), "place": "调解室", "attendees": "甲\n乙",
        "summary": "各执一词", "begin": chance % 2 == 0,
    }  # fmt: skip


def _agreement(dispute: Dispute, chance: int, now: datetime) -> dict:
    form = "oral" if chance % 3 == 0 else "written"
    reached_on = _day(now) - timedelta(days=1 - chance % 3)
    instalments = [InstalmentGiven(what=f"第 {n} 期", due_on=reached_on + timedelta(days=n)) for n in (1, 2)]
    return {"form": form, "reached_on": reached_on, "terms": TERMS, "instalments": instalments}


def _decision(dispute: Dispute, chance: int, now: datetime) -> dict:
    outcome = list(OUTCOMES)[chance % len(OUTCOMES)]
    return {"outcome": outcome, "decided_on": _day(now), "reason": "理由" if chance % 4 else ""}


def _visit(dispute: Dispute, chance: int, now: datetime) -> dict:
    return {
        "visited_on": _day(now) + timedelta(days=chance % 5 == 0), "method": METHODS[chance % len(METHODS)],
        "result": RESULTS[chance % len(RESULTS)], "begin_follow_up": chance % 2 == 0,
    }  # fmt: skip


def _breach(dispute: Dispute, chance: int, now: datetime) -> dict:
    return {"broken_on": _day(now), "breach": "未付款", "advice": list(ADVICE)[chance % len(ADVICE)]}


def _guidance(dispute: Dispute, chance: int, now: datetime) -> dict:
    asked = dispute.guidance.filter(answered_at=None).first()
    return {"guidance_id": asked and asked.pk, "answer": "可先查明渗漏点"}


def _code(dispute: Dispute, chance: int, now: datetime) -> dict:
    known = dispute.party_codes.filter(revoked_at=None).first()
    return {"code_id": known.pk if known else 0}


def _body(dispute: Dispute, chance: int, now: datetime) -> dict:
    return {"body": BODIES[chance % len(BODIES)], "reason": "就近" if chance % 3 else ""}


def _supplement(dispute: Dispute, chance: int, now: datetime) -> dict:
    """Of twelve two are sent under a key that may be known from this case or another."""
    key = UUID(int=10**9 + chance) if chance < 2 else new_key()
    return {"key": key, "text": "又来了" if chance % 5 else " ", "photos": chance % 4}


def _day(now: datetime) -> date:
    return now.astimezone(NOW.tzinfo).date()


# Name -> the service, and what it is given of a case at a time; `chance` (0 to 11) chooses.
WRITTEN: dict[str, tuple[Callable, Callable[[Dispute, int, datetime], dict]]] = {
    "mediation": (record_mediation, _mediation),
    "agreement": (record_agreement, _agreement),
    "payment": (record_payment, lambda dispute, chance, now: {"number": chance % 3, "done_on": _day(now)}),
    "decision": (decide_confirmation, _decision),
    "visit": (record_visit, _visit),
    "breach": (record_breach, _breach),
    "question": (ask_guidance, lambda dispute, chance, now: {"question": "如何厘清责任?" if chance else " "}),
    "guidance": (give_guidance, _guidance),
    "party code": (give_party_code, lambda dispute, chance, now: {}),
    "revoked code": (revoke_party_code, _code),
    "chosen body": (choose_body, _body),
    "called body": (call_in_body, _body),
    "released body": (release_body, _body),
    "supplement": (add_supplement, _supplement),
}
# Given by those above the one who has the case.
FROM_ABOVE = {"guidance"}
# By everyone who sees it.
BY_ALL = {"supplement"}
