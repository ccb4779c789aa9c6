"""Appraisal: points worked out by hand, who sees whom, and who sets the list."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.appraisal.counting import appraise
from incidents.appraisal.items import DEFAULT_ITEMS, MEASURED, Measured
from incidents.models import AppraisalEntry, AppraisalItem, CaseBody, PartyCode, Rating, Training
from incidents.results.period import Period
from incidents.services import escalate_overdue
from incidents.workflow import Action as A
from tests.factories.appraisal import make_mediator
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import STREET_2, make_territory
from tests.factories.walks import make_body

pytestmark = pytest.mark.django_db
MARCH = Period(NOW.date().replace(day=1), NOW.date().replace(day=31))
PERIOD = "from=2026-03-01&to=2026-03-31"
AGREE = (A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT)


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def mediator(staff):
    """A full-time mediator of the first street, with the account of the community's mediator."""
    return make_mediator("M-1", make_body("B-1"), user=staff["mediator"])


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def mediated_by(mediator, dispute, **span):
    return CaseBody.objects.create(
        dispute=dispute, body=mediator.body, mediator=mediator, role=CaseBody.LEAD,
        **{"since": NOW - timedelta(hours=1), **span},
    )  # fmt: skip


def times(mediator, code: str) -> Decimal:
    (line,) = [line for line in appraise([mediator], MARCH)[mediator.pk] if line.item.code == code]
    return line.times


def test_the_list_comes_with_all_that_is_measured_and_some_by_hand():
    items = AppraisalItem.objects.all()
    assert {item.code for item in items} == {default.code for default in DEFAULT_ITEMS}
    assert {item.measured for item in items} - {""} == set(Measured) == set(MEASURED)
    assert {item.points > 0 for item in items} == {True, False}


def test_a_case_resolved_in_time_counts_for_who_mediated_it_then(staff, mediator):
    worker = staff["worker"]
    during, before, foreign = (make_dispute(worker) for _ in range(3))
    mediated_by(mediator, during)
    mediated_by(mediator, before, until=NOW - timedelta(minutes=1))
    for dispute in (during, before, foreign):
        act(worker, dispute, *AGREE)
    assert times(mediator, "on_time") == 1
    act(worker, during, A.RECORD_BREACH)
    assert times(mediator, "broken") == 1
    assert times(mediator, "on_time") == 1


def test_what_was_assigned_to_the_account_counts_too_and_once(staff, mediator):
    boss = staff["mediator"]
    dispute = act(staff["worker"], make_dispute(staff["worker"]), A.ESCALATE)
    mediated_by(mediator, dispute)
    act(boss, dispute, A.ACCEPT)
    act(boss, dispute, A.ASSIGN, assignee=boss.username)
    late = NOW + timedelta(days=20)
    assert escalate_overdue(now=late).escalated
    assert times(mediator, "sent_up_late") == 1
    assert times(mediator, "on_time") == 0


def test_training_counts_by_the_hour_within_the_period(mediator):
    for day, hours in (("2026-03-05", "2.5"), ("2026-03-31", "4"), ("2026-04-01", "8")):
        Training.objects.create(mediator=mediator, held_on=day, topic=day, hours=hours)
    assert times(mediator, "trained") == Decimal("6.5")


def test_ratings_count_from_five_on_and_never_case_by_case(staff, mediator):
    dispute = make_dispute(staff["worker"])
    mediated_by(mediator, dispute)
    for number, stars in enumerate((5, 4, 3, 5)):
        code = PartyCode.objects.create(dispute=dispute, digest=f"{number:064x}", given_by=staff["worker"])
        Rating.objects.create(dispute=dispute, code=code, stars=stars, rated_at=NOW)
    assert times(mediator, "satisfied") == 0
    page = client_of(staff["street"]).get(f"/appraisal/mediators/M-1?{PERIOD}").content.decode()
    assert "评价少于 5 个" in page
    code = PartyCode.objects.create(dispute=dispute, digest="f" * 64, given_by=staff["worker"])
    Rating.objects.create(dispute=dispute, code=code, stars=4, rated_at=NOW)
    assert times(mediator, "satisfied") == 4
    page = client_of(staff["street"]).get(f"/appraisal/mediators/M-1?{PERIOD}").content.decode()
    assert dispute.case_number not in page


def test_points_are_explained_line_by_line_with_the_cases_behind(staff, mediator):
    dispute = make_dispute(staff["worker"])
    mediated_by(mediator, dispute)
    act(staff["worker"], dispute, *AGREE)
    page = client_of(staff["street"]).get(f"/appraisal/mediators/M-1?{PERIOD}")
    text = page.content.decode()
    assert "1.0 × 1 = 1.0" in text
    assert f"/disputes/{dispute.pk}" in text
    assert dispute.title not in text
    assert page.context["total"] == 1


def test_the_mediator_sees_their_own_and_cannot_give_themselves_points(staff, mediator):
    client = client_of(staff["mediator"])
    assert client.get("/appraisal").url == "/appraisal/mediators/M-1"
    page = client.get("/appraisal/mediators/M-1")
    assert "我的考评" in page.content.decode()
    assert not page.context["may_give"]
    given = {"item": "praised", "on": "2026-03-02", "times": "1", "reason": "锦旗"}
    assert client.post("/appraisal/mediators/M-1/entries", given).status_code == 403
    assert not AppraisalEntry.objects.exists()


