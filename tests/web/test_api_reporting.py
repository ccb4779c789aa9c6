"""What a phone sends besides the report itself, and how reports promise photos: over the API."""

import json
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from grids.roles import Role
from incidents.models import Attachment, Dispute, Supplement
from incidents.services.phone_keys import phone_key_of
from incidents.workflow import Action
from tests.factories.disputes import act, make_dispute
from tests.factories.files import PDF_FILE, picture_file
from tests.factories.people import make_staff, make_user
from tests.factories.territory import UNITS, centre, make_territory
from tests.web.test_api_report import body, place, post

RED, BLUE = picture_file(colour="#ff0000"), picture_file(colour="#0000ff")


@pytest.fixture(autouse=True)
def files_dir(settings, tmp_path):
    settings.GRIDGOV_FILES_DIR = tmp_path


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


def client_of(user, **options) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


@pytest.fixture
def client(staff):
    return client_of(staff["worker"])


def put(client, dispute_id, content=RED, key=None, media_type="image/jpeg", **headers):
    path = f"/api/v1/disputes/{dispute_id}/photos/{key or uuid4()}"
    return client.generic("PUT", path, content, content_type=media_type, headers=headers)


def supplement(client, case, said, key=None, **headers):
    text = said if isinstance(said, str) else json.dumps(said)
    return client.post(
        f"/api/v1/disputes/{case.pk}/supplements", text, content_type="application/json",
        headers={"Idempotency-Key": key or str(uuid4()), **headers},
    )  # fmt: skip


def similar(client, **query):
    lon, lat = centre(UNITS[0])
    asked = {"lon": lon, "lat": lat, "datum": "wgs84", "category": "0201"} | query
    return client.get(
        "/api/v1/disputes/similar", {name: value for name, value in asked.items() if value is not None}
    )


# The receipt of a report


def test_the_answer_to_a_report_is_its_receipt(client):
    key = str(uuid4())
    answer = post(client, body(photos=2), key).json()
    assert (answer["report_key"], answer["photos"]) == (key, {"expected": 2, "received": 0})
    put(client, answer["id"])

    again = post(client, body(photos=2) | {"occurred_at": answer["occurred_at"]}, key)
    assert (again.status_code, again.json()["photos"]) == (200, {"expected": 2, "received": 1})


def test_nobody_is_told_the_key_of_a_report_later(client, staff):
    answer = post(client, body(photos=1)).json()
    for path in (f"disputes/{answer['id']}", "disputes", f"disputes/{answer['id']}/events"):
        assert answer["report_key"] not in client.get(f"/api/v1/{path}").text


def test_no_photos_and_none_said_are_the_same_report(client):
    report, key = body(), str(uuid4())
    assert post(client, report, key).status_code == 201
    assert post(client, report | {"photos": 0}, key).status_code == 200
    assert post(client, report | {"photos": 1}, key).json()["code"] == "report_key_reused"


@pytest.mark.parametrize("photos", [-1, 7, "2", True, None, 1.5])
def test_photos_are_a_number_from_none_to_six(client, photos):
    answer = post(client, body(photos=photos))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["photos"])


@pytest.mark.parametrize("how", ["device", "hand", "address"])
def test_how_the_position_was_found_is_kept_and_told(client, how):
    answer = post(client, body(**place(found_by=how))).json()
    assert answer["original_location"]["found_by"] == how
    assert Dispute.objects.get().found_by == how


@pytest.mark.parametrize(
    ("how", "accuracy_m", "words"),
    [
        ("device", 15, "手机定位,误差约 15 米"),
        ("hand", None, "地图点选"),
        ("address", None, "按地址"),
        (None, 15, "手机定位,误差约 15 米"),
        (None, None, "在地图上确定"),
    ],
)
def test_the_page_of_the_case_says_how_the_position_was_found(client, how, accuracy_m, words):
    found = {"found_by": how} if how else {}
    case = post(client, body(**place(accuracy_m=accuracy_m, **found))).json()
    assert f"<dd>{words}</dd>" in client.get(f"/disputes/{case['id']}").text


def test_a_report_that_does_not_say_how_its_position_was_found_is_taken(client):
    assert post(client, body()).json()["original_location"]["found_by"] is None


@pytest.mark.parametrize("how", ["guessed", "", None, 1, ["hand"], {}])
def test_no_other_way_of_finding_a_position_is_known(client, how):
    answer = post(client, body(**place(found_by=how)))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["location"])


# Whose phone it is


