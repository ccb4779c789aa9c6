"""Papers and files of a case, at both sizes, as their people use them."""

import pytest
from playwright.sync_api import expect

from tests.browser.cases import Teller
from tests.factories.files import PDF_FILE, photo_with_metadata

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(demo_server):
    return demo_server.login("grid_worker")


@pytest.fixture
def dispute(demo_server, worker) -> str:
    """Id of a dispute newly reported in the worker's unit."""
    return Teller(demo_server, worker).report()["id"]


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_paper_is_issued_and_downloaded(visit, worker, dispute, size):
    visitor = visit(size).sign_in(worker).open(f"/disputes/{dispute}/documents")
    page = visitor.page
    visitor.check_page()
    page.get_by_role("button", name="制作 调解申请书").click()
    expect(page.get_by_text("已制作:海民调申")).to_be_visible()
    visitor.keep_picture("documents")
    visitor.check_page()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith("号-01.pdf")


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_files_are_sent_with_their_progress_and_shown(visit, worker, dispute, size):
    visitor = visit(size).sign_in(worker).open(f"/disputes/{dispute}/files")
    page = visitor.page
    visitor.check_page()
    visitor.keep_picture("files-empty")
    page.set_input_files(
        "#file",
        [
            {"name": "门口.jpg", "mimeType": "image/jpeg", "buffer": photo_with_metadata()},
            {"name": "假照片.jpg", "mimeType": "image/jpeg", "buffer": b"<script>alert(1)</script>"},
        ],
    )
    page.get_by_role("button", name="上传").click()
    expect(page.locator("[data-file-progress]")).to_contain_text("只接收 JPEG")
    visitor.keep_picture("files-refused")
    page.set_input_files("#file", [])
    page.get_by_role("link", name="显示已添加的材料").click()
    expect(page.get_by_role("img", name="门口.jpg")).to_be_visible()
    page.set_input_files(
        "#file",
        [
            {"name": f"第三方评估报告{n}.pdf", "mimeType": "application/pdf", "buffer": PDF_FILE + b"%" * n}
            for n in (1, 2)
        ],
    )
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".file-list li")).to_have_count(2)
    shown = page.get_by_role("img", name="门口.jpg")
    expect(shown).to_have_js_property("naturalWidth", 40)
    page.locator(".pictures summary").click()
    visitor.keep_picture("files")
    visitor.check_page()


def test_without_script_the_form_sends_the_files(visit, worker, dispute):
    visitor = visit("desk", java_script_enabled=False).sign_in(worker).open(f"/disputes/{dispute}/files")
    visitor.page.set_input_files(
        "#file", [{"name": "门口.jpg", "mimeType": "image/jpeg", "buffer": photo_with_metadata()}]
    )
    visitor.page.get_by_role("button", name="上传").click()

    expect(visitor.page.get_by_role("img", name="门口.jpg")).to_be_visible()
