"""Which event is told to whom, and in which words."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from gridgov.settings.notices import email_settings, gateway_url, notice_channels
from incidents.measures import Measure as M
from incidents.notices import words
from incidents.notices.kinds import NEWS, Kind, To, news_of
from incidents.workflow import Action as A

BY_THE_CLOCK = {
    Kind.DUE_SOON, Kind.OVERDUE, Kind.CONFIRMATION_ENDING, Kind.INSTALMENT_DUE, Kind.FOLLOW_UP_DUE,
    Kind.DIGEST,
}  # fmt: skip


@pytest.mark.parametrize(
    ("event", "by_system", "told"),
    [
        ("report", False, [(Kind.NEW_CASE, To.STANDING)]),
        (A.ASSIGN, False, [(Kind.ASSIGNED, To.ASSIGNED)]),
        (A.ESCALATE, True, [(Kind.ESCALATED, To.STANDING), (Kind.ESCALATED_AWAY, To.BEFORE)]),
        (A.ESCALATE, False, [(Kind.ESCALATED, To.STANDING), (Kind.ESCALATED_AWAY, To.BEFORE)]),
        (A.HAND_BACK, False, [(Kind.HANDED_BACK, To.STANDING)]),
        (A.REOPEN, False, [(Kind.REOPENED, To.STANDING)]),
        (M.SUPERVISE, False, [(Kind.SUPERVISED, To.STANDING)]),
        (M.URGE, False, [(Kind.URGED, To.STANDING)]),
        (M.ASK_EXTENSION, False, [(Kind.EXTENSION_ASKED, To.ABOVE)]),
        (M.GRANT_EXTENSION, False, [(Kind.EXTENSION_GRANTED, To.STANDING)]),
        (M.REFUSE_EXTENSION, False, [(Kind.EXTENSION_REFUSED, To.STANDING)]),
        (M.ASK_GUIDANCE, False, [(Kind.GUIDANCE_ASKED, To.ABOVE)]),
        (M.GIVE_GUIDANCE, False, [(Kind.GUIDANCE_GIVEN, To.STANDING)]),
        (M.RECEIVE_REFERRAL, False, [(Kind.REFERRAL_TO_ANSWER, To.STANDING)]),
        (M.ANSWER_REFERRAL, True, [(Kind.REFERRAL_LAPSED, To.STANDING)]),
        (M.ANSWER_REFERRAL, False, []),
        (M.ADD_SUPPLEMENT, False, [(Kind.SUPPLEMENTED, To.STANDING)]),
        (M.HAND_OVER, False, [(Kind.HANDED_OVER, To.ASSIGNED)]),
        (A.ACCEPT, False, []),
        (A.CLOSE, False, []),
        (M.ISSUE_DOCUMENT, False, []),
    ],
)
def test_an_event_is_told_to_those_who_have_something_to_do_with_it(event, by_system, told):
    assert [(news.kind, news.to) for news in news_of(event, by_system=by_system)] == told


def test_every_kind_of_notice_is_made_by_an_event_or_by_the_clock():
    of_events = {news.kind for told in NEWS.values() for news in told}
    assert of_events | BY_THE_CLOCK == set(Kind)
    assert not of_events & BY_THE_CLOCK


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_name_an_icon_and_a_sentence_that_says_what_to_do(kind):
    facts = {"due_at": "2026-03-02T01:00:00+00:00", "on": "2026-03-04", "number": 2, "waiting": 3}
    said = words.sentence(kind, facts)
    assert said.endswith("。")
    assert "%(" not in said
    assert words.NAMES[kind]
    assert words.ICONS[kind]


def test_a_due_time_is_told_as_it_is_in_guangzhou():
    assert "2026-03-02 09:00" in words.sentence(Kind.DUE_SOON, {"due_at": "2026-03-02T01:00:00+00:00"})
    assert "2026-03-04" in words.sentence(Kind.CONFIRMATION_ENDING, {"on": "2026-03-04"})


def test_a_digest_says_nothing_of_what_there_is_none():
    counts = {"waiting": 5, "due_today": 1, "overdue": 0, "new": 2, "supervised": 0}
    assert words.digest_sentence(counts) == "等您办理 5 件:今天到期 1 件、新到 2 件。"
    assert words.digest_sentence({"waiting": 1}) == "等您办理 1 件。"


@pytest.mark.parametrize("kind", set(Kind) - {Kind.DIGEST})
def test_what_goes_outside_is_the_case_number_and_to_sign_in(kind):
    assert words.outside(kind, {}, "HZ2026-000123")[1] == "HZ2026-000123:请登录 GridGov 查看。"
    assert words.outside(kind, {"cases": 4}, None)[1] == "您有新的通知:请登录 GridGov 查看。"


def test_a_digest_outside_is_counts():
    with translation.override("zh-hans"):
        subject, text = words.outside(Kind.DIGEST, {"waiting": 5, "overdue": 1}, None)
    assert (subject, text) == ("GridGov 每日汇总", "等您办理 5 件:已超时 1 件。请登录 GridGov 查看。")


# Settings -------------------------------------------------------------------------------------
def test_without_a_url_mail_goes_nowhere():
    assert email_settings("")["EMAIL_BACKEND"].endswith("dummy.EmailBackend")


def test_a_mail_url_is_read_and_waits_for_no_server_for_ever():
    found = email_settings("submission://u%40x:p%2F@mail.example")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("u@x", "p/")
    assert found["EMAIL_TIMEOUT"] == 10
    assert email_settings("smtp://mail.example:465?ssl=True")["EMAIL_USE_SSL"] is True


@pytest.mark.parametrize("url", ["hunter2", "http://hunter2", "smtp://u:hunter2@host:port"])
def test_a_mail_url_that_is_none_is_refused_without_showing_it(url):
    with pytest.raises(ImproperlyConfigured) as refusal:
        email_settings(url)
    assert "GRIDGOV_EMAIL_URL" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    ["", "https://sms.example/send", "http://127.0.0.1:9000/x", "http://localhost/x", "http://[::1]:9/"],
)
def test_a_gateway_is_reached_by_https_or_on_this_machine(url):
    assert gateway_url("GRIDGOV_SMS_URL", url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example/send", "http://10.0.0.7/", "http://127.0.0.1.evil.example/", "ftp://127.0.0.1/",
        "https://", "hunter2", "https://host:hunter2/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_a_gateway_that_others_could_read_is_refused(url):
    with pytest.raises(ImproperlyConfigured) as refusal:
        gateway_url("GRIDGOV_SMS_URL", url)
    assert "hunter2" not in str(refusal.value)


def test_a_channel_needs_its_variable_and_a_name_that_is_known():
    given = {"email": ("GRIDGOV_EMAIL_URL", ""), "sms": ("GRIDGOV_SMS_URL", "https://sms.example")}
    assert notice_channels(["sms", "my.package.Pager"], given) == ["sms", "my.package.Pager"]
    with pytest.raises(ImproperlyConfigured, match="GRIDGOV_EMAIL_URL"):
        notice_channels(["email"], given)
    with pytest.raises(ImproperlyConfigured, match="pigeon"):
        notice_channels(["pigeon"], given)
