"""Notices beyond the system, against real servers on this machine: what goes out, and how often."""

import email
from email import policy
from socket import socket

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from grids.models import Duty
from incidents import tasks  # noqa: F401
from incidents.errors import ChannelFailed, FieldsInvalid
from incidents.models import Notice, NoticeAddress
from incidents.notices.channels import EmailChannel, HttpSmsChannel, WeComChannel, channels
from incidents.notices.kinds import Kind
from incidents.notices.sending import send_notice
from incidents.services.notices import create_notices, mark_read, notice_for, send_test, set_address
from tests.factories.disputes import make_dispute
from tests.factories.gateways import gateway, mail_server
from tests.factories.people import make_staff, make_user
from tests.factories.territory import BEGUN, UNITS, make_territory
from tests.factories.threads import at_once


@pytest.fixture
def sms(settings):
    with gateway() as server:
        settings.GRIDGOV_NOTICE_CHANNELS = ["sms"]
        settings.GRIDGOV_SMS_URL, settings.GRIDGOV_SMS_TOKEN = server.url, "the-token"
        yield server


@pytest.fixture
def mail(settings):
    with mail_server() as server:
        settings.GRIDGOV_NOTICE_CHANNELS = ["email"]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "gridgov@example.cn"
        yield server


@pytest.fixture
def staff(db):
    make_territory()
    people = make_staff()
    people["colleague"] = make_user("colleague", "grid_worker", UNITS[0])
    return people


def jobs() -> list[dict]:
    return list(ProcrastinateJob.objects.filter(task_name="send_notice").values_list("args", flat=True))


def a_notice(staff, name="colleague") -> Notice:
    """Of a case with a title and a description that must not get out."""
    make_dispute(staff["worker"], title="张三与李四", description="张三打了李四")
    return Notice.objects.get(user=staff[name])


def test_a_text_message_says_the_case_number_and_nothing_of_the_case(staff, sms):
    set_address(user=staff["colleague"], channel="sms", address="13800000000")
    notice = a_notice(staff)
    assert jobs() == [{"notice_id": notice.pk, "channel": "sms"}]
    assert send_notice(notice.pk, "sms") is True
    (sent,) = sms.taken
    said = f"{notice.dispute.case_number}:请登录 GridGov 查看。"
    assert sent["body"] == {"phone": "13800000000", "text": said}
    assert sent["headers"]["Authorization"] == "Bearer the-token"


def test_a_notice_goes_out_once_however_often_its_job_runs(staff, sms):
    set_address(user=staff["colleague"], channel="sms", address="13800000000")
    notice = a_notice(staff)
    assert [send_notice(notice.pk, "sms") for _ in range(3)] == [True, False, False]
    assert len(sms.taken) == 1


def test_a_gateway_that_fails_is_tried_again_and_then_has_it_once(staff, sms):
    set_address(user=staff["colleague"], channel="sms", address="13800000000")
    notice = a_notice(staff)
    sms.answers = [(503, "13800000000 busy", {}), (200, "ok", {})]
    with pytest.raises(ChannelFailed) as failure:
        send_notice(notice.pk, "sms")
    assert "HTTP 503" in str(failure.value)
    assert "13800000000" not in str(failure.value)
    assert send_notice(notice.pk, "sms") is True
    assert send_notice(notice.pk, "sms") is False


def test_a_gateway_that_is_away_or_leads_elsewhere_fails(staff, sms, settings):
    with gateway() as elsewhere:
        sms.answers = [(302, "", {"Location": elsewhere.url}), (307, "", {"Location": elsewhere.url})]
        for _ in range(2):
            with pytest.raises(ChannelFailed):
                HttpSmsChannel().send("13800000000", "", "text")
        assert elsewhere.taken == []
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.GRIDGOV_SMS_URL = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(ChannelFailed):
            HttpSmsChannel().send("13800000000", "", "text")


def test_wecom_answers_200_also_to_what_it_did_not_take(staff, sms, settings):
    settings.GRIDGOV_WECOM_URL, settings.GRIDGOV_WECOM_TOKEN = sms.url, ""
    sms.answers = [
        (200, '{"errcode": 0, "errmsg": "ok"}', {}),
        (200, '{"errcode": 40014, "errmsg": "invalid access_token"}', {}),
        (200, '{"errcode": 0, "invaliduser": "zhangsan"}', {}),
        (200, "<html>", {}),
    ]
    WeComChannel().send("zhangsan", "", "正文")
    assert sms.taken[0]["body"] == {"touser": "zhangsan", "msgtype": "text", "text": {"content": "正文"}}
    for _ in range(3):
        with pytest.raises(ChannelFailed):
            WeComChannel().send("zhangsan", "", "正文")


def test_a_mail_arrives_and_says_no_more(staff, mail):
    set_address(user=staff["colleague"], channel="email", address="colleague@example.cn")
    notice = a_notice(staff)
    assert send_notice(notice.pk, "email") is True
    ((sender, recipients, raw),) = mail.taken
    assert (sender, recipients) == ("gridgov@example.cn", ["colleague@example.cn"])
    message = email.message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == "GridGov 通知"
    assert message.get_content().strip() == f"{notice.dispute.case_number}:请登录 GridGov 查看。"


def test_a_mail_server_that_refuses_is_a_failure_that_does_not_repeat_the_address(mail):
    mail.refusing = True
    with pytest.raises(ChannelFailed) as failure:
        EmailChannel().send("colleague@example.cn", "s", "t")
    assert "colleague" not in str(failure.value)
    assert failure.value.__suppress_context__


def test_who_has_lost_the_area_since_gets_nothing_more(staff, sms):
    set_address(user=staff["colleague"], channel="sms", address="13800000000")
    notice = a_notice(staff)
    Duty.objects.filter(user=staff["colleague"]).update(valid_to=BEGUN)
    assert send_notice(notice.pk, "sms") is False
    assert sms.taken == []


