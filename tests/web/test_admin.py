"""The administrators' back office."""

from datetime import date

import pytest
from django.contrib.gis.geos import GEOSGeometry, Point
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from shapely import MultiPolygon, box

from grids.models import Address, AreaVersion, Duty, User
from grids.roles import Role
from tests.factories.areas import COMMUNITY, four_units
from tests.factories.people import make_user
from tests.geometries import CENTRE, INSIDE_SOUTH_WEST, NORTH_WEST, WHOLE

pytestmark = pytest.mark.django_db
UNIT = f"{COMMUNITY}001"


@pytest.fixture
def administrator():
    four_units()
    user = make_user("boss", Role.ADMINISTRATOR, "440105", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    return client


def redraw(client, code, **changes):
    version = AreaVersion.objects.get(area_id=code, valid_to=None)
    address = reverse("admin:grids_areaversion_change", args=[version.pk])
    today = timezone.localdate().isoformat()
    form = {"name": version.name, "valid_from": today, "geom": version.geom.geojson} | changes
    return client.post(address, form)


def test_every_list_and_form_opens(administrator):
    for model in ("user", "duty", "area", "areaversion", "address"):
        assert administrator.get(reverse(f"admin:grids_{model}_changelist")).status_code == 200
    for model in ("user", "duty", "address"):
        assert administrator.get(reverse(f"admin:grids_{model}_add")).status_code == 200
    version = AreaVersion.objects.first()
    page = administrator.get(reverse("admin:grids_areaversion_change", args=[version.pk])).content.decode()
    assert "leaflet" in page


def test_a_new_name_opens_a_dated_version_and_the_old_one_stays(administrator):
    assert redraw(administrator, UNIT, name="新名网格").status_code == 302
    old, new = AreaVersion.objects.filter(area_id=UNIT).order_by("valid_from")
    assert (old.name, old.valid_to) == ("甲一第1网格", timezone.localdate())
    assert (new.name, new.valid_from, new.valid_to) == ("新名网格", timezone.localdate(), None)


def test_saving_without_a_change_opens_no_version(administrator):
    assert redraw(administrator, UNIT).status_code == 302
    assert AreaVersion.objects.filter(area_id=UNIT).count() == 1


def said(answer) -> list[tuple[str, str]]:
    """Level and words of what the page that follows `answer` says."""
    return [(message.level_tag, message.message) for message in get_messages(answer.wsgi_request)]


def test_saving_says_whether_there_is_a_new_version_and_from_which_day(administrator):
    assert said(redraw(administrator, UNIT)) == [("info", "没有改动,未产生新版本。")]
    later = redraw(administrator, UNIT, valid_from="2030-05-01")
    assert said(later)[-1] == ("info", "没有改动,未产生新版本。")
    changed = redraw(administrator, UNIT, name="新名网格", valid_from="2030-05-01")
    assert said(changed)[-1] == ("success", "已产生自 2030年5月1日 起的新版本。")


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "平方米"), ("en", "m2")])
def test_ground_that_a_new_boundary_leaves_to_nobody_is_told(administrator, settings, language, words):
    administrator.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    strip = box(*NORTH_WEST.bounds[:2], CENTRE[0] - 0.0005, NORTH_WEST.bounds[3])
    narrowed = GEOSGeometry(MultiPolygon([strip]).wkt, srid=4326)
    (_, new), (level, gap) = said(redraw(administrator, UNIT, geom=narrowed.geojson))
    assert ("new version" in new.lower()) == (language == "en")
    assert level == "warning"
    assert gap.startswith(COMMUNITY)
    assert words in gap


