"""The page of a case's papers and their addresses in the API."""

import io

import docx
import pypdfium2
import pytest
from django.test import Client

from incidents.models import CaseDocument, PartyAccess
from incidents.report import ReportedParty
from incidents.services.documents import issue_document
from incidents.workflow import Action
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def case(staff):
    return make_dispute(staff["worker"], parties=(ReportedParty("林秀英", "13800000001", "申请人"),))


@pytest.fixture
def client_of(staff):
    def client_of(who: str) -> Client:
        client = Client()
        client.force_login(staff[who])
        return client

    return client_of


def page(case) -> str:
    return f"/disputes/{case.pk}/documents"


def test_papers_are_a_tab_of_the_case(client_of, case):
    body = client_of("worker").get(f"/disputes/{case.pk}").content.decode()

    assert f'href="{page(case)}"' in body


def test_an_empty_list_says_what_will_be_there_and_why_a_paper_cannot_be_made(client_of, case):
    body = client_of("worker").get(page(case)).content.decode()

    assert "还没有文书" in body
    assert "案件还没有受理。" in body
    assert body.count(" disabled") == 5


def test_a_paper_is_issued_and_downloaded_as_pdf_and_word(client_of, case):
    worker = client_of("worker")
    answer = worker.post(f"{page(case)}/issue", {"kind": "application", "version": case.version}, follow=True)
    document = CaseDocument.objects.get()

    assert document.number in answer.content.decode()
    assert "林秀英" not in answer.content.decode()
    assert document.content["address"] == f"http://testserver/disputes/{case.pk}"
    pdf = worker.get(f"{page(case)}/{document.pk}.pdf")
    word = worker.get(f"{page(case)}/{document.pk}.docx")
    with pypdfium2.PdfDocument(pdf.content) as opened:
        assert len(opened) == 1
    assert docx.Document(io.BytesIO(word.content)).tables
    for answer in (pdf, word):
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
    assert PartyAccess.objects.filter(dispute=case).count() == 3


def test_the_set_address_of_the_site_goes_into_the_code(client_of, case, settings):
    settings.GRIDGOV_PUBLIC_URL = "https://grid.example.cn/"
    client_of("worker").post(f"{page(case)}/issue", {"kind": "application"})

    assert CaseDocument.objects.get().content["address"] == f"https://grid.example.cn/disputes/{case.pk}"


def test_a_second_tap_is_told_and_shown_the_paper(client_of, case):
    worker, form = client_of("worker"), {"kind": "application", "version": case.version}
    worker.post(f"{page(case)}/issue", form)
    answer = worker.post(f"{page(case)}/issue", form)

    assert answer.status_code == 409
    assert CaseDocument.objects.get().number in answer.content.decode()


def test_a_paper_that_lacks_something_is_refused_with_the_reason(client_of, case):
    answer = client_of("worker").post(f"{page(case)}/issue", {"kind": "agreement"})

    assert answer.status_code == 409
    assert "调解协议书还不能制作:还没有登记调解协议。" in answer.content.decode()


def test_who_only_sees_the_case_sees_the_list_without_files(client_of, case, staff):
    document = issue_document(
        user=staff["worker"], dispute_id=case.pk, kind="application", site="https://grid.example.cn"
    )
    body = client_of("street").get(page(case)).content.decode()

    assert document.number in body
    assert f"{document.pk}.pdf" not in body
    assert "制作文书" in body and "<button" in body and 'name="kind"' not in body
    assert client_of("street").get(f"{page(case)}/{document.pk}.pdf").status_code == 403


def test_english_pages_issue_chinese_papers(client_of, case, staff):
    act(staff["worker"], case, Action.ACCEPT)
    worker = client_of("worker")
    worker.cookies["django_language"] = "en"
    worker.post(f"{page(case)}/issue", {"kind": "acceptance"})

    text = str(CaseDocument.objects.get().content)
    assert "人民调解受理通知书" in text and "相邻污染" not in text and "用水排水" in text


def test_an_unknown_form_of_file_is_not_found(client_of, case, staff):
    document = issue_document(
        user=staff["worker"], dispute_id=case.pk, kind="application", site="https://grid.example.cn"
    )

    assert client_of("worker").get(f"{page(case)}/{document.pk}.html").status_code == 404
    assert client_of("worker").get(f"{page(case)}/{10**30}.pdf").status_code == 404


def test_the_api_issues_lists_and_gives_the_file(client_of, case):
    worker, address = client_of("worker"), f"/api/v1/disputes/{case.pk}/documents"
    issued = worker.post(address, {"kind": "application", "version": 1}, content_type="application/json")
    listed = worker.get(address).json()

    assert issued.status_code == 201
    assert [each["number"] for each in listed["documents"]] == [issued.json()["number"]]
    missing = {each["kind"]: each["missing"] for each in listed["issuable"]}
    assert missing["application"] is None
    assert missing["agreement"] == "还没有登记调解协议。"
    file = worker.get(f"{address}/{issued.json()['id']}.pdf", headers={"Accept": "application/pdf"})
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF-")


def test_the_api_says_what_a_paper_lacks(client_of, case):
    address = f"/api/v1/disputes/{case.pk}/documents"
    answer = client_of("worker").post(address, {"kind": "follow_up"}, content_type="application/json")

    assert answer.status_code == 409
    assert answer.json()["code"] == "document_not_ready"
    assert answer.json()["missing_en"] == "No follow-up visit is recorded yet."