@pytest.mark.parametrize("change", ["switched off", "read", "address taken back", "digest only"])
def test_what_changed_before_it_was_sent_counts(staff, sms, change):
    user = staff["colleague"]
    set_address(user=user, channel="sms", address="13800000000")
    notice = a_notice(staff)
    match change:
        case "switched off":
            user.is_active = False
            user.save()
        case "read":
            mark_read(user=user)
        case "address taken back":
            set_address(user=user, channel="sms", address=" ")
            assert not NoticeAddress.objects.exists()
        case "digest only":
            set_address(user=user, channel="sms", address="13800000000", digest_only=True)
    assert send_notice(notice.pk, "sms") is False
    assert sms.taken == []


def test_who_wants_only_the_digest_gets_only_that(staff, sms):
    user = staff["colleague"]
    set_address(user=user, channel="sms", address="13800000000", digest_only=True)
    a_notice(staff)
    assert jobs() == []
    digest = notice_for(user.pk, Kind.DIGEST, "digest:2026-03-02", facts={"waiting": 2, "overdue": 1})
    create_notices(notices=[digest])
    ((job),) = jobs()
    assert send_notice(**job) is True
    assert sms.taken[0]["body"]["text"] == "等您办理 2 件:已超时 1 件。请登录 GridGov 查看。"


def test_without_a_channel_nothing_is_deferred_and_nothing_asked(staff, settings, django_assert_num_queries):
    assert settings.GRIDGOV_NOTICE_CHANNELS == []
    NoticeAddress.objects.create(user=staff["street"], channel="sms", address="1")
    notice = notice_for(staff["street"].pk, Kind.DIGEST, "k")
    with django_assert_num_queries(4):  # what is known, the notice, and a savepoint around both
        create_notices(notices=[notice])
    assert jobs() == []


def test_what_is_rolled_back_is_told_to_nobody_and_sent_nowhere(staff, sms):
    set_address(user=staff["colleague"], channel="sms", address="13800000000")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_dispute(staff["worker"])
        raise ZeroDivisionError
    assert (Notice.objects.count(), jobs()) == (0, [])


@pytest.mark.parametrize(
    ("channel", "good", "bad"),
    [
        (EmailChannel(), ["a@example.cn"], ["", "a", "a@", "a@b\nCc: c@d.cn", "a@example.cn,b@example.cn"]),
        (HttpSmsChannel(), ["13800000000", "+8613800000000"], ["", "12", "1380000000a", "138 0000 0000"]),
        (WeComChannel(), ["zhangsan", "zhang.san-1@x"], ["", "@all", "a|b", "张三"]),
    ],
)
def test_an_address_is_one_of_its_channel(channel, good, bad):
    assert all(channel.accepts(address) for address in good)
    assert not any(channel.accepts(address) for address in bad)


def test_an_address_that_is_none_is_refused(staff, sms):
    for channel, address in [("sms", "x"), ("email", "a@example.cn"), ("sms", "1\x00"), ("sms", "1" * 300)]:
        with pytest.raises(FieldsInvalid):
            set_address(user=staff["street"], channel=channel, address=address)
    with pytest.raises(ChannelFailed):
        send_test(user=staff["street"], channel="sms")


class Pager:
    """As somebody's own adapter would be."""

    name, label, sent = "pager", ("寻呼", "Pager"), []

    def accepts(self, address):
        return True

    def send(self, address, subject, text):
        self.sent.append((address, text))


def test_an_adapter_of_ones_own_is_named_by_its_path(staff, settings):
    settings.GRIDGOV_NOTICE_CHANNELS = ["email", "tests.db.test_notice_channels.Pager"]
    assert list(channels()) == ["email", "pager"]
    set_address(user=staff["street"], channel="pager", address="7")
    send_test(user=staff["street"], channel="pager")
    (pager,) = {type(channel) for channel in channels().values() if channel.name == "pager"}
    assert pager.sent[0][0] == "7"


# With connections of their own ----------------------------------------------------------------
@pytest.fixture
def people(several_connections):
    make_territory()
    staff = make_staff()
    staff["colleague"] = make_user("colleague", "grid_worker", UNITS[0])
    return staff


def test_two_runs_at_the_same_moment_send_it_once(people, sms):
    set_address(user=people["colleague"], channel="sms", address="13800000000")
    notice = a_notice(people)
    results = at_once(*[lambda: send_notice(notice.pk, "sms")] * 4)
    assert sorted(results) == [False, False, False, True]
    assert len(sms.taken) == 1


def test_the_worker_sends_and_a_failing_gateway_holds_up_neither_case_nor_others(people, sms):
    for name, phone in (("colleague", "13800000001"), ("mediator", "13800000002")):
        set_address(user=people[name], channel="sms", address=phone)
    dispute = make_dispute(people["worker"])
    sms.answers = [(500, "", {})]
    create_notices(notices=[notice_for(people["mediator"].pk, Kind.DIGEST, "k", facts={"waiting": 1})])
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    dispute.refresh_from_db()
    assert dispute.state == "reported"
    failed = Notice.objects.get(user=people["colleague"], kind=Kind.NEW_CASE)
    # By its key: at eight in the morning the worker sends the day's digest as well.
    sent = Notice.objects.get(user=people["mediator"], key="k")
    assert (failed.sent, set(sent.sent)) == ({}, {"sms"})
    assert "13800000002" in [taken["body"]["phone"] for taken in sms.taken]
    waiting = ProcrastinateJob.objects.get(task_name="send_notice", status="todo")
    assert (waiting.args["notice_id"], waiting.attempts) == (failed.pk, 1)
    assert waiting.scheduled_at is not None
