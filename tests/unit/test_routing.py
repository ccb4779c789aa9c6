"""Which body suits a case: one truth table, and what holds whatever the facts."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.hierarchy import Level
from incidents.codes import CATEGORIES, CATEGORY_GROUPS
from incidents.network_codes import CHANNELS, FORMS, KINDS
from incidents.routing import (
    METRES_PER_POINT,
    POINTS,
    BodyFacts,
    CaseFacts,
    nearest_forces,
    propose_bodies,
    serves,
    shares_interest,
)
from incidents.routing_table import FITS, fit_of
from incidents.routing_words import reason_words

UNIT = "440105001001001"
CASE = CaseFacts(category="0201", level=Level.COMMUNITY, unit=UNIT, place=(0.0, 0.0))
BODY = BodyFacts(code="B", kind="people", form="committee", area="440105001001", place=(0.0, 0.0))
# What BODY has in its favour for CASE: kind, takes everything, same level, next door, no open case.
USUAL = 30 + 5 + 20 + 20 + 10


def said(case: CaseFacts = CASE, **changes) -> dict[str, int]:
    (proposal,) = propose_bodies(case, [replace(BODY, **changes)])
    return {reason.code: reason.points for reason in (*proposal.reasons, *proposal.against)}


def test_a_body_that_fits_in_every_way_gets_all_that_it_can():
    (proposal,) = propose_bodies(CASE, [BODY])
    assert proposal.points == USUAL
    assert not proposal.against


@pytest.mark.parametrize(
    ("case", "body", "reason"),
    [
        ({}, {}, {"kind_first": 30}),
        ({"category": "0402"}, {"kind": "industry"}, {"kind_also": 18}),
        ({}, {"kind": "administrative"}, {"kind_unusual": -10}),
        ({"category": "0502"}, {"kind": "industry", "channels": {"medical"}}, {"channel": 30}),
        ({"category": "1303"}, {"kind": "administrative", "channels": {"tax"}}, {"channel": 30}),
        ({"category": "0702"}, {"kind": "administrative"}, {"kind_first": 30}),
        ({"channels": {"apartment"}}, {"channels": {"apartment", "tax"}}, {"channel": 30}),
        ({}, {"categories": {"0201", "03"}}, {"category_exact": 25}),
        ({}, {"categories": {"02"}}, {"category_group": 15}),
        ({}, {"categories": {"01", "0202"}}, {"category_not_taken": -40}),
        ({"level": Level.GRID}, {}, {"level_above": 12}),
        ({"level": Level.GRID}, {"area": "440105001"}, {"level_above": 4}),
        ({"level": Level.STREET}, {}, {"level_below": -15}),
        ({"level": Level.DISTRICT}, {"area": "440105"}, {"level_same": 20}),
        ({}, {"place": (300.0, 400.0)}, {"near": 17}),
        ({}, {"place": (0.0, 3000.0)}, {"far": 0}),
        ({}, {"place": None}, {"place_unknown": 0}),
        ({}, {"capacity": 10, "open_cases": 3}, {"load_of": 7}),
        ({}, {"capacity": 10, "open_cases": 10}, {"load_full": -25}),
        ({}, {"open_cases": 4}, {"load": 6}),
        ({}, {"open_cases": 40}, {"load_high": 0}),
        ({}, {"open_now": True}, {"open_now": 5}),
        ({}, {"open_now": False}, {"closed_now": 0}),
        ({}, {"form": "centre"}, {"supporting": -20}),
        ({"failed_bodies": {"B"}}, {}, {"failed_before": -30}),
        (
            {"party_organisations": {"好家物业服务有限公司"}},
            {"related_organisations": {"好家物业"}},
            {"conflict": -100},
        ),
    ],
    ids=lambda value: next(iter(value)) if value else "-",
)
def test_each_circumstance_counts_what_the_table_says(case, body, reason):
    assert reason.items() <= said(replace(CASE, **case), **body).items()


@given(st.data())
def test_every_reason_is_said_in_words_without_codes(data):
    case, body = data.draw(cases), replace(data.draw(bodies), active=True, area="440105")
    (proposal,) = propose_bodies(case, [body])
    for reason in (*proposal.reasons, *proposal.against):
        words = reason_words(reason.code, reason.facts)
        assert words != reason.code
        assert not re.search("%|[a-z_]{4,}|[0-9]{4}", words), words


@pytest.mark.parametrize(
    "body", [{"active": False}, {"area": "440105002"}, {"area": "440105001002"}, {"area": "440105001001002"}]
)
def test_a_body_that_is_not_in_use_or_works_elsewhere_is_not_proposed(body):
    assert propose_bodies(CASE, [replace(BODY, **body)]) == ()


def test_three_levels_above_is_proposed_without_a_word_on_the_level():
    assert not {"level_same", "level_above", "level_below"} & set(
        said(replace(CASE, level=Level.GRID), area="440105")
    )


def test_a_full_body_speaks_against_itself_and_is_proposed_all_the_same():
    (proposal,) = propose_bodies(CASE, [replace(BODY, capacity=2, open_cases=5)])
    assert [reason.code for reason in proposal.against] == ["load_full"]


def test_a_medical_dispute_goes_to_the_medical_body_before_the_committee_next_door():
    medical = replace(
        BODY, code="MED", kind="industry", form="industry_body", area="440105",
        categories=frozenset({"0502"}), channels=frozenset({"medical"}), place=(5000.0, 0.0),
    )  # fmt: skip
    case = replace(CASE, category="0502")
    assert [p.code for p in propose_bodies(case, [BODY, medical])] == ["MED", "B"]
    assert [p.code for p in propose_bodies(CASE, [BODY, medical])] == ["B", "MED"]


@pytest.mark.parametrize(
    ("name", "related", "shared"),
    [
        ("好家物业", "好家物业", True),
        ("好家物业服务有限公司", "好家物业", True),
        ("好家物业", "广州好家物业服务有限公司", True),
        ("好家 物业", "好家物业", True),
        ("GOODHOME", "GoodHome", True),
        ("李四", "李四", True),
        ("李四", "李四光纪念馆", False),
        ("广州", "广州某公司", False),
        ("", "某公司", False),
        ("某公司", "", False),
        ("甲公司", "乙公司", False),
    ],
)
def test_an_interest_is_shared_by_name_or_by_a_telling_part_of_it(name, related, shared):
    assert shares_interest([name], [related]) is shared
    assert shares_interest([related], [name]) is shared


def test_what_is_said_of_a_conflict_names_nobody():
    case = replace(CASE, party_organisations=frozenset({"好家物业"}))
    (proposal,) = propose_bodies(case, [replace(BODY, related_organisations=frozenset({"好家物业"}))])
    assert proposal.conflict
    assert "好家" not in str(proposal.as_data())


def test_the_nearest_of_each_force_is_offered_and_one_without_conflict_first():
    bodies = [
        replace(BODY, code="POLICE-FAR", form="police_station", place=(900.0, 0.0)),
        replace(BODY, code="POLICE-NEAR", form="police_station", place=(100.0, 0.0)),
        replace(BODY, code="OFFICE-NO-PLACE", form="judicial_office", place=None),
        replace(
            BODY, code="FIRM-OURS", form="law_firm", related_organisations=frozenset({"好家物业"})
        ),
        replace(BODY, code="FIRM-FAR", form="law_firm", place=(2000.0, 0.0)),
    ]
    proposals = propose_bodies(replace(CASE, party_organisations=frozenset({"好家物业"})), bodies)
    assert nearest_forces(proposals, {body.code: body.form for body in bodies}) == {
        "judicial_office": "OFFICE-NO-PLACE",
        "police_station": "POLICE-NEAR",
        "law_firm": "FIRM-FAR",
    }
    assert nearest_forces((), {}) == dict.fromkeys(("judicial_office", "police_station", "law_firm"))


def test_every_category_has_a_fit_and_the_table_names_only_what_there_is():
    assert all(fit_of(category).kinds for category in CATEGORIES)
    assert set(FITS) <= set(CATEGORIES) | set(CATEGORY_GROUPS)
    assert {kind for fit in FITS.values() for kind in fit.kinds} <= set(KINDS)
    # Every special channel of the district is the way for some category.
    assert {channel for fit in FITS.values() for channel in fit.channels} == set(CHANNELS)


# Whatever the facts ---------------------------------------------------------------------------
places = st.tuples(*[st.floats(-5000, 5000, allow_nan=False)] * 2)
names = st.sampled_from(["好家物业", "某某医院", "甲公司"])
bodies = st.builds(
    BodyFacts,
    code=st.text("ABC", min_size=1, max_size=2),
    kind=st.sampled_from(list(KINDS)),
    form=st.sampled_from(list(FORMS)),
    area=st.sampled_from(["440105", "440105001", "440105001001", UNIT, "440105002"]),
    categories=st.frozensets(st.sampled_from(["02", "0201", "0502"])),
    channels=st.frozensets(st.sampled_from(list(CHANNELS))),
    place=st.none() | places,
    capacity=st.none() | st.integers(0, 20),
    open_cases=st.integers(0, 30),
    related_organisations=st.frozensets(names),
    active=st.booleans(),
    open_now=st.none() | st.booleans(),
)
cases = st.builds(
    CaseFacts,
    category=st.sampled_from(list(CATEGORIES)),
    level=st.sampled_from(Level),
    unit=st.just(UNIT),
    place=places,
    party_organisations=st.frozensets(names),
    failed_bodies=st.frozensets(st.sampled_from(["A", "B", "AB"])),
    channels=st.frozensets(st.sampled_from(list(CHANNELS)), max_size=2),
)
several = st.lists(bodies, max_size=8, unique_by=lambda body: body.code)


def points_of(case: CaseFacts, body: BodyFacts) -> int:
    (proposal,) = propose_bodies(case, [replace(body, active=True, area="440105")])
    return proposal.points


@given(cases, bodies, places, places)
def test_nearer_never_counts_less(case, body, one, other):
    nearer, farther = sorted(
        (one, other), key=lambda p: (p[0] - case.place[0]) ** 2 + (p[1] - case.place[1]) ** 2
    )
    assert points_of(case, replace(body, place=nearer)) >= points_of(case, replace(body, place=farther))


@given(cases, bodies, st.integers(0, 40), st.integers(0, 40))
def test_busier_never_counts_more(case, body, one, other):
    fewer, more = sorted((one, other))
    assert points_of(case, replace(body, open_cases=fewer)) >= points_of(case, replace(body, open_cases=more))


@given(cases, several)
def test_a_body_in_conflict_never_stands_before_one_without(case, several):
    conflicts = [proposal.conflict for proposal in propose_bodies(case, several)]
    assert conflicts == sorted(conflicts)


@given(cases, several, st.randoms(use_true_random=False))
def test_the_order_is_the_same_however_the_bodies_come(case, several, random):
    shuffled = random.sample(several, len(several))
    assert propose_bodies(case, several) == propose_bodies(case, shuffled)


@given(cases, several)
def test_who_works_there_is_proposed_once_and_the_points_are_those_of_the_reasons(case, several):
    proposals = propose_bodies(case, several)
    assert sorted(p.code for p in proposals) == sorted(b.code for b in several if serves(case, b))
    for proposal in proposals:
        assert proposal.points == sum(r.points for r in (*proposal.reasons, *proposal.against))
        assert all(reason.points > 0 for reason in proposal.reasons)
        assert all(reason.points <= 0 for reason in proposal.against)


def test_the_farthest_that_counts_is_what_the_guide_says():
    assert POINTS.distance * METRES_PER_POINT == 3000
