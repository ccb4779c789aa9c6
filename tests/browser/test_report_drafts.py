"""What a worker wrote stays: over a reload, without a network, in two tabs, on a phone that others use."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.places import middle
from tests.browser.reporting import (
    REPORTS,
    card,
    expect_unsent,
    fill_in,
    ready,
    say_it_is_another,
    send,
    sent_number,
)

pytestmark = pytest.mark.browser
BUTTON = "[data-action='{}']"
STANDING_ON_ITS_SIDE = 6


@pytest.fixture
def worker(demo_server):
    return demo_server.login("grid_worker")


@pytest.fixture
def open_report(demo_server, visit, worker):
    """`open_report(kind)`: the report page on a phone, or a desk, that stands in the worker's unit."""

    def open_page(kind="phone"):
        visitor = visit(kind, position=middle(demo_server, worker)).sign_in(worker).open("/report")
        ready(visitor.page)
        return visitor

    return open_page


def photo(name="photo.jpg", size=(2400, 1200)) -> dict:
    """As a camera makes it: lying, with a note that it stands, and with the place in another."""
    exif = Image.Exif()
    exif[0x0112] = STANDING_ON_ITS_SIDE
    exif[0x010F] = "CAMERA-MAKER"
    content = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize(size).save(content, "JPEG", exif=exif)
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


def test_words_and_photos_are_there_after_a_reload_and_arrive_without_the_cameras_notes(open_report):
    visitor = open_report()
    page = visitor.page
    fill_in(page, "楼道堆满杂物")
    page.set_input_files("input[name=photos]", [photo("a.jpg"), photo("b.jpg")])
    expect(page.locator("[data-photos] img")).to_have_count(2)
    page.locator("[data-photos] button").first.click()
    expect(page.locator("[data-photos] img")).to_have_count(1)
    page.reload()
    ready(page)
    expect(page.locator("#title")).to_have_value("楼道堆满杂物")
    expect(page.locator("#people")).to_have_value("3")
    expect(page.locator("[data-photos] img")).to_have_count(1)
    visitor.keep_picture("report-photos")
    visitor.check_page()
    with page.expect_request("**/photos/*") as sent:
        send(page)
    arrived = Image.open(io.BytesIO(sent.value.post_data_buffer))
    assert arrived.size == (800, 1600), "smaller, and upright"
    assert not arrived.getexif()
    sent_number(page)


def test_what_is_no_readable_picture_is_said_and_costs_nothing(open_report):
    page = open_report().page
    fill_in(page)
    heic = {"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic"}
    page.set_input_files("input[name=photos]", [heic])
    expect(page.locator("[data-photos-note]")).to_contain_text("HEIC")
    expect(page.locator("#title")).to_have_value("楼上漏水三个月无人修")


def hold_the_shrinking(page) -> None:
    """Photos are worked on until `release()`, as on a slow phone."""
    page.evaluate("""() => {
      const { toBlob } = HTMLCanvasElement.prototype;
      const held = new Promise((resolve) => { window.release = resolve; });
      const later = function (...given) { held.then(() => toBlob.apply(this, given)); };
      HTMLCanvasElement.prototype.toBlob = later;
    }""")


def test_a_report_tapped_to_be_sent_waits_for_its_photo_and_takes_it_along(open_report):
    page = open_report().page
    fill_in(page, "照片还在缩小就点了上报")
    hold_the_shrinking(page)
    page.set_input_files("input[name=photos]", [photo()])
    page.click(BUTTON.format("send"))
    expect(page.locator(BUTTON.format("send"))).to_have_text("正在处理照片…")
    with page.expect_response("**/photos/*") as arrived:
        page.evaluate("release()")
        say_it_is_another(page)
    assert arrived.value.status == 201
    sent_number(page)
    expect(page.locator(BUTTON.format("send"))).to_have_text("上报")
    expect(page.locator("[data-photos] img")).to_have_count(0)
    expect_unsent(page, 0)


def test_a_photo_stays_with_the_report_it_was_chosen_for_whatever_is_opened_next(open_report):
    page = open_report().page
    fill_in(page, "有照片的一件")
    hold_the_shrinking(page)
    page.set_input_files("input[name=photos]", [photo()])
    page.click(BUTTON.format("new"))
    page.evaluate("release()")
    expect(page.locator("#title")).to_have_value("")
    expect(page.locator("[data-photos] img")).to_have_count(0)
    card(page, "draft", "有照片的一件").locator(BUTTON.format("edit")).click()
    expect(page.locator("[data-photos] img")).to_have_count(1)


def test_photos_chosen_twice_in_a_moment_are_six_at_most(open_report):
    page = open_report().page
    fill_in(page)
    hold_the_shrinking(page)
    four = [photo(f"{n}.jpg", (9, 9)) for n in range(4)]
    for _ in range(2):
        page.set_input_files("input[name=photos]", four)
    page.evaluate("release()")
    expect(page.locator("[data-photos-note]")).to_contain_text("最多 6 张")
    expect(page.locator("[data-photos] img")).to_have_count(6)


