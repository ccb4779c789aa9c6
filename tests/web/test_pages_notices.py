"""The bell, the list of notices, and where else one wants them."""

import re

import pytest
from django.urls import reverse

from grids.models import Duty
from incidents.models import Notice, NoticeAddress
from incidents.notices.kinds import Kind
from incidents.services.notices import create_notices, notice_for
from incidents.workflow import Action as A
from tests.factories.disputes import act, make_dispute
from tests.factories.gateways import gateway
from tests.factories.people import make_staff, make_user
from tests.factories.territory import BEGUN, UNITS, make_territory


@pytest.fixture
def staff(db):
    make_territory()
    people = make_staff()
    people["colleague"] = make_user("colleague", "grid_worker", UNITS[0])
    return people


@pytest.fixture
def dispute(staff):
    return make_dispute(staff["worker"], title="张三与李四", description="张三打了李四")


@pytest.fixture
def page(client, staff):
    """The notices of the colleague."""
    client.force_login(staff["colleague"])
    return lambda **query: client.get(reverse("notices"), query).content.decode()


@pytest.fixture
def sms(settings):
    with gateway() as server:
        settings.GRIDGOV_NOTICE_CHANNELS = ["sms"]
        settings.GRIDGOV_SMS_URL = server.url
        yield server


def test_the_bell_says_how_many_are_unread(dispute, page):
    assert '<span class="bell-count" aria-hidden="true">1</span>' in page()
    Notice.objects.update(read_at="2026-03-02T10:00+08:00")
    assert "bell-count" not in page()


def test_the_bell_says_no_more_than_ninety_nine(staff, page, django_assert_max_num_queries):
    user = staff["colleague"]
    create_notices(
        notices=[notice_for(user.pk, Kind.DIGEST, f"{n}", facts={"waiting": n}) for n in range(150)]
    )
    with django_assert_max_num_queries(12):
        assert "99+" in page()


def test_a_notice_names_the_case_and_the_place_and_nothing_of_what_happened(dispute, page):
    html = page()
    assert dispute.case_number in html
    assert "区域001" in html
    assert "新案件,请核实并受理。" in html
    assert "张三" not in html


def test_opening_a_notice_leads_to_the_case_and_is_reading_it(dispute, client, page):
    page()
    answer = client.post(reverse("notice_open", args=[Notice.objects.get().pk]))
    assert answer.url == reverse("dispute", args=[dispute.pk])
    assert Notice.objects.get().read_at is not None


def test_a_notice_about_no_one_case_leads_to_the_queue(staff, client, page):
    create_notices(notices=[notice_for(staff["colleague"].pk, Kind.HANDED_OVER, "k", facts={"cases": 3})])
    assert "3 件案件交接给您" in page()
    assert client.post(reverse("notice_open", args=[Notice.objects.get().pk])).url == reverse("queue")


def test_anothers_notice_is_not_there(staff, dispute, client):
    client.force_login(staff["street"])
    answer = client.post(reverse("notice_open", args=[Notice.objects.get().pk]))
    assert answer.status_code == 404
    assert Notice.objects.get().read_at is None
    assert dispute.case_number not in client.get(reverse("notices")).content.decode()


def test_of_a_case_that_is_no_longer_mine_neither_number_nor_place_is_shown(staff, dispute, page):
    Duty.objects.filter(user=staff["colleague"]).update(valid_to=BEGUN)
    html = page()
    assert "这件案件已不在您的职责范围内。" in html
    assert dispute.case_number not in html
    assert "区域001" not in html
    assert reverse("notice_open", args=[Notice.objects.get().pk]) in html
    assert 'class="notice-open"' not in html


def test_all_are_read_at_once(staff, dispute, client, page):
    assert "全部标为已读" in page()
    assert client.post(reverse("notices_read")).url == reverse("notices")
    assert "全部标为已读" not in page()


def test_newest_first_by_day_and_older_ones_on_the_next_page(staff, page):
    user = staff["colleague"]
    create_notices(
        notices=[notice_for(user.pk, Kind.DIGEST, f"{n}", facts={"waiting": n}) for n in range(130)]
    )
    first = page()
    said = [int(n) for n in re.findall(r"等您办理 (\d+) 件", first)]
    assert said == list(range(129, 29, -1))
    (before,) = re.findall(r"\?before=(\d+)", first)
    second = page(before=before)
    assert [int(n) for n in re.findall(r"等您办理 (\d+) 件", second)] == list(range(29, -1, -1))
    for nonsense in ("x", "9" * 40, "²"):
        assert "等您办理 129 件" in page(before=nonsense)


def test_an_empty_list_says_what_will_come(page):
    assert "还没有通知" in page()


def test_in_english(dispute, client, page):
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in page()


# Settings -------------------------------------------------------------------------------------
def test_without_channels_the_settings_say_so(staff, client):
    client.force_login(staff["worker"])
    assert "还没有系统之外的渠道" in client.get(reverse("notice_settings")).content.decode()


def test_an_address_is_kept_tested_and_taken_back(staff, client, sms):
    client.force_login(staff["worker"])
    url = reverse("notice_settings")
    html = client.get(url).content.decode()
    assert "随时可以删除" in html
    assert "发一条测试消息" not in html
    posted = {"channel": "sms", "address": " 13800000000 ", "digest_only": "on"}
    assert client.post(url, posted).url == url
    stored = NoticeAddress.objects.get()
    assert (stored.user, stored.address, stored.digest_only) == (staff["worker"], "13800000000", True)
    html = client.get(url).content.decode()
    assert 'value="13800000000"' in html
    client.post(reverse("notice_test"), {"channel": "sms"})
    assert "测试消息已发出" in client.get(url).content.decode()
    assert [sent["body"]["phone"] for sent in sms.taken] == ["13800000000"]
    client.post(reverse("notice_test"), {"channel": "sms"})
    assert "一分钟后再试" in client.get(url).content.decode()
    assert len(sms.taken) == 1
    client.post(url, {"channel": "sms", "address": "13800000000", "remove": "1"})
    assert not NoticeAddress.objects.exists()


def test_a_wrong_address_is_refused_beside_the_field_and_kept_to_mend(staff, client, sms):
    client.force_login(staff["worker"])
    answer = client.post(reverse("notice_settings"), {"channel": "sms", "address": "138-x"})
    assert answer.status_code == 400
    html = answer.content.decode()
    assert 'id="sms-error"' in html
    assert 'value="138-x"' in html
    assert not NoticeAddress.objects.exists()


def test_a_test_that_does_not_arrive_says_why(staff, client, sms):
    client.force_login(staff["worker"])
    NoticeAddress.objects.create(user=staff["worker"], channel="sms", address="13800000000")
    sms.answers = [(503, "", {})]
    client.post(reverse("notice_test"), {"channel": "sms"})
    assert "HTTP 503" in client.get(reverse("notice_settings")).content.decode()


def test_the_bell_is_for_those_who_are_signed_in(client, db):
    assert "bell" not in client.get(reverse("sign_in")).content.decode()


def test_a_case_that_was_taken_up_stays_readable_in_the_list(staff, dispute, page):
    act(staff["worker"], dispute, A.ESCALATE)
    assert "您不必再办理" in page()
