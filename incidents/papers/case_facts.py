"""What the forms need of a case, read from the database. Papers are in Chinese, whoever issues them."""

from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from incidents.codes import CATEGORIES
from incidents.models import (
    Agreement,
    CaseDocument,
    Dispute,
    FollowUpVisit,
    MediationBody,
    MediationRecord,
)
from incidents.papers.facts import (
    AgreementFacts,
    CaseFacts,
    InstalmentFacts,
    PartyFacts,
    RecordFacts,
    VisitFacts,
)
from incidents.papers.numbering import Kind
from incidents.places import PlaceNames

PEOPLES_MEDIATION = "2"
METHODS = {"visit": "上门", "phone": "电话", "office": "来访"}
RESULTS = {"kept": "已履行", "partly": "部分履行", "broken": "未履行", "unreached": "未联系上"}


def case_facts(dispute: Dispute) -> CaseFacts:
    """The case with at least two parties; one that is not registered is left to be written by hand."""
    parties = [PartyFacts(party.name, party.phone, party.role) for party in dispute.parties.all()]
    parties += [PartyFacts("")] * (2 - len(parties))
    case = CaseFacts(
        case_number=dispute.case_number,
        subject=CATEGORIES[dispute.category][0],
        title=dispute.title,
        description=dispute.description,
        place=_place(dispute),
        occurred_on=timezone.localtime(dispute.occurred_at).date(),
        parties=tuple(parties),
        mediators=_mediators(dispute),
    )
    return of_body(case, dispute.lead_body)


def of_body(case: CaseFacts, body: MediationBody | None) -> CaseFacts:
    """`case` as a paper of `body`, of the one that it has where none is given."""
    if body is None:
        return case
    return replace(case, body=body.name, people=body.body_type == PEOPLES_MEDIATION)


def record_facts(held: MediationRecord) -> RecordFacts:
    return RecordFacts(
        held_at=timezone.localtime(held.held_at),
        place=held.place,
        attendees=tuple(line.strip() for line in held.attendees.splitlines() if line.strip()),
        summary=held.summary,
        recorder=held.recorded_by.name,
    )


def agreement_facts(agreed: Agreement) -> AgreementFacts:
    issued = CaseDocument.objects.filter(
        dispute=agreed.dispute_id, kind=Kind.AGREEMENT, content__source=agreed.pk
    )
    paper = issued.order_by("pk").last()
    return AgreementFacts(
        reached_on=agreed.reached_on,
        effective_on=agreed.effective_on,
        oral=agreed.form == Agreement.ORAL,
        facts=agreed.facts,
        terms=agreed.terms,
        instalments=tuple(
            InstalmentFacts(each.what, each.amount_yuan, each.due_on) for each in agreed.instalments.all()
        ),
        paper=paper.number if paper else "",
    )


def visit_facts(visit: FollowUpVisit) -> VisitFacts:
    return VisitFacts(
        visited_on=visit.visited_on,
        method=METHODS[visit.method],
        result=RESULTS[visit.result],
        note=visit.note,
        visitor=visit.visited_by.name,
    )


def _mediators(dispute: Dispute) -> tuple[str, ...]:
    bodies = dispute.bodies.filter(until=None, mediator__isnull=False).select_related("mediator")
    named = tuple(dict.fromkeys(each.mediator.name for each in bodies))
    return named or ((dispute.assigned_to.name,) if dispute.assigned_to else ())


def _place(dispute: Dispute) -> str:
    district, parts = settings.GRIDGOV_DISTRICT_NAME, PlaceNames([dispute]).parts(dispute.grid_unit_id)
    place = dispute.address_text or "".join(parts)
    return place if district in place else f"{district}{place}"
