"""Which papers a case can have now, of what each is made, and what is missing for the others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from incidents.models import Agreement, Dispute, JudicialConfirmation
from incidents.papers import case_facts, forms
from incidents.papers.blocks import Block
from incidents.papers.numbering import Kind
from incidents.workflow import Action

NOT_ACCEPTED = ("案件还没有受理。", "The case is not accepted yet.")
NO_RECORD = ("还没有登记调解笔录。", "No mediation is recorded yet.")
NO_AGREEMENT = ("还没有登记调解协议。", "No agreement is recorded yet.")
NOT_WRITTEN = (
    "需要一份没有违约的书面调解协议。",
    "It needs a written agreement that was not broken.",
)
NO_VISIT = ("还没有登记回访。", "No follow-up visit is recorded yet.")


@dataclass(frozen=True)
class Issuable:
    """A paper that can be issued, or why it cannot. `source` is the row that it is about, by its id, where
    several are possible; `detail` tells them apart. `blocks` makes the paper once it has a number."""

    kind: Kind
    source: int | None = None
    detail: str = ""
    missing: tuple[str, str] | None = None
    blocks: Callable[[str], tuple[Block, ...]] | None = None


def issuable_papers(dispute: Dispute) -> list[Issuable]:
    """One for each kind and, where a kind is about a record, an agreement or a visit, for each of those."""
    return [
        Issuable(Kind.APPLICATION, blocks=lambda number: forms.application(number, _case(dispute))),
        _acceptance(dispute),
        *_or_missing(Kind.RECORD, _records(dispute), NO_RECORD),
        *_or_missing(Kind.AGREEMENT, _agreements(dispute), NO_AGREEMENT),
        *_or_missing(Kind.CONFIRMATION, _confirmations(dispute), NOT_WRITTEN),
        *_or_missing(Kind.FOLLOW_UP, _visits(dispute), NO_VISIT),
    ]


def _case(dispute: Dispute):
    return case_facts.case_facts(dispute)


def _or_missing(kind: Kind, papers: Iterable[Issuable], missing: tuple[str, str]) -> list[Issuable]:
    return list(papers) or [Issuable(kind, missing=missing)]


def _acceptance(dispute: Dispute) -> Issuable:
    accepted = dispute.events.filter(action=Action.ACCEPT).order_by("version").last()
    if accepted is None:
        return Issuable(Kind.ACCEPTANCE, missing=NOT_ACCEPTED)
    on = timezone.localtime(accepted.at).date()
    return Issuable(Kind.ACCEPTANCE, blocks=lambda number: forms.acceptance(number, _case(dispute), on))


def _records(dispute: Dispute) -> Iterator[Issuable]:
    for held in dispute.mediation_records.select_related("body", "recorded_by"):

        def blocks(number, held=held):
            case = case_facts.of_body(_case(dispute), held.body)
            return forms.record(number, case, case_facts.record_facts(held))

        on = timezone.localtime(held.held_at).date()
        yield Issuable(Kind.RECORD, held.pk, on.isoformat(), blocks=blocks)


def _agreements(dispute: Dispute) -> Iterator[Issuable]:
    for agreed in dispute.agreements.all():

        def blocks(number, agreed=agreed):
            return forms.agreement(number, _case(dispute), case_facts.agreement_facts(agreed))

        yield Issuable(Kind.AGREEMENT, agreed.pk, agreed.reached_on.isoformat(), blocks=blocks)


def _confirmations(dispute: Dispute) -> Iterator[Issuable]:
    for agreed in dispute.agreements.in_force().filter(form=Agreement.WRITTEN):

        def blocks(number, agreed=agreed):
            applied = agreed.confirmations.filter(outcome=JudicialConfirmation.PENDING).first()
            court = applied.court if applied else ""
            return forms.confirmation(number, _case(dispute), case_facts.agreement_facts(agreed), court)

        yield Issuable(Kind.CONFIRMATION, agreed.pk, agreed.reached_on.isoformat(), blocks=blocks)


def _visits(dispute: Dispute) -> Iterator[Issuable]:
    agreed = dispute.agreements.order_by("number").last()
    for visit in dispute.visits.select_related("visited_by"):

        def blocks(number, visit=visit):
            about = case_facts.agreement_facts(agreed) if agreed else None
            return forms.follow_up(number, _case(dispute), about, case_facts.visit_facts(visit))

        yield Issuable(Kind.FOLLOW_UP, visit.pk, visit.visited_on.isoformat(), blocks=blocks)
