"""The invented year of disputes: plausible, repeatable, and by the rules of the workflow."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import shapely

from fixtures.haizhu.addresses import lay_addresses
from fixtures.haizhu.disputes import Stage, generate_disputes
from fixtures.haizhu.handling import ESCALATION_PAUSE
from fixtures.haizhu.kinds import KINDS
from fixtures.haizhu.outbreaks import OUTBREAKS
from fixtures.haizhu.people import fill_posts, who_acts
from fixtures.haizhu.records import Digest, dispute_record, event_records
from fixtures.haizhu.reports import Period
from fixtures.haizhu.seasons import GUANGZHOU
from fixtures.haizhu.wording import templates
from grids.hierarchy import Level, code_at, level_of, lowest_common_area
from incidents.codes import CATEGORIES, SOURCES
from incidents.deadlines import Clock, clock_after, due_time
from incidents.escalation import EscalationFacts, decide_escalation, first_level
from incidents.measures import Measure
from incidents.policy import DEFAULT_BOOK, DEFAULT_POLICY
from incidents.workflow import TRANSITIONS, Action, Standing, State, apply_action

COUNT = 5_000
START = datetime(2025, 1, 1, tzinfo=GUANGZHOU)
END = datetime(2026, 1, 1, tzinfo=GUANGZHOU)
FRESH = ("440105001001001", "440105012007002")


@pytest.fixture(scope="module")
def stage(fabric):
    return Stage(fabric, lay_addresses(fabric), fill_posts(fabric))


@pytest.fixture(scope="module")
def disputes(stage):
    return list(generate_disputes(stage, Period(COUNT, START, END, seed=5, fresh_units=FRESH)))


def _share(disputes, holds) -> float:
    return sum(map(holds, disputes)) / len(disputes)


def _of(disputes, *categories):
    return [dispute for dispute in disputes if dispute.category in categories]


def _local(dispute) -> datetime:
    return dispute.reported_at.astimezone(GUANGZHOU)


# What, when, where ----------------------------------------------------------------------------
def test_they_are_numbered_from_the_oldest_within_the_period(disputes):
    assert [dispute.number for dispute in disputes] == list(range(1, COUNT + 1))
    times = [dispute.reported_at for dispute in disputes]
    assert times == sorted(times)
    assert times[0] >= START and times[-1] < END
    assert disputes[122].case_number == "HZ2025-000123"
    assert all(dispute.occurred_at <= dispute.reported_at for dispute in disputes)


def test_everyday_kinds_are_the_most(disputes):
    groups = Counter(dispute.category[:2] for dispute in disputes)
    assert {group for group, _ in groups.most_common(6)} == {"01", "02", "04", "05", "06", "07"}
    assert 0.12 < _share(disputes, lambda dispute: dispute.category == "0402") < 0.18
    assert {dispute.category for dispute in disputes} == {kind.category for kind in KINDS} <= set(CATEGORIES)
    assert {dispute.source for dispute in disputes} == set(SOURCES)
    assert 0.88 < _share(disputes, lambda dispute: dispute.scale == "01") < 0.97


def test_noise_is_reported_on_summer_evenings(disputes):
    noise, lifts = _of(disputes, "0203"), _of(disputes, "0402")
    evening = {19, 20, 21, 22, 23}
    assert _share(noise, lambda dispute: _local(dispute).hour in evening) > 0.45
    assert _share(lifts, lambda dispute: _local(dispute).hour in evening) < 0.2
    assert _share(noise, lambda dispute: _local(dispute).month in (6, 7, 8)) > 0.3


def test_leaks_come_with_the_rain_and_wages_before_spring_festival(disputes):
    leaks, wages = _of(disputes, "0201"), _of(disputes, "0703", "0701")
    assert _share(leaks, lambda dispute: _local(dispute).month in (5, 6, 7, 8)) > 0.45
    festival = date(2025, 1, 29)
    before = sum(timedelta(2) < festival - _local(dispute).date() for dispute in wages)
    after = sum(timedelta(0) <= _local(dispute).date() - festival < timedelta(26) for dispute in wages)
    assert before > 1.8 * after


def test_labour_is_a_matter_of_working_days(disputes):
    assert _share(_of(disputes, "0701"), lambda dispute: _local(dispute).weekday() >= 5) < 0.2
    assert _share(_of(disputes, "0601"), lambda dispute: _local(dispute).weekday() >= 5) > 0.3


def test_every_place_lies_in_its_unit(stage, disputes):
    units = {unit.code: unit.geometry for unit in stage.fabric.units}
    points = shapely.points([(dispute.lon, dispute.lat) for dispute in disputes])
    assert shapely.covers([units[dispute.grid_unit] for dispute in disputes], points).all()


def test_an_address_in_another_unit_raises_the_home_area(stage, disputes):
    unit_of = {address.text: address.unit_code for address in stage.addresses}
    apart = [dispute for dispute in disputes if dispute.address_unit]
    assert 0.002 < len(apart) / COUNT < 0.05
    for dispute in disputes:
        if dispute.address:
            expected = unit_of[dispute.address]
            assert dispute.address_unit == (expected if expected != dispute.grid_unit else None)
        both = [dispute.grid_unit, dispute.address_unit or dispute.grid_unit]
        assert dispute.course.home_area == lowest_common_area(both)


def test_places_are_clustered_and_some_addresses_have_many(stage, disputes):
    by_unit = sorted(Counter(dispute.grid_unit for dispute in disputes).values(), reverse=True)
    assert sum(by_unit[:50]) > 5 * 50 * COUNT / len(stage.fabric.units)
    addresses = Counter(dispute.address for dispute in disputes if dispute.address)
    assert sum(times >= 10 for times in addresses.values()) >= 10
    assert max(addresses.values()) < 0.02 * COUNT


# How they are handled -------------------------------------------------------------------------
def test_most_are_solved_low_and_some_go_up(disputes):
    closed = Counter(d.course.standing.level for d in disputes if d.course.standing.state is State.CLOSED)
    assert 0.60 < (closed[Level.GRID] + closed[Level.COMMUNITY]) / COUNT < 0.74
    assert closed[Level.COMMUNITY] > closed[Level.GRID]
    assert 0.13 < closed[Level.STREET] / COUNT < 0.24
    assert 0.01 < closed[Level.DISTRICT] / COUNT < 0.08
    assert 0.01 < _share(disputes, lambda dispute: dispute.course.standing.state is State.VOID) < 0.06
    actions = Counter(event.action for dispute in disputes for event in dispute.events)
    assert all(actions[action] for action in Action)


def test_what_is_open_is_recent_and_some_of_it_is_overdue(disputes):
    open_ones = [dispute for dispute in disputes if dispute.course.ended_at is None]
    assert 0.005 < len(open_ones) / COUNT < 0.05
    assert all(END - dispute.reported_at < timedelta(days=100) for dispute in open_ones)
    assert {dispute.course.standing.level for dispute in open_ones} == set(Level)
    overdue = [dispute for dispute in open_ones if dispute.course.due_at and dispute.course.due_at < END]
    assert 0 < len(overdue) < len(open_ones) / 2
    liable = [d for d in overdue if decide_escalation(d.course.escalation_facts, END, DEFAULT_BOOK)]
    assert liable
    assert all(dispute.course.due_at > END - ESCALATION_PAUSE - timedelta(minutes=2) for dispute in liable)


def test_those_who_sign_in_have_something_to_do(disputes):
    for unit in FRESH:
        assert any(
            dispute.grid_unit == unit and dispute.course.ended_at is None
            for dispute in disputes[-COUNT // 20 :]
        )


def _replay(dispute, acting) -> tuple[Standing, Clock, str | None]:
    """What the history of `dispute` adds up to by the rules, each step checked on the way."""
    report, *later = dispute.events
    floor = level_of(dispute.course.home_area)
    level = first_level(floor, risk=dispute.risk, scale=dispute.scale, policy=DEFAULT_POLICY)
    assert (report.action, report.at, report.actor) == ("report", dispute.reported_at, dispute.reported_by)
    assert (report.to_level, report.area) == (level, code_at(dispute.course.home_area, level))
    standing, clock, assigned = Standing(State.REPORTED, level, floor=floor), Clock(report.at), None
    before, failed_here, hand_backs = report.at, 0, 0
    for event in later:
        if event.action in set(Measure):
            assert (event.from_state, event.to_state) == (standing.state, standing.state)
            assert (event.actor, event.assigned_to) == (acting[event.area], assigned)
            continue
        transition = TRANSITIONS[event.action]
        assert before <= event.at < END
        assert (event.from_state, event.from_level) == (standing.state, standing.level)
        area = code_at(dispute.course.home_area, standing.level)
        if event.actor is None:
            facts = EscalationFacts(
                standing.state, standing.level, clock, dispute.risk, dispute.scale, failed_here, hand_backs
            )
            decision = decide_escalation(facts, event.at, DEFAULT_BOOK)
            assert (event.reason_code, event.reason) == (decision.code, decision.reason)
        else:
            assert event.actor == acting[area]
        assert all(getattr(event, {"assignee": "assigned_to"}.get(need, need)) for need in transition.needs)
        to_level = Level(event.to_level) if event.action == Action.ESCALATE else None
        moved = apply_action(standing, Action(event.action), to_level)
        assert event.due_at == _due_at(dispute, standing, clock)
        clock = clock_after(clock, Action(event.action), event.at, DEFAULT_BOOK)
        failed_here = failed_here + (event.action == Action.FAIL) if moved.level is standing.level else 0
        hand_backs += event.action == Action.HAND_BACK
        assigned = (event.assigned_to or assigned) if moved.level is standing.level else None
        standing, before = moved, event.at
        assert (event.to_state, event.to_level) == (standing.state, standing.level)
        assert event.area == code_at(dispute.course.home_area, standing.level)
        assert event.assigned_to == assigned
    return standing, clock, assigned


def _due_at(dispute, standing: Standing, clock: Clock) -> datetime | None:
    return due_time(
        state=standing.state, level=standing.level, risk=dispute.risk, clock=clock, book=DEFAULT_BOOK
    )


def test_every_history_replays_by_the_rules_and_adds_up_to_the_dispute(stage, disputes):
    acting = who_acts(stage.posts)
    for dispute in disputes:
        standing, clock, assigned = _replay(dispute, acting)
        course = dispute.course
        assert (course.standing, course.clock, course.assigned_to) == (standing, clock, assigned)
        assert course.due_at == _due_at(dispute, standing, clock)


# Outbreaks ------------------------------------------------------------------------------------
def test_outbreak_units_exist_and_touch(fabric):
    units = {unit.code: unit.geometry for unit in fabric.units}
    for outbreak in OUTBREAKS:
        assert shapely.union_all([units[code] for code in outbreak.unit_codes]).geom_type == "Polygon"
    assert len({code[:12] for code in OUTBREAKS[0].unit_codes}) == 1
    assert len({code[:12] for code in OUTBREAKS[1].unit_codes}) == 2


def _cases(disputes, plan) -> int:
    return sum(
        dispute.category == plan.outbreak.category
        and dispute.grid_unit in plan.outbreak.unit_codes
        and plan.start <= dispute.reported_at < plan.end
        for dispute in disputes
    )


@pytest.mark.parametrize("seed", [5, 6])
def test_outbreaks_stand_at_the_same_place_and_time_whatever_the_seed(stage, seed):
    period = Period(3_000, START, END, seed)
    disputes = list(generate_disputes(stage, period))
    assert [plan.outbreak.name for plan in period.outbreaks] == ["property-management", "unpaid-wages"]
    for plan in period.outbreaks:
        assert plan.start.date() == date(2025, *plan.outbreak.first)
        # Nearly all as planned: an address may lie in the next unit. And hardly any besides.
        assert 0.85 * plan.count <= _cases(disputes, plan) <= plan.count + 3


def test_outbreaks_grow_with_the_number_and_are_cut_with_the_period():
    small, large = (Period(count, START, END, 1).outbreaks for count in (3_000, 200_000))
    assert [plan.count for plan in small] == [18, 24]
    assert [plan.count for plan in large] == [314, 418]
    half = Period(3_000, START, datetime(2025, 6, 15, tzinfo=GUANGZHOU), 1).outbreaks
    assert [(plan.outbreak.name, plan.end.day) for plan in half] == [("property-management", 15)]


# Words and repeatability ----------------------------------------------------------------------
def test_every_kind_has_words_that_fit():
    assert set(templates()) == {kind.category for kind in KINDS}
    assert all(len(title) <= 40 for pairs in templates().values() for title, _ in pairs)


def test_no_telephone_number_and_no_full_name_is_written(disputes):
    for dispute in disputes:
        assert not re.search(r"\d{7}|先生|女士", dispute.title + dispute.description)
        assert "{" not in dispute.description


def _sha(stage, seed) -> str:
    digest = Digest()
    for dispute in generate_disputes(stage, Period(200, START, END, seed)):
        digest.add(dispute_record(dispute), event_records(dispute))
    return digest.sha256


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(stage):
    assert _sha(stage, 1) == _sha(stage, 1) != _sha(stage, 2)