def test_what_another_wrote_is_not_sent_in_ones_own_name(client, staff):
    case = make_dispute(staff["worker"], photos=1)
    mine, others = phone_key_of(staff["worker"]).worker, phone_key_of(staff["street"]).worker

    for worker in (others, uuid4(), "", "nobody", "\N{LATIN SMALL LETTER E WITH ACUTE}"):
        said = {"GridGov-Worker": str(worker)}
        answers = [
            client.post(
                "/api/v1/disputes", body(), content_type="application/json",
                headers={"Idempotency-Key": str(uuid4()), **said},
            ),
            put(client, case.pk, **said),
            supplement(client, case, {"text": "又来了"}, **said),
        ]  # fmt: skip
        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "other_worker")}
    assert (Dispute.objects.count(), Attachment.objects.count(), Supplement.objects.count()) == (1, 0, 0)

    for said in (str(mine), str(mine).upper()):
        assert supplement(client, case, {"text": said}, **{"GridGov-Worker": said}).status_code == 201
    assert put(client, case.pk, **{"GridGov-Worker": str(mine)}).status_code == 201


def test_who_never_had_a_phone_sends_nothing_for_anybody(client):
    answer = client.post(
        "/api/v1/disputes", body(), content_type="application/json",
        headers={"Idempotency-Key": str(uuid4()), "GridGov-Worker": str(uuid4())},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (403, "other_worker")
    assert "请用原来的账号登录" in answer.json()["detail"]
    assert "sign in with that account" in answer.json()["detail_en"]


# Photos


def test_a_photo_is_new_once_and_known_from_then_on(client, staff):
    case, key = make_dispute(staff["worker"], photos=2), uuid4()
    first, again = put(client, case.pk, key=key), put(client, case.pk, key=key)

    expected = {
        "photo_key": str(key), "report_complete": False, "photos": {"expected": 2, "received": 1}
    }  # fmt: skip
    assert (first.status_code, first.json()) == (201, expected)
    assert (again.status_code, again.json()) == (200, expected)
    assert put(client, case.pk, BLUE).json()["report_complete"] is True
    refused = put(client, case.pk, picture_file(colour="#00ff00"))
    assert (refused.status_code, refused.json()["code"]) == (409, "photos_complete")


def test_a_photo_is_asked_for_its_token_as_everything_that_is_sent(staff):
    case = make_dispute(staff["worker"], photos=1)
    client = client_of(staff["worker"], enforce_csrf_checks=True)
    assert put(client, case.pk).status_code == 403

    token = client.get("/queue").cookies["csrftoken"].value
    assert put(client, case.pk, **{"X-CSRFToken": token}).status_code == 201


@pytest.mark.parametrize("media_type", ["image/jpeg", "application/octet-stream", "", "application/json"])
def test_a_photo_is_known_by_what_it_holds_and_not_by_what_it_is_called(client, staff, media_type):
    case = make_dispute(staff["worker"], photos=1)
    assert put(client, case.pk, media_type=media_type).status_code == 201


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 415, "attachment_type_refused"),
        (b"{}", 415, "attachment_type_refused"),
        (PDF_FILE, 415, "attachment_type_refused"),
        (b"\x00\x00\x00\x18ftypheic", 415, "attachment_heic"),
        (RED[:-100], 422, "attachment_damaged"),
    ],
    ids=range(5),
)
def test_what_is_no_photo_is_refused_with_its_reason(client, staff, content, status, code):
    case = make_dispute(staff["worker"], photos=1)
    answer = put(client, case.pk, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_photo_larger_than_a_form_may_be_is_taken_and_one_beyond_the_limit_is_not(client, staff):
    case = make_dispute(staff["worker"], photos=2)
    # Behind its end a JPEG may hold anything.
    larger = RED + bytes(2 * 1024 * 1024)
    assert put(client, case.pk, larger).status_code == 201
    with override_settings(GRIDGOV_FILE_MAX_MB=1):
        answer = put(client, case.pk, larger)
    assert (answer.status_code, answer.json()["code"]) == (413, "attachment_too_large")
    assert put(client, case.pk, BLUE).status_code == 201


def test_no_photo_is_asked_of_who_only_sees_the_case_and_a_foreign_case_is_not_there(staff):
    case = make_dispute(staff["worker"], photos=1)
    stranger = make_user("stranger", Role.GRID_WORKER, UNITS[4])

    seen = put(client_of(staff["street"]), case.pk)
    assert (seen.status_code, seen.json()["code"]) == (409, "photos_complete")
    for user in (stranger, staff["planner"]):
        answer = put(client_of(user), case.pk)
        assert (answer.status_code, answer.json()["code"]) == (404, "dispute_not_found")
    assert put(Client(), case.pk).status_code == 401


def test_a_photo_comes_though_the_case_was_escalated_and_voided_meanwhile(client, staff):
    case = make_dispute(staff["worker"], photos=1)
    act(staff["worker"], case, Action.ESCALATE)
    act(staff["mediator"], case, Action.VOID)
    assert put(client, case.pk).status_code == 201


def test_the_case_shows_how_many_photos_have_not_come(client, staff):
    case = make_dispute(staff["worker"], photos=2)
    put(client, case.pk)
    supplement(client, case, {"text": "又来了", "photos": 3})

    for page in (f"/disputes/{case.pk}", f"/disputes/{case.pk}/files"):
        shown = client.get(page).text
        assert 'data-photos-owed="4"' in shown
        assert "还有 1 张照片未从上报人的手机传到" in shown
        assert "补充情况的照片还有 3 张未传到" in shown
    for colour in ("#000001", "#200000", "#002000", "#202020"):
        assert put(client, case.pk, picture_file(colour=colour)).status_code == 201
    assert "data-photos-owed" not in client.get(f"/disputes/{case.pk}").text


# What is added to a case


def test_what_is_added_is_answered_with_its_receipt_and_stands_in_the_history(client, staff):
    case, key = make_dispute(staff["worker"]), str(uuid4())
    first = supplement(client, case, {"text": "又来了\n还带了人", "photos": 1, "unknown": 1}, key)
    again = supplement(client, case, {"text": "又来了\n还带了人", "photos": 1}, key)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    kept = Supplement.objects.get()
    assert first.json() == {
        "id": str(kept.pk), "report_key": key, "case_number": case.case_number, "dispute_id": str(case.pk),
        "at": first.json()["at"], "photos": {"expected": 1, "received": 0},
    }  # fmt: skip
    event = client.get(f"/api/v1/disputes/{case.pk}/events").json()[-1]
    assert (event["action"], event["reason"]) == ("add_supplement", "又来了\n还带了人")
    shown = client.get(f"/disputes/{case.pk}").text
    assert "worker的姓名补充了情况" in shown
    assert "又来了<br>还带了人" in shown
    assert "add_supplement" in client.get(f"/api/v1/disputes/{case.pk}").json()["allowed_measures"]


def test_what_is_added_is_shown_as_it_was_written(client, staff):
    case = make_dispute(staff["worker"])
    supplement(client, case, {"text": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get(f"/disputes/{case.pk}").text


def test_another_text_under_the_same_key_is_refused_with_the_case(client, staff):
    case, key = make_dispute(staff["worker"]), str(uuid4())
    supplement(client, case, {"text": "一"}, key)
    refused = supplement(client, case, {"text": "二"}, key)
    assert (refused.status_code, refused.json()["code"]) == (409, "report_key_reused")
    assert refused.json()["case_number"] == case.case_number
    assert refused.json()["dispute_id"] == str(case.pk)


def test_an_ended_case_says_what_is_possible_with_it(client, staff):
    case = make_dispute(staff["worker"])
    act(staff["worker"], case, Action.VOID)
    refused = supplement(client, case, {"text": "一"})
    assert (refused.status_code, refused.json()["code"]) == (409, "measure_not_allowed")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "text"), ({"text": ""}, "text"), ({"text": " "}, "text"), ({"text": 1}, "text"),
        ({"text": "字" * 4001}, "text"), ({"text": "a\0"}, "text"), ({"text": "一", "photos": 7}, "photos"),
        ({"text": "一", "photos": "1"}, "photos"),
    ],
    ids=range(8),
)  # fmt: skip
def test_what_cannot_be_added_names_its_field(client, staff, said, field):
    answer = supplement(client, make_dispute(staff["worker"]), said)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_without_a_key_nothing_is_added(client, staff):
    answer = supplement(client, make_dispute(staff["worker"]), {"text": "一"}, "no-key")
    assert (answer.status_code, answer.json()["code"]) == (400, "report_key_invalid")