def test_several_drafts_are_kept_and_each_can_be_gone_on_with_or_removed(open_report):
    page = open_report().page
    fill_in(page, "第一件")
    page.click(BUTTON.format("new"))
    expect(page.locator("#title")).to_have_value("")
    fill_in(page, "第二件")
    expect_unsent(page, 2)
    card(page, "draft", "第一件").locator(BUTTON.format("edit")).click()
    expect(page.locator("#title")).to_have_value("第一件")
    card(page, "draft", "第二件").locator(BUTTON.format("remove")).click()
    page.click("[data-dialog='confirm'] [data-close]")
    expect_unsent(page, 2)
    card(page, "draft", "第二件").locator(BUTTON.format("remove")).click()
    page.click(BUTTON.format("confirm"))
    expect_unsent(page, 1)
    expect(page.locator("#title")).to_have_value("第一件")


def test_without_a_network_it_is_kept_and_goes_by_itself_when_there_is_one(open_report):
    visitor = open_report()
    page = visitor.page
    page.context.set_offline(True)
    fill_in(page, "地下车库没有信号")
    send(page)
    expect(page.locator("[data-outcome='waiting']")).to_contain_text("已保存在本机")
    expect(page.locator("[data-connection='offline']")).to_be_visible()
    expect_unsent(page, 1)
    visitor.keep_picture("report-offline")
    assert not visitor.axe_findings()
    card(page, "waiting").locator(BUTTON.format("take-back")).click()
    expect(page.locator("#title")).to_have_value("地下车库没有信号")
    page.fill("#title", "地下车库没有灯")
    send(page)
    page.context.set_offline(False)
    sent_number(page)
    expect(card(page, "sent")).to_contain_text("地下车库没有灯")


def test_an_open_dispute_nearby_is_offered_and_the_report_becomes_a_supplement(open_report):
    visitor = open_report()
    page = visitor.page
    fill_in(page, "电梯停运")
    send(page)
    number = sent_number(page)
    fill_in(page, "电梯又停运了")
    page.click(BUTTON.format("send"))
    similar = page.locator("[data-dialog='similar'] li").filter(has_text=number)
    expect(similar).to_contain_text("今天")
    visitor.keep_picture("report-similar")
    assert not visitor.axe_findings()
    with page.expect_response("**/supplements") as answer:
        similar.locator(BUTTON.format("supplement")).click()
    assert answer.value.status == 201
    assert answer.value.request.post_data_json["text"] == "电梯又停运了\n已与物业沟通两次。"
    expect(page.locator("[data-sent-number]")).to_have_text(number)


def test_on_a_full_phone_what_belongs_to_a_known_case_is_added_to_it_and_reported_once(open_report):
    page = open_report().page
    fill_in(page, "楼道灯坏了")
    send(page)
    number = sent_number(page)
    fill_in(page, "楼道灯又坏了")
    expect_unsent(page, 1)
    page.evaluate("""() => {
      IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
    }""")
    page.fill("#description", "存不下的话")
    expect(page.locator("[data-banner='storage_full']")).to_be_visible()
    reports = []
    page.on("request", lambda request: reports.append(request.url) if request.method == "POST" else None)
    page.click(BUTTON.format("send"))
    similar = page.locator("[data-dialog='similar'] li").filter(has_text=number)
    with page.expect_response("**/supplements") as answer:
        similar.locator(BUTTON.format("supplement")).click()
    assert answer.value.request.post_data_json["text"] == "楼道灯又坏了\n存不下的话"
    assert sent_number(page) == number
    expect_unsent(page, 0)
    assert len(reports) == 1
    page.reload()
    ready(page)
    expect_unsent(page, 0)


def test_what_one_tab_writes_the_other_shows_and_what_it_sent_cannot_be_edited(open_report):
    page = open_report().page
    page.fill("#title", "在第一个页面写的")
    expect_unsent(page, 1)
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)
    expect(other.locator("#title")).to_have_value("在第一个页面写的")
    fill_in(other, "在第二个页面改的")
    expect(page.locator("#title")).to_have_value("在第二个页面改的")
    send(other)
    sent_number(other)
    expect(page.locator("[data-banner='message']")).to_contain_text("另一个页面")
    expect(page.locator("#title")).to_have_value("")
    expect_unsent(page, 0)


def test_who_typed_in_two_tabs_at_once_chooses_between_them(open_report):
    page = open_report().page
    page.fill("#title", "共同的开头")
    expect_unsent(page, 1)
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)
    # In the same moment: before either tab hears of the other's.
    page.evaluate("BroadcastChannel.prototype.postMessage = () => {}")
    page.fill("#description", "第一个页面的话")
    expect(card(page, "draft")).to_be_visible()
    page.wait_for_timeout(500)
    other.fill("#description", "第二个页面的话")
    expect(other.locator("[data-banner='conflict']")).to_contain_text("共同的开头 · 第一个页面的话")
    other.click(BUTTON.format("keep-mine"))
    expect(other.locator("[data-banner='conflict']")).to_be_hidden()
    other.reload()
    ready(other)
    expect(other.locator("#description")).to_have_value("第二个页面的话")


