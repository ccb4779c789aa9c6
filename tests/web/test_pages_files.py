"""The page of a case's files and their addresses in the API."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from incidents.models import Attachment
from incidents.services.attachments import add_attachment
from tests.factories.disputes import make_dispute
from tests.factories.files import PDF_FILE, bomb, photo_with_metadata, picture_file
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_dir(settings, tmp_path):
    settings.GRIDGOV_FILES_DIR = tmp_path


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def case(staff):
    return make_dispute(staff["worker"])


@pytest.fixture
def worker(staff):
    return signed_in(staff["worker"])


def signed_in(user, **options) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def page(case) -> str:
    return f"/disputes/{case.pk}/files"


def api(case) -> str:
    return f"/api/v1/disputes/{case.pk}/files"


def sent(content: bytes, name: str = "photo.jpg", media_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, media_type)


def added(staff, case, content: bytes, title: str = "") -> Attachment:
    return add_attachment(user=staff["worker"], dispute_id=case.pk, file=io.BytesIO(content), title=title)[0]


def test_files_are_a_tab_and_an_empty_page_says_how_to_begin(worker, case):
    assert f'href="{page(case)}"' in worker.get(f"/disputes/{case.pk}").content.decode()
    assert "还没有材料" in worker.get(page(case)).content.decode()


def test_several_files_are_sent_at_once(worker, case):
    answer = worker.post(
        f"{page(case)}/add", {"file": [sent(photo_with_metadata()), sent(PDF_FILE, "协议.pdf")]}, follow=True
    )

    body = answer.content.decode()
    assert "已添加 2 份材料" in body
    assert "photo.jpg" in body and "协议.pdf" in body
    assert Attachment.objects.count() == 2


def test_one_bad_file_keeps_no_other_out_and_is_named_with_the_reason(worker, case):
    html = sent(b"<script>alert(1)</script>", "<b>照片</b>.jpg")
    answer = worker.post(f"{page(case)}/add", {"file": [sent(picture_file()), html]})

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "只接收 JPEG、PNG、WebP、GIF 图片和 PDF" in body
    assert "<b>照片" not in body
    assert Attachment.objects.count() == 1


def test_nothing_chosen_is_said_beside_the_field(worker, case):
    answer = worker.post(f"{page(case)}/add", {})

    assert answer.status_code == 422
    assert "请选择文件。" in answer.content.decode()


def test_too_large_a_file_is_413_and_says_the_limit(worker, case, settings):
    settings.GRIDGOV_FILE_MAX_MB = 1
    for address in (f"{page(case)}/add", api(case)):
        answer = worker.post(address, {"file": sent(b"%PDF-" + bytes(1024 * 1024))})
        assert answer.status_code == 413
        assert "1 MB" in answer.content.decode()
    assert answer.json()["code"] == "attachment_too_large"


def test_a_body_that_says_it_is_huge_is_refused_before_it_is_read(worker, case, staff):
    class Unread:
        def read(self, *args):
            raise AssertionError("the body was read")

        readline = read

    huge = {"CONTENT_LENGTH": str(10**12), "wsgi.input": Unread()}
    strict = signed_in(staff["worker"], enforce_csrf_checks=True)
    for client, address in ((worker, f"{page(case)}/add"), (worker, api(case)), (strict, api(case))):
        answer = client.generic("POST", address, content_type="multipart/form-data; boundary=x", **huge)
        assert answer.status_code == 413, address


def test_adding_needs_the_forms_token(staff, case):
    strict = signed_in(staff["worker"], enforce_csrf_checks=True)
    for address in (f"{page(case)}/add", api(case)):
        assert strict.post(address, {"file": sent(picture_file())}).status_code == 403
    assert not Attachment.objects.exists()


def test_a_photo_is_shown_inline_without_any_rights_and_asked_for_again_each_time(staff, case):
    photo = added(staff, case, photo_with_metadata(), "门口.jpg")
    client = signed_in(staff["street"])
    answer = client.get(f"{page(case)}/{photo.pk}")

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    assert b"Secret" not in answer.content
    again = client.get(f"{page(case)}/{photo.pk}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_thumbnail_is_small(staff, case, worker):
    photo = added(staff, case, picture_file(size=(2000, 1000)))

    answer = worker.get(f"{page(case)}/{photo.pk}/small")
    assert Image.open(io.BytesIO(answer.content)).size == (320, 160)
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_pdf_with_a_script_is_sent_to_be_saved_and_has_no_thumbnail(staff, case, worker):
    paper = added(staff, case, PDF_FILE, "说明")
    answer = worker.get(f"{page(case)}/{paper.pk}")

    assert answer.content == PDF_FILE
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert ".pdf" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert worker.get(f"{page(case)}/{paper.pk}/small").status_code == 404
    api_answer = worker.get(f"{api(case)}/{paper.pk}", headers={"Accept": "application/pdf"})
    assert api_answer["Content-Disposition"].startswith("attachment")


def test_a_removed_file_is_no_longer_served_even_to_who_has_it_cached(staff, case, worker):
    photo = added(staff, case, picture_file())
    tag = worker.get(f"{page(case)}/{photo.pk}")["ETag"]
    refused = worker.post(f"{page(case)}/{photo.pk}/remove", {"reason": ""})
    worker.post(f"{page(case)}/{photo.pk}/remove", {"reason": "传错"})

    assert refused.status_code == 422
    assert "请填写" in refused.content.decode()
    assert worker.get(f"{page(case)}/{photo.pk}", headers={"If-None-Match": tag}).status_code == 404


def test_who_only_sees_the_case_is_offered_neither_adding_nor_removing(staff, case):
    added(staff, case, picture_file(), "门口.jpg")
    body = signed_in(staff["street"]).get(page(case)).content.decode()

    assert "门口.jpg" in body
    assert 'type="file"' not in body and "/remove" not in body


def test_the_api_adds_lists_and_gives_the_content(worker, case):
    first = worker.post(api(case), {"file": sent(photo_with_metadata(), "门口.jpg")})
    again = worker.post(api(case), {"file": sent(photo_with_metadata()), "title": "另一个名字"})
    listed = worker.get(api(case)).json()

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == listed[0]
    assert listed[0]["title"] == "门口.jpg"
    content = worker.get(f"{api(case)}/{listed[0]['id']}", headers={"Accept": "image/*"}).content
    assert len(content) == listed[0]["size_bytes"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg/>", 415, "attachment_type_refused"),
        (b"\x00\x00\x00\x18ftypheic", 415, "attachment_heic"),
        (picture_file()[:100], 422, "attachment_damaged"),
        (bomb(), 422, "attachment_too_many_pixels"),
    ],
)
def test_the_api_says_why_a_file_is_refused(worker, case, content, status, code):
    answer = worker.post(api(case), {"file": sent(content)})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_api_needs_a_file(worker, case):
    assert worker.post(api(case), {"file": "no file"}).json()["errors"].keys() == {"file"}
    assert worker.post(api(case), {"a": 1}, content_type="application/json").status_code == 415
