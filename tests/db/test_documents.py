"""Issuing papers and opening them: who may, what is missing, numbers, and that they stay as they were."""

import pytest

from incidents.errors import (
    DisputeChanged,
    DocumentNotFound,
    DocumentNotReady,
    DocumentsNotYours,
    FieldsInvalid,
    MeasureNotAllowed,
    MeasureNotYours,
)
from incidents.models import CaseDocument, Dispute, PartyAccess
from incidents.papers.blocks import all_text
from incidents.papers.issuable import issuable_papers
from incidents.papers.numbering import Kind
from incidents.report import ReportedParty
from incidents.services.confirmations import apply_confirmation
from incidents.services.documents import issue_document, open_document
from incidents.services.visits import record_visit
from incidents.workflow import Action
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.legal import TODAY, agreed, mediated
from tests.factories.network import make_body, make_mediator
from tests.factories.people import make_staff
from tests.factories.replay import present, replayed
from tests.factories.territory import make_territory
from tests.factories.threads import at_once

PARTIES = (ReportedParty("林秀英", "13800000001", "申请人"), ReportedParty("陈志强", "", "被申请人"))
SITE = "https://grid.example.cn"


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


@pytest.fixture
def case(staff):
    return make_dispute(staff["worker"], parties=PARTIES, address="晓港东路12号")


def issue(user, dispute, kind, **given):
    return issue_document(user=user, dispute_id=dispute.pk, kind=kind, site=SITE, now=NOW, **given)


def text_of(document: CaseDocument) -> str:
    return all_text(open_document_blocks(document))


def open_document_blocks(document):
    return open_document(
        user=document.issued_by, dispute_id=document.dispute_id, document_id=document.pk
    ).blocks


def test_an_application_is_numbered_kept_and_on_record(staff, case):
    worker = staff["worker"]
    document = issue(worker, case, "application")

    digits = case.case_number.rpartition("-")[2]
    assert document.number == f"海民调申〔2026〕{digits}号-01"
    assert document.content["address"] == f"{SITE}/disputes/{case.pk}"
    assert PartyAccess.objects.filter(dispute=case, user=worker).count() == 1
    event = case.events.get(action="issue_document")
    assert event.details == {"kind": "application", "number": document.number}
    assert event.actor == worker
    assert "林秀英" not in str(event.details)
    case.refresh_from_db()
    assert present(case) == replayed(case)


def test_papers_of_one_case_are_numbered_through(staff, case):
    numbers = [issue(staff["worker"], case, kind).number for kind in ("application", "application")]
    act(staff["worker"], case, Action.ACCEPT)
    numbers.append(issue(staff["worker"], case, "acceptance").number)

    assert [number[-2:] for number in numbers] == ["01", "02", "03"]
    assert [number[3] for number in numbers] == ["申", "申", "受"]


def test_a_paper_stays_as_it_was_issued_when_the_case_changes(staff, case):
    document = issue(staff["worker"], case, "application")
    before = open_document_blocks(document)
    case.parties.update(name="改了名")
    Dispute.objects.filter(pk=case.pk).update(title="改了题", description="改了")

    assert open_document_blocks(document) == before
    assert "林秀英" in all_text(before)
    assert "改了名" in text_of(issue(staff["worker"], case, "application"))


def test_each_opening_is_recorded(staff, case):
    document = issue(staff["worker"], case, "application")
    for _ in range(2):
        open_document(user=staff["worker"], dispute_id=case.pk, document_id=document.pk)

    assert PartyAccess.objects.filter(dispute=case, user=staff["worker"]).count() == 3


@pytest.mark.parametrize("who", ["mediator", "street", "district"])
def test_who_only_sees_the_case_neither_issues_nor_opens_papers(staff, case, who):
    document = issue(staff["worker"], case, "application")

    with pytest.raises(MeasureNotYours):
        issue(staff[who], case, "application")
    with pytest.raises(DocumentsNotYours):
        open_document(user=staff[who], dispute_id=case.pk, document_id=document.pk)
    assert not PartyAccess.objects.filter(user=staff[who]).exists()


def test_a_case_that_went_up_is_opened_by_those_above_and_no_longer_below(staff, case):
    document = issue(staff["worker"], case, "application")
    act(staff["worker"], case, Action.ESCALATE)

    paper = open_document(user=staff["mediator"], dispute_id=case.pk, document_id=document.pk)
    assert paper.number == document.number
    with pytest.raises(DocumentsNotYours):
        open_document(user=staff["worker"], dispute_id=case.pk, document_id=document.pk)


