"""Who mediates a case: proposals, a referral and its answer, guidance, at both sizes."""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.cases import Teller
from tests.browser.places import middle
from tests.databases import used_by_django

pytestmark = pytest.mark.browser

PARTY = "好家物业服务有限公司"


@pytest.fixture(scope="module")
def worker(demo_server):
    return demo_server.login("grid_worker")


@pytest.fixture(scope="module")
def network(demo_server, worker, django_db_setup, django_db_blocker):
    """Some bodies around the worker's unit, in the database that is served."""
    from tests.factories.case_bodies import ALWAYS, make_body, make_mediator

    lon, lat = middle(demo_server, worker)
    community, street, district = (worker.area_code[:length] for length in (12, 9, 6))
    run = uuid4().hex[:6]
    evenings = [
        {"days": [1, 5], "from": "08:30", "to": "08:31"},
        {"days": [6, 6], "from": "09:00", "to": "09:01"},
    ]

    def body(code, name, **fields):
        return make_body(f"{run}-{code}", name=name, **fields)

    with django_db_blocker.unblock(), used_by_django(urlsplit(demo_server.database_url).path[1:]):
        committee = body(
            "PMC", "试点社区人民调解委员会", area=community, at=(lon + 0.002, lat), capacity=10,
            opening_hours=ALWAYS, categories=["02", "04"], phone="020-84000000",
        )  # fmt: skip
        make_mediator(committee, f"{run}-M1", name="陈调解", full_time=True)
        body(
            "OWN",
            "好家物业调解室",
            area=community,
            at=(lon, lat),
            form="post",
            related_organisations=["好家物业"],
        )
        body(
            "JO",
            "试点街道司法所",
            area=street,
            form="judicial_office",
            at=(lon, lat + 0.006),
            opening_hours=evenings,
        )
        body("PS", "试点派出所", area=street, form="police_station", at=(lon - 0.004, lat), capacity=3)
        body("LF", "试点律师事务所", area=street, form="law_firm", at=None)
        body("CTR", "试点街道调解中心", area=street, form="centre", at=(lon, lat + 0.005), capacity=30)
        body(
            "IND",
            "区物业纠纷行业调解委员会",
            area=district,
            form="industry_body",
            at=(lon + 0.03, lat),
            categories=["0402"],
        )
    return run


@pytest.fixture
def dispute(demo_server, worker, network) -> str:
    """Id of a dispute that the police sent, with a party that has a body of its own."""
    made = Teller(demo_server, worker).report(
        title="物业费与电梯维修争执", category="0402", source="police",
        parties=[{"name": PARTY, "phone": "13900000000", "role": "被申请人"}],
    )  # fmt: skip
    return made["id"]


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_page_fits_and_a_body_is_chosen_on_it(visit, worker, dispute, network, size):
    visitor = visit(size).sign_in(worker).open(f"/disputes/{dispute}/bodies?all=1")
    page = visitor.page
    expect(page.locator(".proposal-conflict").first).to_contain_text("利害关系")
    assert PARTY not in page.content()
    visitor.check_page()
    visitor.keep_picture("bodies")
    row = page.locator(".proposal", has_text="试点社区人民调解委员会")
    row.locator("summary").click()
    expect(row.locator(".points")).to_contain_text("合计")
    row.get_by_role("button", name="选为主办").click()
    expect(page.locator(".alert-success")).to_contain_text("已确定主办组织")
    expect(page.locator(".body-part")).to_contain_text("试点社区人民调解委员会")
    page.get_by_text("指定调解员").click()
    page.get_by_label("调解员").select_option(label="陈调解 · 专职")
    page.get_by_role("button", name="确定调解员").click()
    expect(page.locator(".body-part").first).to_contain_text("陈调解")
    page.locator(".forces").get_by_role("button", name="邀请").first.click()
    expect(page.locator(".body-part")).to_have_count(2)
    visitor.check_page()
    visitor.keep_picture("bodies-chosen")


def test_a_referral_is_answered_sent_on_and_guidance_asked(visit, demo_server, worker, dispute):
    visitor = visit("desk").sign_in(worker).open(f"/disputes/{dispute}/bodies")
    page = visitor.page
    page.get_by_label("接收:由我们受理").check()
    page.get_by_role("button", name="登记答复").click()
    expect(page.locator(".referral .state")).to_have_text("接收")
    page.get_by_text("转出给对接单位").click()
    page.locator("#out-channel").select_option("court")
    page.locator("#out-organisation").fill("海珠区人民法院")
    page.locator("#out-reason").fill("宜诉前调解")
    page.get_by_role("button", name="转出,等待答复").click()
    expect(page.locator(".dispute-standing .state")).to_have_text("已挂起")
    page.locator("#guidance summary").click()
    page.locator("#question").fill("能否先修电梯、后交费?")
    page.get_by_role("button", name="请示").click()
    expect(page.locator(".guidance .state")).to_have_text("待答复")
    visitor.check_page()
    visitor.keep_picture("bodies-referred")
    mediator = demo_server.login("community_mediator", worker.area_code[:12])
    above = visit("phone").sign_in(mediator).open("/guidance")
    above.check_page()
    above.keep_picture("guidance")
    above.page.get_by_role("link", name="去答复").last.click()
    above.page.get_by_label("指导意见").fill("可以,写入协议。")
    above.page.get_by_role("button", name="给予指导").click()
    expect(above.page.locator(".guidance-answer")).to_contain_text("可以,写入协议。")
    above.check_page()
    above.keep_picture("bodies-read-only")
