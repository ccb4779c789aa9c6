"""The pages of policy and calendar."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import CalendarDay, FileJob, PolicyVersion
from incidents.policy import DEFAULT_POLICY
from incidents.policy_data import from_data, to_data
from incidents.trial_history import read_history
from incidents.views.policy_form import data_from, typed_from
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(**changes) -> dict[str, str]:
    fields = typed_from(to_data(DEFAULT_POLICY))
    return fields | {"valid_from": TOMORROW.isoformat(), "reason": "试行"} | changes


def tried_in(answer) -> str:
    return re.search(r'name="tried" value="([0-9a-f]{64})"', answer.content.decode())[1]


def save(client, fields):
    """As a person does: try, then save what was tried."""
    tried = tried_in(client.post("/policy/edit", fields | {"action": "try"}))
    return client.post("/policy/edit", fields | {"action": "save", "tried": tried})


def test_the_form_says_exactly_the_policy():
    assert data_from(typed_from(to_data(DEFAULT_POLICY))) == to_data(DEFAULT_POLICY)
    assert from_data(data_from(typed())) == DEFAULT_POLICY


def test_whoever_works_on_cases_reads_the_rules_and_only_the_district_has_the_door_to_edit(staff):
    page = signed_in(staff["worker"]).get("/policy").content.decode()
    for words in ("系统的默认规则", "4 个工作小时", "同一级调解不成几次即上报上一级", "08:30–12:00"):
        assert words in page, words
    assert "/policy/edit" not in page
    assert "/policy/edit" in signed_in(staff["district"]).get("/policy").content.decode()


def test_trying_writes_nothing_and_shows_both_figures(staff):
    now = timezone.now()
    make_dispute(staff["worker"], now=now - timedelta(days=30), occurred_at=now - timedelta(days=31))
    client = signed_in(staff["district"])
    fields = typed(**{"limits.grid.yellow.accept.amount": "2000"})
    answer = client.post("/policy/edit", fields | {"action": "try"})
    assert answer.status_code == 200
    trial = answer.context["trial"]
    assert (trial["before"].cases_up, trial["after"].cases_up, trial["more"]) == (1, 0, -1)
    page = answer.content.decode()
    assert "少 1 件" in page
    assert "网格 · 黄色 · 受理:4 个工作小时 → 2000 个工作小时" in page
    assert not PolicyVersion.objects.exists()
    assert 'value="2000"' in page, "what was typed is kept"


def test_figures_of_a_sample_are_called_so_and_their_difference_is_told_of_the_year(staff, monkeypatch):
    monkeypatch.setattr("incidents.views.policy.read_history", partial(read_history, largest_sample=2))
    now = timezone.now()
    for _ in range(6):
        make_dispute(staff["worker"], now=now - timedelta(days=30), occurred_at=now - timedelta(days=31))
    fields = typed(**{"limits.grid.yellow.accept.amount": "2000"})
    page = signed_in(staff["district"]).post("/policy/edit", fields | {"action": "try"}).content.decode()
    assert "去年 6 件纠纷中抽取 2 件" in page
    assert "全年约少 6 件" in page
    assert page.count("抽样</span>") == 3


def test_what_was_tried_is_saved_and_then_told(staff):
    client = signed_in(staff["district"])
    answer = save(client, typed(failed_mediations="3", reason="人手不足"))
    assert (answer.status_code, answer.url) == (302, "/policy#history")
    version = PolicyVersion.objects.get()
    assert (version.valid_from, version.created_by) == (TOMORROW, staff["district"])
    page = client.get("/policy").content.decode()
    for words in ("尚未生效", "人手不足", "district的姓名", "同一级调解不成几次即上报上一级:2 → 3"):
        assert words in page, words


def test_saving_what_was_not_tried_shows_the_trial_instead(staff):
    client = signed_in(staff["district"])
    tried = tried_in(client.post("/policy/edit", typed() | {"action": "try"}))
    changed = typed(failed_mediations="5", action="save", tried=tried)
    answer = client.post("/policy/edit", changed)
    assert "试算之后内容又有修改" in answer.content.decode()
    assert client.post("/policy/edit", typed(action="save")).status_code == 200
    assert not PolicyVersion.objects.exists()
    assert client.post("/policy/edit", changed | {"tried": tried_in(answer)}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "error_of"),
    [
        ("limits.grid.red.accept.amount", "0", "limits.grid.red.accept"),
        ("limits.grid.red.accept.unit", "weeks", "limits.grid.red.accept"),
        ("failed_mediations", "两次", "failed_mediations"),
        ("risk.red_from", "10", "risk.red_from"),
        ("risk.sensitive.0.first", "13-40", "risk.sensitive"),
        ("office_hours.0.end", "07:00", "office_hours"),
        ("valid_from", "2026-01-01", "valid_from"),
        ("valid_from", "明天", "valid_from"),
        ("reason", " ", "reason"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(staff, field, value, error_of):
    client = signed_in(staff["district"])
    answer = client.post("/policy/edit", typed(**{"risk.group": "77", field: value}) | {"action": "save"})
    assert answer.status_code == 400
    assert list(answer.context["errors"]) == [error_of]
    page = answer.content.decode()
    assert page.count('class="field-error') == 1
    assert 'name="risk.group" value="77"' in page
    assert not PolicyVersion.objects.exists()


def test_sensitive_days_are_added_and_removed(staff):
    fields = typed(**{"risk.sensitive.4.name": "开学", "risk.sensitive.4.first": "9-1",
                      "risk.sensitive.4.last": "09-03", "risk.sensitive.0.name": "",
                      "risk.sensitive.0.first": "", "risk.sensitive.0.last": ""})  # fmt: skip
    save(signed_in(staff["district"]), fields)
    days = from_data(PolicyVersion.objects.get().data).risk.sensitive
    assert [(d.name, d.first) for d in days][-1] == ("开学", (9, 1))
    assert len(days) == len(DEFAULT_POLICY.risk.sensitive)


def test_a_version_that_is_not_in_force_is_taken_back(staff):
    client = signed_in(staff["district"])
    save(client, typed())
    assert client.post("/policy/remove", {"valid_from": TOMORROW.isoformat()}).status_code == 302
    assert not PolicyVersion.objects.exists()
    assert client.post("/policy/remove", {"valid_from": TOMORROW.isoformat()}).status_code == 404


def test_the_form_begins_with_the_version_that_is_to_come(staff):
    client = signed_in(staff["district"])
    save(client, typed(failed_mediations="4"))
    assert 'name="failed_mediations" value="4"' in client.get("/policy/edit").content.decode()


def test_the_page_is_complete_in_english(staff):
    client = signed_in(staff["district"])
    client.cookies["django_language"] = "en"
    assert "4 working hours" in client.get("/policy").content.decode()


# The calendar ----------------------------------------------------------------------------------
def a_workday() -> date:
    from incidents.working_time import is_statutory_workday

    day = TOMORROW
    while not is_statutory_workday(day):
        day += timedelta(days=1)
    return day


def test_the_calendar_lists_holidays_and_make_up_days(staff):
    page = signed_in(staff["worker"]).get("/policy/calendar?year=2026").content.decode()
    assert "春节" in page
    assert "02-15" in page
    assert page.count("<table") == 12


def test_a_year_whose_notice_is_not_known_says_that_weekdays_are_assumed(staff):
    unknown = next(y for y in range(timezone.localdate().year, 2100) if not _known(y))
    page = signed_in(staff["worker"]).get(f"/policy/calendar?year={unknown}").content.decode()
    assert f"还不知道 {unknown} 年的放假安排" in page
    assert "周一至周五" in page


def _known(year):
    from incidents.working_time import notice_known

    return notice_known(year)


def test_a_day_is_added_its_job_begins_and_it_is_restored(staff, django_capture_on_commit_callbacks):
    client = signed_in(staff["district"])
    day = a_workday()
    with django_capture_on_commit_callbacks(execute=True) as begun:
        answer = client.post(
            "/policy/calendar/days", {"day": day.isoformat(), "kind": "off", "name": "台风停工"}
        )
    assert (answer.status_code, len(begun)) == (302, 1)
    assert CalendarDay.objects.get().name == "台风停工"
    page = client.get(answer.url).content.decode()
    assert "台风停工" in page
    assert "等待重新计算期限" in page
    assert FileJob.objects.filter(kind="recalculate_due_times").count() == 1
    assert client.post("/policy/calendar/remove", {"day": day.isoformat()}).status_code == 302
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"day": "", "kind": "off", "name": "x"}, ["day"]),
        ({"day": "2026-13-01", "kind": "x", "name": "x"}, ["day", "kind"]),
        ({"day": "2001-01-01", "kind": "off", "name": "x"}, ["day"]),
        ({"day": a_workday().isoformat(), "kind": "work", "name": "x"}, ["day"]),
        ({"day": a_workday().isoformat(), "kind": "off", "name": " "}, ["name"]),
    ],
)
def test_a_wrong_day_is_refused_beside_its_field(staff, fields, wrong):
    answer = signed_in(staff["district"]).post("/policy/calendar/days", fields)
    assert answer.status_code == 400
    assert list(answer.context["errors"]) == wrong
    assert not CalendarDay.objects.exists()