def test_a_paper_of_another_case_is_not_found(staff, case):
    document = issue(staff["worker"], make_dispute(staff["worker"]), "application")

    with pytest.raises(DocumentNotFound):
        open_document(user=staff["worker"], dispute_id=case.pk, document_id=document.pk)


def test_a_void_case_gets_no_paper(staff, case):
    act(staff["worker"], case, Action.VOID)

    with pytest.raises(MeasureNotAllowed):
        issue(staff["worker"], case, "application")


def test_a_second_tap_issues_nothing(staff, case):
    issue(staff["worker"], case, "application", expected_version=1)

    with pytest.raises(DisputeChanged):
        issue(staff["worker"], case, "application", expected_version=1)
    assert CaseDocument.objects.count() == 1


def test_what_a_paper_lacks_is_said_and_nothing_is_left_behind(staff, case):
    for kind in set(Kind) - {Kind.APPLICATION}:
        with pytest.raises(DocumentNotReady) as refusal:
            issue(staff["worker"], case, kind)
        assert refusal.value.facts["missing"] in refusal.value.message_zh
    assert [paper.kind for paper in issuable_papers(case) if not paper.missing] == [Kind.APPLICATION]
    assert not CaseDocument.objects.exists()
    assert not case.events.filter(action="issue_document").exists()


@pytest.mark.parametrize(("given", "field"), [({"kind": "poem"}, "kind"), ({"source": 10**30}, "source")])
def test_what_is_unknown_is_named(staff, case, given, field):
    mediated(staff["worker"], case)

    with pytest.raises(FieldsInvalid) as refusal:
        issue(staff["worker"], case, **({"kind": "record"} | given))
    assert list(refusal.value.facts["errors"]) == [field]


def test_the_acceptance_notice_says_when_and_to_whom(staff, case):
    act(staff["worker"], case, Action.ACCEPT)

    text = text_of(issue(staff["worker"], case, "acceptance"))
    assert "林秀英、陈志强：" in text
    assert "2026年3月2日决定受理" in text


def test_the_record_is_that_of_the_mediation_asked_for(staff, case):
    held = mediated(staff["worker"], case)

    text = text_of(issue(staff["worker"], case, "record", source=held.pk))
    assert "2026年3月2日8时30分" in text
    assert "林某要求修复天花板，陈某愿意分期赔偿。" in text
    assert "林某（申请人）" in text


def test_the_agreement_has_terms_instalments_and_body(staff, case):
    worker = staff["worker"]
    agreement = agreed(worker, case)
    body = make_body(name="五凤社区人民调解委员会")
    mediator = make_mediator(body, name="何调解")
    Dispute.objects.filter(pk=case.pk).update(lead_body=body)
    case.bodies.create(body=body, mediator=mediator, role="lead")

    text = text_of(issue(worker, case, "agreement", source=agreement.pk))
    assert "乙方分三次付给甲方修缮费。" in text
    assert "人民币伍佰元整" in text
    assert "五凤社区人民调解委员会" in text


def test_the_joint_application_names_the_agreements_paper_and_the_court(staff, case):
    worker = staff["worker"]
    agreed(worker, case)
    number = issue(worker, case, "agreement").number
    blank = text_of(issue(worker, case, "confirmation"))
    apply_confirmation(
        user=worker, dispute_id=case.pk, court="广州市海珠区人民法院", applied_on=TODAY, now=NOW
    )
    named = text_of(issue(worker, case, "confirmation"))

    assert f"《人民调解协议书》（{number}）有效" in blank
    assert "________人民法院" in blank
    assert "广州市海珠区人民法院" in named


def test_an_oral_agreement_is_no_ground_for_a_joint_application(staff, case):
    agreed(staff["worker"], case, form="oral")

    assert "口头协议登记表" in text_of(issue(staff["worker"], case, "agreement"))
    with pytest.raises(DocumentNotReady):
        issue(staff["worker"], case, "confirmation")


def test_the_follow_up_record_says_what_was_found(staff, case):
    worker = staff["worker"]
    agreed(worker, case)
    record_visit(
        user=worker,
        dispute_id=case.pk,
        visited_on=TODAY,
        method="phone",
        result="kept",
        note="都已付清。",
        now=NOW,
    )

    text = text_of(issue(worker, case, "follow_up"))
    assert "电话" in text and "已履行" in text and "都已付清。" in text


def test_papers_issued_at_the_same_moment_have_different_numbers(several_connections):
    make_territory()
    worker = make_staff()["worker"]
    case = make_dispute(worker)

    numbers = at_once(*[lambda: issue(worker, case, "application").number for _ in range(6)])

    assert len(set(numbers)) == 6
    assert sorted(int(number.rpartition("-")[2]) for number in numbers) == [1, 2, 3, 4, 5, 6]