# Similar cases


def test_similar_cases_tell_what_they_are_and_nothing_of_people(client, staff):
    lon, lat = centre(UNITS[0])
    act(staff["worker"], make_dispute(staff["worker"], now=timezone.now(), lon=lon + 0.0005), Action.ACCEPT)
    near = Dispute.objects.get()
    assert similar(client).json() == {
        "disputes": [
            {
                "id": str(near.pk), "case_number": near.case_number, "title": "楼上漏水", "category": "0201",
                "state": "accepted", "reported_at": timezone.localtime(near.reported_at).isoformat(),
                "distance_m": 51, "grid_unit": UNITS[0],
            }
        ]
    }  # fmt: skip


def test_similar_cases_are_looked_for_where_the_position_is_in_its_own_datum(client, staff):
    make_dispute(staff["worker"], now=timezone.now())
    assert len(similar(client).json()["disputes"]) == 1
    assert similar(client, datum="gcj02").json()["disputes"] == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"lon": None}, 422, "coordinate_missing"),
        ({"lat": ""}, 422, "coordinate_missing"),
        ({"lon": "x"}, 422, "coordinate_invalid"),
        ({"lon": "nan"}, 422, "coordinate_invalid"),
        ({"lon": "1e999"}, 422, "coordinate_invalid"),
        ({"datum": None}, 422, "datum_missing"),
        ({"datum": "nad27"}, 422, "datum_unknown"),
        ({"category": None}, 400, "filter_invalid"),
        ({"category": "02"}, 400, "filter_invalid"),
        ({"category": "\0"}, 400, "filter_invalid"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(client, query, status, code):
    answer = similar(client, **query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