def test_nobody_else_sees_it_and_part_time_mediators_are_not_appraised(staff, mediator):
    make_mediator("M-2", make_body("B-2", area=STREET_2), user=staff["planner"])
    make_mediator("M-3", mediator.body, full_time=False)
    street = client_of(staff["street"])
    assert street.get("/appraisal/mediators/M-2").status_code == 403
    assert street.get("/appraisal/mediators/M-3").status_code == 403
    assert [row[0].code for row in street.get("/appraisal").context["rows"]] == ["M-1"]
    assert client_of(staff["planner"]).get("/appraisal/mediators/M-1").status_code == 403
    assert client_of(staff["worker"]).get("/appraisal").status_code == 403
    district = client_of(staff["district"]).get("/appraisal")
    assert [row[0].code for row in district.context["rows"]] == ["M-1", "M-2"]


def test_points_by_hand_need_a_reason_and_can_be_taken_back(staff, mediator):
    client = client_of(staff["street"])
    given = {"item": "praised", "on": "2026-03-02", "times": "2", "reason": ""}
    refused = client.post("/appraisal/mediators/M-1/entries", given)
    assert refused.status_code == 400
    assert refused.context["errors"].keys() == {"reason"}
    assert 'value="2"' in refused.content.decode(), "what was typed is kept"
    assert client.post("/appraisal/mediators/M-1/entries", given | {"reason": "锦旗"}).status_code == 302
    assert times(mediator, "praised") == 2
    for wrong in ({"item": "on_time"}, {"on": "2999-01-01"}, {"on": "x"}, {"times": "0"}, {"times": "-1"}):
        answer = client.post("/appraisal/mediators/M-1/entries", given | {"reason": "锦旗"} | wrong)
        assert answer.context["errors"].keys() == wrong.keys()
    entry = AppraisalEntry.objects.get()
    client.post(f"/appraisal/mediators/M-1/entries/{entry.pk}/withdraw")
    assert times(mediator, "praised") == 0


def test_the_district_sets_the_list_and_the_street_reads_it(staff, mediator):
    changed = {"code": "on_time", "name": "按时", "explanation": "说明", "points": "3", "active": "on"}
    assert client_of(staff["street"]).post("/appraisal/items", changed).status_code == 403
    district = client_of(staff["district"])
    assert district.post("/appraisal/items", changed).status_code == 302
    assert AppraisalItem.objects.get(code="on_time").points == 3
    for points in ("0", "101", "1.25", "NaN", "Infinity", "x", "1e9999999", "-1e9999999", "1e-9999999"):
        refused = district.post("/appraisal/items", changed | {"points": points})
        assert refused.status_code == 400, points
        assert refused.context["errors"].keys() == {"points"}
    assert district.post("/appraisal/items", changed | {"code": "on_time\0"}).status_code == 403
    own = {"code": "", "name": "值班", "explanation": "节假日值班", "points": "0.5", "active": "on"}
    assert district.post("/appraisal/items", own).status_code == 302
    assert AppraisalItem.objects.get(name="值班").measured == ""
    district.post("/appraisal/items", {**changed, "active": ""} | {"code": "praised"})
    district.post(
        "/appraisal/items", {k: v for k, v in changed.items() if k != "active"} | {"code": "leaked"}
    )
    assert not AppraisalItem.objects.get(code="leaked").active
    assert "泄露隐私" not in client_of(staff["street"]).get("/appraisal/mediators/M-1").content.decode()


def test_the_number_of_questions_does_not_grow_with_the_mediators(staff, mediator):
    client = client_of(staff["street"])

    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            client.get(f"/appraisal?{PERIOD}")
        return len(questions)

    asked()
    one = asked()
    for number in range(5):
        make_mediator(f"N-{number}", mediator.body)
    assert asked() == one


def test_the_list_is_searched_by_name_and_body_and_goes_on_over_pages(staff):
    first, second = make_body("B-1"), make_body("B-2")
    for number in range(55):
        make_mediator(f"M-{number}", first, name=f"甲{number:02}")
    make_mediator("M-x", second, name="乙")
    client = client_of(staff["district"])

    def names(query):
        return [mediator.name for mediator, *_ in client.get(f"/appraisal?{PERIOD}&{query}").context["rows"]]

    assert len(names("")) == 50
    assert names("page=2")[-1] == "乙"
    assert len(names("page=2")) == 6
    assert names("q=乙") == ["乙"] == names("q=调解组织B-2")
    assert names("q=甲0&page=9")[0] == "甲00"
    assert "没有姓名或组织含" in client.get("/appraisal?q=丙").content.decode()
    assert client.get("/appraisal?q=%00").status_code == 200
    page = client.get(f"/appraisal?{PERIOD}&q=甲").content.decode()
    assert f"?q=%E7%94%B2&amp;{PERIOD.replace('&', '&amp;')}&amp;page=2" in page
