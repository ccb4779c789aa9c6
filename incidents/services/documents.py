"""Issuing the papers of a case and opening them again."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.errors import DocumentNotFound, DocumentNotReady, DocumentsNotYours, FieldsInvalid
from incidents.measures import Measure
from incidents.models import CaseDocument, Dispute, PartyAccess
from incidents.papers.issuable import Issuable, issuable_papers
from incidents.papers.numbering import NAMES, Kind, paper_number
from incidents.papers.paper import Paper
from incidents.permissions import may_open_parties
from incidents.services.actions import area_facts
from incidents.services.announcing import announce_change
from incidents.services.changes import record_measure
from incidents.services.measures import locked_for


def issue_document(
    *,
    user: User,
    dispute_id: UUID,
    kind: Kind | str,
    site: str,
    source: int | None = None,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> CaseDocument:
    """Make a numbered paper of the case and keep what it says.

    `source` is the record, agreement or visit that it is about, the last one if not given. `site` is where
    GridGov is reached ("https://grid.example.cn"), for the case's code on the paper. Numbers are never given
    twice: the row of the case is locked while its papers are counted.

    Raises:
        FieldsInvalid, DisputeNotFound, DisputeChanged, MeasureNotYours, MeasureNotAllowed, DocumentNotReady.
    """
    now = now or timezone.now()
    with locked_for(
        Measure.ISSUE_DOCUMENT, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        kind = _known_kind(kind)
        chosen = _chosen(dispute, kind, source)
        number = paper_number(
            district=settings.GRIDGOV_DISTRICT_NAME,
            case_number=dispute.case_number,
            kind=kind,
            sequence=dispute.documents.count() + 1,
        )
        address = f"{site.rstrip('/')}/disputes/{dispute.pk}"
        paper = Paper(number, dispute.case_number, address, now, chosen.blocks(number))
        document = CaseDocument.objects.create(
            dispute=dispute,
            kind=kind,
            number=number,
            content={**paper.content(), "source": chosen.source},
            issued_by=user,
            issued_at=now,
        )
        PartyAccess.objects.create(dispute=dispute, user=user)
        record_measure(
            dispute,
            Measure.ISSUE_DOCUMENT,
            at=now,
            actor=user,
            details={"kind": kind.value, "number": number},
        )
        announce_change(dispute, Measure.ISSUE_DOCUMENT, actor=user)
    return document


@transaction.atomic
def open_document(*, user: User, dispute_id: UUID, document_id: int) -> Paper:
    """A paper as it was issued, for one who answers for the case now. That it was opened is on record.

    Raises:
        DisputeNotFound, DocumentsNotYours, DocumentNotFound.
    """
    dispute = Dispute.objects.one_visible_to(user, dispute_id)
    if not may_open_parties(user, dispute):
        raise DocumentsNotYours(**area_facts(dispute))
    document = dispute.documents.filter(pk=document_id).first()
    if document is None:
        raise DocumentNotFound
    PartyAccess.objects.create(dispute=dispute, user=user)
    return Paper.of(document)


def _known_kind(kind: str) -> Kind:
    if kind not in set(Kind):
        message = f"应为其中之一:{', '.join(Kind)}。 / Must be one of these."
        raise FieldsInvalid({"kind": [{"message": message, "code": "invalid"}]})
    return Kind(kind)


def _chosen(dispute: Dispute, kind: Kind, source: int | None) -> Issuable:
    of_kind = [paper for paper in issuable_papers(dispute) if paper.kind is kind]
    if missing := of_kind[-1].missing:
        zh, en = NAMES[kind]
        raise DocumentNotReady(
            kind=kind.value, name=zh, name_en=en, missing=missing[0], missing_en=missing[1]
        )
    if source is None:
        return of_kind[-1]
    found = next((paper for paper in of_kind if paper.source == source), None)
    if found is None:
        message = "这件案件没有这条记录。 / The case has no such record."
        raise FieldsInvalid({"source": [{"message": message, "code": "unknown"}]})
    return found