def test_another_account_on_the_phone_sees_nothing_and_the_first_finds_everything_again(
    demo_server, open_report, worker
):
    visitor = open_report()
    page = visitor.page
    page.fill("#description", "前一个人写的")
    expect_unsent(page, 1)
    page.context.clear_cookies()
    visitor.sign_in(demo_server.login("community_mediator")).open("/report")
    ready(page)
    expect(page.locator("#description")).to_have_value("")
    expect_unsent(page, 0)
    page.context.clear_cookies()
    visitor.sign_in(worker).open("/report")
    ready(page)
    expect(page.locator("#description")).to_have_value("前一个人写的")


def test_signing_out_waits_until_unsent_reports_are_in_a_file_which_another_phone_reads(open_report, worker):
    visitor = open_report()
    page = visitor.page
    fill_in(page, "带到另一部手机")
    page.set_input_files("input[name=photos]", [photo()])
    expect(page.locator("[data-photos] img")).to_have_count(1)
    visitor.open("/")
    page.click(".account button")
    page.click("text=退出登录")
    dialog = page.locator("[data-dialog='leave']")
    expect(dialog).to_contain_text("还有 1 件没有上报")
    expect(dialog.locator(BUTTON.format("leave-now"))).to_be_disabled()
    visitor.keep_picture("report-leave")
    assert not visitor.axe_findings()
    with page.expect_download() as saved:
        dialog.locator(BUTTON.format("leave-export")).click()
    content = saved.value.path().read_bytes()
    assert "带到另一部手机" not in content.decode()
    dialog.locator(BUTTON.format("leave-now")).click()
    expect(page).to_have_url(f"{visitor.base_url}/sign-in")

    second = open_report().page
    carried = {"name": saved.value.suggested_filename, "mimeType": "application/json", "buffer": content}
    for words in ("已读入 1 件", "1 件本机已有"):
        second.set_input_files("input[name=carried]", [carried])
        expect(second.locator("[data-carry-note]")).to_contain_text(words)
    card(second, "draft", "带到另一部手机").locator(BUTTON.format("edit")).click()
    expect(second.locator("[data-photos] img")).to_have_count(1)
    send(second)
    sent_number(second)


def test_whoever_taps_sign_out_behind_a_portal_is_told_and_stays_who_they_are(open_report):
    page = open_report().page
    page.route("**/sign-out", lambda route: route.fulfill(status=200, body="<p>请先登录网络</p>"))
    page.click(".report-menu summary")
    page.click(BUTTON.format("leave"))
    dialog = page.locator("[data-dialog='leave']")
    expect(dialog).to_contain_text("服务器没有让您退出")
    page.unroute("**/sign-out")
    page.route("**/reporting/probe*", lambda route: route.fulfill(status=200, body="<p>请先登录网络</p>"))
    dialog.locator(BUTTON.format("leave-now")).click()
    expect(dialog).to_contain_text("没有网络,现在不能退出登录")
    page.unroute("**/reporting/probe*")
    dialog.locator(BUTTON.format("leave-now")).click()
    page.wait_for_url("**/sign-in")


def test_what_another_tab_writes_while_one_signs_out_is_there_at_the_next_sign_in(open_report, worker):
    visitor = open_report()
    page = visitor.page
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)

    def sign_out_slowly(route) -> None:
        other.fill("#title", "退出时写的")
        expect_unsent(other, 1)
        route.continue_()

    page.route("**/sign-out", sign_out_slowly)
    page.click(".report-menu summary")
    page.click(BUTTON.format("leave"))
    page.wait_for_url("**/sign-in")
    other.close()
    visitor.sign_in(worker).open("/report")
    ready(page)
    expect(page.locator("#title")).to_have_value("退出时写的")


def test_a_page_that_cannot_open_says_so_instead_of_looking_for_a_network(demo_server, visit, worker):
    visitor = visit("phone", position=middle(demo_server, worker)).sign_in(worker)
    visitor.page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('broken'); }")
    visitor.open("/report")
    expect(visitor.page.locator("[data-banner='message']")).to_contain_text("本页没能打开")
    expect(visitor.page.locator("[data-connection]")).to_be_hidden()


def test_little_room_on_the_phone_is_said_before_anything_is_written(demo_server, visit, worker):
    visitor = visit("phone", position=middle(demo_server, worker)).sign_in(worker)
    estimate = "navigator.storage.estimate = async () => ({ quota: 100e6, usage: 90e6 })"
    visitor.page.add_init_script(estimate)
    visitor.open("/report")
    expect(visitor.page.locator("[data-banner='storage_low']")).to_be_visible()
    visitor.check_page()


def test_on_a_desk_map_and_list_stand_beside_the_form(open_report):
    visitor = open_report(kind="desk")
    page = visitor.page
    fill_in(page, "先写一半")
    page.route(REPORTS, lambda route: route.fulfill(status=503, body="{}"))
    send(page)
    fill_in(page, "再写一半")
    expect(card(page, "waiting")).to_be_visible(timeout=10_000)
    visitor.keep_picture("report-desk")
    visitor.check_page()
    assert page.locator("#reports").bounding_box()["x"] < page.locator("#title").bounding_box()["x"]
