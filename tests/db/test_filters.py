"""Which disputes to look at."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import translation

from incidents.errors import FilterInvalid
from incidents.filters import DisputeFilter, DisputeFilterForm
from incidents.models import Dispute
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import COMMUNITY_1, SIDE, SOUTH, STREET_2, UNITS, WEST, make_territory

DAY = timedelta(days=1)


def parse(query: str) -> DisputeFilter:
    return DisputeFilter.from_query(QueryDict(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", DisputeFilter()),
        ("from=2026-03-01&to=2026-03-02", DisputeFilter(date(2026, 3, 1), date(2026, 3, 2))),
        ("category=02", DisputeFilter(category="02")),
        (
            "category=0201&level=street&state=open",
            DisputeFilter(category="0201", level="street", state="open"),
        ),
        ("state=overdue&area=440105001", DisputeFilter(state="overdue", area="440105001")),
        ("bbox=113.3,23.1,113.4,23.2", DisputeFilter(bbox=(113.3, 23.1, 113.4, 23.2))),
        ("cursor=abc&page=2", DisputeFilter()),
    ],
)
def test_a_query_string_says_a_filter(query, expected):
    assert parse(query) == expected


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("from=yesterday", {"from"}),
        ("from=01/03/2026", {"from"}),
        ("from=0001-01-01", {"from"}),
        ("to=9999-12-31", {"to"}),
        ("from=2026-03-02&to=2026-03-01", {"to"}),
        ("category=020", {"category"}),
        ("category=9901&state=gone&level=moon", {"category", "state", "level"}),
        ("area=4401", {"area"}),
        ("area=44010500100100100", {"area"}),
        ("area=%00", {"area"}),
        ("bbox=1,2,3", {"bbox"}),
        ("bbox=113.4,23.1,113.3,23.2", {"bbox"}),
        ("bbox=113.3,23.1,113.3,23.2", {"bbox"}),
        ("bbox=nan,nan,nan,nan", {"bbox"}),
        ("bbox=-inf,0,inf,1", {"bbox"}),
        ("bbox=1e999,2,3,4", {"bbox"}),
        ("bbox=23.1,113.3,23.2,113.4", {"bbox"}),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_cannot_be_read_is_named(query, names, language):
    with translation.override(language), pytest.raises(FilterInvalid) as refused:
        parse(query)
    assert set(refused.value.facts["errors"]) == names


def test_the_form_shows_the_names_of_the_query_string_and_keeps_what_was_said():
    page = DisputeFilterForm(QueryDict("from=2026-03-01&state=open")).as_p()
    assert 'name="from"' in page
    assert 'value="2026-03-01"' in page
    assert '<option value="open" selected>' in page


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


def found(now=NOW, **parts) -> set[Dispute]:
    return set(DisputeFilter(**parts).apply(Dispute.objects.all(), now=now))


def test_days_are_those_of_guangzhou_and_both_included(staff):
    first_moment = NOW.replace(hour=0)
    a = make_dispute(staff["worker"], now=first_moment - timedelta(microseconds=1), occurred_at=NOW - 2 * DAY)
    b = make_dispute(staff["worker"], now=first_moment, occurred_at=NOW - 2 * DAY)
    c = make_dispute(staff["worker"], now=NOW.replace(hour=23, minute=59))
    d = make_dispute(staff["worker"], now=first_moment + DAY)
    assert found(date_from=NOW.date()) == {b, c, d}
    assert found(date_to=NOW.date()) == {a, b, c}
    assert found(date_from=NOW.date(), date_to=NOW.date()) == {b, c}


def test_a_category_is_a_group_or_one_of_it(staff):
    neighbours = make_dispute(staff["worker"], category="0201")
    pollution = make_dispute(staff["worker"], category="0203")
    make_dispute(staff["worker"], category="0402")
    assert found(category="02") == {neighbours, pollution}
    assert found(category="0203") == {pollution}


def test_states_levels_open_and_overdue(staff):
    reported = make_dispute(staff["worker"])
    escalated = act(staff["worker"], make_dispute(staff["worker"]), A.ESCALATE)
    ended = act(staff["worker"], make_dispute(staff["worker"]), A.VOID)
    suspended = act(staff["worker"], make_dispute(staff["worker"]), A.SUSPEND)
    assert found(state="open") == {reported, escalated, suspended}
    assert found(state="void") == {ended}
    assert found(level="community") == {escalated}
    assert found(state="overdue", now=NOW + timedelta(hours=7)) == {reported}
    assert found(state="overdue", now=NOW + 2 * DAY) == {reported, escalated}


def test_an_area_of_any_level_holds_what_happened_in_it(staff):
    first, second, last = (make_dispute(staff["worker"], UNITS[i]) for i in (0, 1, 5))
    assert found(area=UNITS[1]) == {second}
    assert found(area=COMMUNITY_1) == {first, second}
    assert found(area=STREET_2) == {last}
    assert found(area="440105") == {first, second, last}


def test_a_box_includes_its_edge(staff):
    dispute = make_dispute(staff["worker"])
    lon, lat = dispute.location.coords
    assert found(bbox=(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)) == {dispute}
    assert found(bbox=(lon, lat, lon + 1, lat + 1)) == {dispute}
    assert found(bbox=(lon + 1e-9, lat, lon + 1, lat + 1)) == set()


def test_all_parts_narrow_together(staff):
    dispute = make_dispute(staff["worker"], category="0402")
    make_dispute(staff["worker"])
    make_dispute(staff["worker"], UNITS[5], category="0402")
    assert found(category="0402", area=UNITS[0], state="open", date_from=NOW.date()) == {dispute}
