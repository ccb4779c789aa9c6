"""A community mediator's day and a street centre's, at a desk and on a phone."""

import io
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.cases import Teller

pytestmark = pytest.mark.browser


@pytest.fixture
def chain(demo_server):
    """A worker with the mediator and the street centre above them."""
    worker = demo_server.login("grid_worker")
    mediator = demo_server.login("community_mediator", worker.area_code[:12])
    return worker, mediator, demo_server.login("street_centre", worker.area_code[:9])


@pytest.fixture
def escalated(demo_server, chain) -> tuple[str, str]:
    """Id and title of a case that a worker has just passed to the community."""
    worker, _, _ = chain
    title = f"外墙渗水赔偿之争 {uuid4().hex[:4]}"
    teller = Teller(demo_server, worker)
    parties = [{"name": "林某", "role": "申请人"}, {"name": "陈某", "role": "被申请人"}]
    key = teller.report(title=title, category="0201", source="resident", parties=parties)["id"]
    teller.send(f"/{key}/actions/accept", {})
    teller.send(f"/{key}/actions/escalate", {"reason": "网格内谈不拢"})
    return key, title


def tab(visitor, name: str) -> None:
    visitor.page.locator(".case-tabs").get_by_role("link", name=name, exact=True).click()
    visitor.page.wait_for_load_state("networkidle")


def done(visitor, words: str) -> None:
    expect(visitor.page.locator(".alert-success").first).to_contain_text(words)


@pytest.mark.parametrize("size", ["phone"])
def test_a_mediators_day(demo_server, visit, chain, escalated, size):
    _, mediator, _ = chain
    key, title = escalated
    visitor = visit(size).sign_in(mediator)
    page = visitor.page
    visitor.keep_picture("day-mediator-1-home")
    visitor.check_page()

    visitor.open("/notices")
    expect(page.locator("main")).to_contain_text("案件上报到您这一级")
    visitor.check_page()

    visitor.open("/queue")
    page.locator(".queue-link", has_text=title).click()
    page.locator(".action-form[action$='/accept'] button").click()
    done(visitor, "受理")

    tab(visitor, "调解组织")
    visitor.keep_picture("day-mediator-2-bodies")
    visitor.check_page()
    page.get_by_role("button", name="选为主办").first.click()
    expect(page.locator("main")).to_contain_text("主办")

    tab(visitor, "调解与协议")
    page.fill("#id_record-place", "社区调解室")
    page.fill("#id_record-attendees", "林某(申请人)\n陈某(被申请人)")
    page.fill("#id_record-summary", "双方说明情况,愿意协商。")
    page.locator("#record-form button[type=submit]").click()
    done(visitor, "笔录")
    page.locator("#agreement-form input[value=written]").check()
    page.fill("#id_agreement-terms", "陈某十五日内修好外墙,并赔偿林某三千元。")
    page.locator("#agreement-form button[type=submit]").click()
    done(visitor, "协议")
    visitor.keep_picture("day-mediator-3-agreement")
    visitor.check_page()

    tab(visitor, "文书")
    page.get_by_role("button", name="制作 调解协议书").click()
    done(visitor, "已制作")
    visitor.keep_picture("day-mediator-4-documents")
    visitor.check_page()
    for button, beginning in (("PDF", b"%PDF"), ("Word", b"PK")):
        with page.expect_download() as download:
            page.get_by_role("link", name=button).first.click()
        assert download.value.path().read_bytes().startswith(beginning)

    tab(visitor, "材料")
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 160, 90)).save(picture, "JPEG")
    photo = {"name": "外墙.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    page.set_input_files("#file", photo)
    page.locator("[data-file-form] button[type=submit]").click()
    expect(page.locator(".pictures img")).to_have_count(1)
    visitor.keep_picture("day-mediator-5-files")
    visitor.check_page()

    visitor.open(f"/disputes/{key}")
    expect(page.locator(".state")).to_have_text("达成协议")
    expect(page.locator(".story")).to_contain_text("制作了文书")
    visitor.keep_picture("day-mediator-6-case")
    visitor.check_page()


@pytest.mark.parametrize("size", ["desk"])
def test_a_street_centres_day(demo_server, visit, chain, escalated, size):
    _, mediator, centre = chain
    key, title = escalated
    teller = Teller(demo_server, mediator)
    teller.send(f"/{key}/actions/accept", {})
    teller.send(f"/{key}/measures/ask_extension", {"days": 5, "reason": "等待鉴定"})

    visitor = visit(size).sign_in(centre)
    page = visitor.page
    visitor.keep_picture("day-street-1-home")
    visitor.check_page()
    visitor.open("/notices")
    expect(page.locator("main")).to_contain_text("下级申请延期")
    visitor.check_page()

    visitor.open(f"/disputes/{key}")
    form = page.locator(".action-form[action$='/grant_extension']")
    page.locator("details.action", has=form).locator("summary").click()
    form.locator("button").click()
    expect(page.locator(".story")).to_contain_text("同意延期 5 个工作日")
    form = page.locator(".action-form[action$='/supervise']")
    page.locator("details.action", has=form).locator("summary").click()
    form.locator("[name=reason]").fill("涉及两户,请一周内办结")
    form.locator("button").click()
    expect(page.locator(".dispute-standing")).to_contain_text("督办")
    visitor.keep_picture("day-street-2-supervised")
    visitor.check_page()

    # The pages of results, policy and network have tests of their own.
    for number, (address, heading) in enumerate(
        [
            ("/queue?show=all&state=open", "待办"),
            ("/publicity", "普法"),
            ("/appraisal", "考评"),
            ("/handover", "交接"),
            ("/exchange", "导入导出"),
            ("/guidance", "请示"),
        ],
        start=3,
    ):
        visitor.open(address)
        expect(page.locator("h1")).to_contain_text(heading)
        visitor.keep_picture(f"day-street-{number}{address.partition('?')[0].replace('/', '-')}")
        visitor.check_page()

    visitor.open("/results")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").first.click()
    assert download.value.path().read_bytes().startswith(b"PK")


def test_a_street_takes_its_cases_away_as_a_workbook(demo_server, visit, chain):
    _, _, centre = chain
    visitor = visit("desk").sign_in(centre).open("/exchange")
    page = visitor.page
    page.get_by_role("button", name="Excel").click()
    link = page.locator(".job-list li").first.get_by_role("link", name="下载")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes().startswith(b"PK")