def test_the_list_of_areas_has_their_names_in_a_constant_number_of_queries(
    administrator, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        page = administrator.get(reverse("admin:grids_area_changelist")).content.decode()
    assert "甲一第1网格" in page


def test_a_boundary_over_a_neighbour_is_refused_with_the_reason_and_the_drawing_kept(administrator):
    neighbour = AreaVersion.objects.get(area_id=f"{COMMUNITY}002")
    answer = redraw(administrator, UNIT, geom=neighbour.geom.geojson)
    assert answer.status_code == 200
    assert "重叠" in answer.content.decode()
    assert AreaVersion.objects.filter(area_id=UNIT).count() == 1


def test_a_closed_version_cannot_be_changed(administrator):
    redraw(administrator, UNIT, name="新名网格")
    closed = AreaVersion.objects.get(area_id=UNIT, valid_to__isnull=False)
    address = reverse("admin:grids_areaversion_change", args=[closed.pk])
    assert administrator.post(address, {"name": "改写历史"}).status_code == 403


def test_an_account_is_made_with_its_duty_and_can_be_switched_off_but_not_deleted(administrator):
    form = {
        "username": "li",
        "name": "李",
        "password1": "a long pass-phrase 7",
        "password2": "a long pass-phrase 7",
        "usable_password": "true",
    }
    formset = {"duties-TOTAL_FORMS": "0", "duties-INITIAL_FORMS": "0"}
    assert administrator.post(reverse("admin:grids_user_add"), form | formset).status_code == 302
    user = User.objects.get(username="li")
    duty = {
        "duties-TOTAL_FORMS": "1",
        "duties-INITIAL_FORMS": "0",
        "duties-0-role": "grid_worker",
        "duties-0-area": UNIT,
        "duties-0-valid_from": "2026-01-01",
        "duties-0-user": str(user.pk),
    }
    change = reverse("admin:grids_user_change", args=[user.pk])
    assert administrator.post(change, {"username": "li", "name": "李", **duty}).status_code == 302
    user.refresh_from_db()
    assert not user.is_active
    assert Duty.objects.get(user=user).valid_from == date(2026, 1, 1)
    assert administrator.post(reverse("admin:grids_user_delete", args=[user.pk])).status_code == 403


def test_a_duty_on_an_area_of_the_wrong_level_is_refused(administrator):
    user = make_user("li")
    form = {"user": user.pk, "role": "street_centre", "area": UNIT, "valid_from": "2026-01-01"}
    answer = administrator.post(reverse("admin:grids_duty_add"), form)
    assert answer.status_code == 200
    assert "街道" in str(answer.context["adminform"].form.errors)


def test_an_address_known_already_in_another_spelling_is_refused(administrator):
    point = '{"type": "Point", "coordinates": [113.3001, 23.0831]}'
    form = {"text": "晓港东路12号", "unit": UNIT, "location": point}
    assert administrator.post(reverse("admin:grids_address_add"), form).status_code == 302
    form["text"] = "晓港东路 12 号"
    assert administrator.post(reverse("admin:grids_address_add"), form).status_code == 200
    assert Address.objects.count() == 1


@pytest.mark.parametrize(
    ("unit", "place", "field", "said"),
    [
        (UNIT, INSIDE_SOUTH_WEST, "unit", f"{COMMUNITY}003"),
        (COMMUNITY, INSIDE_SOUTH_WEST, "unit", f"{COMMUNITY}003"),
        (UNIT, (WHOLE.bounds[0] - 0.001, CENTRE[1]), "location", "任何网格"),
    ],
)
def test_an_address_stands_in_the_unit_that_holds_its_place(administrator, unit, place, field, said):
    form = {"text": "晓港东路12号", "unit": unit, "location": Point(*place, srid=4326).geojson}
    answer = administrator.post(reverse("admin:grids_address_add"), form)
    assert answer.status_code == 200
    assert said in str(answer.context["adminform"].form.errors[field])
    assert not Address.objects.exists()


@pytest.mark.parametrize("number", [1, 4])
def test_an_address_on_a_shared_corner_may_stand_in_any_of_its_units(administrator, number):
    point = Point(*CENTRE, srid=4326).geojson
    form = {"text": "晓港东路12号", "unit": f"{COMMUNITY}{number:03d}", "location": point}
    assert administrator.post(reverse("admin:grids_address_add"), form).status_code == 302


@pytest.mark.parametrize(("first", "last"), [("2026-03-01", ""), ("2025-12-01", "2026-01-02")])
def test_the_same_duty_twice_on_one_day_is_refused_with_the_reason(administrator, first, last):
    user = make_user("li")
    Duty.objects.create(user=user, role=Role.GRID_WORKER, area_id=UNIT, valid_from="2026-01-01")
    form = {"user": user.pk, "role": "grid_worker", "area": UNIT, "valid_from": first, "valid_to": last}
    answer = administrator.post(reverse("admin:grids_duty_add"), form)
    assert answer.status_code == 200
    assert "请先结束那一条" in str(answer.context["adminform"].form.errors)
    assert Duty.objects.filter(user=user).count() == 1


def test_two_duties_given_together_are_compared_with_each_other(administrator):
    user = make_user("li")
    form = {"username": "li", "name": "李", "is_active": "on"}
    form |= {"duties-TOTAL_FORMS": "2", "duties-INITIAL_FORMS": "0"}
    for row, (first, last) in enumerate([("2026-01-01", "2026-03-01"), ("2026-02-01", "")]):
        duty = {"role": "grid_worker", "area": UNIT, "valid_from": first, "valid_to": last, "user": user.pk}
        form |= {f"duties-{row}-{name}": value for name, value in duty.items()}
    change = reverse("admin:grids_user_change", args=[user.pk])
    answer = administrator.post(change, form)
    assert answer.status_code == 200
    assert "请先结束那一条" in answer.content.decode()
    assert not Duty.objects.filter(user=user).exists()
    form["duties-1-valid_from"] = "2026-03-01"
    assert administrator.post(change, form).status_code == 302
    assert Duty.objects.filter(user=user).count() == 2


def test_nothing_about_disputes_stands_in_the_back_office(administrator):
    index = administrator.get(reverse("admin:index"))
    models = {model["object_name"] for app in index.context["app_list"] for model in app["models"]}
    assert models & {"Dispute", "DisputeEvent", "Party", "PartyAccess"} == set()
