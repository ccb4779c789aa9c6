"""The mediation network on a phone and on a desk, and a file taken out, changed and brought in again."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PAGES = {
    "network": "/network",
    "network-filtered": "/network?kind=industry&channel=commercial",
    "network-body": "/network/440105001-S01",
    "network-mediator": "/network/mediators/M0010",
    "network-edit": "/network/440105001-S01/edit",
    "network-import": "/network/import",
}


@pytest.fixture
def street(demo_server):
    return demo_server.login("street_centre")


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_pages_of_the_network_fit_the_screen(visit, street, size):
    visitor = visit(size).sign_in(street)
    for name, path in PAGES.items():
        visitor.open(path).check_page()
        visitor.keep_picture(name)


def test_what_was_exported_is_changed_previewed_and_imported(visit, street, tmp_path):
    page = visit("desk").sign_in(street).open("/network?named=440105001-S01").page
    with page.expect_download() as download:
        page.click(".network-export a:has-text('组织 CSV')")
    file = tmp_path / "组织.csv"
    download.value.save_as(file)
    content = file.read_text("utf-8-sig")
    file.write_text(content.replace("赤岗红房子调解室", "赤岗红房子老友调解室"), "utf-8")
    page.goto(page.url.split("/network")[0] + "/network/import")
    page.set_input_files("#id_file", file)
    page.select_option("#id_kind", "bodies")
    page.click("text=检查文件")
    expect(page.locator(".network-report")).to_contain_text("更新")
    page.click("text=确认导入 1 行")
    expect(page.locator(".alert-success")).to_contain_text("更新 1 条")
    page.goto(page.url + "/440105001-S01")
    expect(page.locator("h1")).to_have_text("赤岗红房子老友调解室")
