from itertools import combinations, product

import numpy as np
import pytest

from maps.emerging import Pattern, classify, mann_kendall, name_patterns
from maps.neighbours import within_distance

SEED = 440105
STATES = {"H": 1, "c": -1, ".": 0}

# Periods from left to right: H hot, c cold, . neither; then the trend of the statistic.
HOT = [
    ("...........H", 0, Pattern.NEW),
    ("...........H", 1, Pattern.NEW),
    ("H", 0, Pattern.NEW),
    ("..c........H", 0, Pattern.NEW),  # oscillating too; that it is hot for the first time comes first
    ("..........HH", 0, Pattern.CONSECUTIVE),
    (".....HHHHHHH", 1, Pattern.CONSECUTIVE),
    ("..HHHHHHHHHH", 1, Pattern.CONSECUTIVE),  # 10 of 12 are less than 90 %
    ("cc........HH", 0, Pattern.CONSECUTIVE),
    ("HHHHHHHHHHHH", 1, Pattern.INTENSIFYING),
    (".HHHHHHHHHHH", 1, Pattern.INTENSIFYING),  # 11 of 12 are more than 90 %
    (".HHHHHHHHH", 1, Pattern.INTENSIFYING),  # 9 of 10 are 90 %
    ("HHHHHHHHHHHH", -1, Pattern.DIMINISHING),
    ("HHHHHcHHHHHH", -1, Pattern.DIMINISHING),
    ("HHHHHHHHHHHH", 0, Pattern.PERSISTENT),
    ("HHHHH.HHHHHH", 0, Pattern.PERSISTENT),
    ("HHHHHcHHHHHH", 0, Pattern.PERSISTENT),  # cold before, but nearly always hot
    (".HHHHHHHHHHH", 0, Pattern.PERSISTENT),
    ("HH", 0, Pattern.PERSISTENT),
    ("H.c........H", 0, Pattern.OSCILLATING),
    ("HHHHHHHccHHH", 1, Pattern.OSCILLATING),
    ("H..........H", 0, Pattern.SPORADIC),
    ("HHHHHHH..HHH", -1, Pattern.SPORADIC),
    ("HHHHHHHHHHH.", 0, Pattern.HISTORICAL),
    ("HHHHHHHHHHH.", -1, Pattern.HISTORICAL),
    ("HHHHHHHHHHH.", 1, Pattern.HISTORICAL),
    ("............", 0, Pattern.NONE),
    ("............", 1, Pattern.NONE),
    ("HHHHHH......", 0, Pattern.NONE),  # on and off, but not today
    ("H.H.H.H.H.H.", 0, Pattern.NONE),
    ("H.c.........", 0, Pattern.NONE),
    ("HHHHHHHHHH..", 0, Pattern.NONE),  # 10 of 12
]


def states_of(series):
    return np.array([[STATES[letter] for letter in series]])


@pytest.mark.parametrize(("series", "trend", "pattern"), HOT)
def test_a_hand_made_series_has_its_name_and_its_cold_twin_the_same(series, trend, pattern):
    states, trend = states_of(series), np.array([trend])
    assert name_patterns(states, trend).tolist() == [pattern]
    assert name_patterns(-states, -trend).tolist() == [-pattern]


@pytest.mark.parametrize(
    ("series", "trend", "pattern"),
    [
        ("cccccccccccc", 1, -Pattern.DIMINISHING),  # always cold, and less so now: not a hotspot
        ("cccccccccccc", -1, -Pattern.INTENSIFYING),
        ("cccccccccccc", 0, -Pattern.PERSISTENT),
        ("cccccccccccH", 1, Pattern.NEW),  # nearly always cold, but today speaks first
        ("HHHHHHHHHHHc", -1, -Pattern.NEW),
        ("HHHHHHHHHHcc", -1, -Pattern.CONSECUTIVE),
        ("cHcccccccccccccccccc.", 1, -Pattern.HISTORICAL),
    ],
)
def test_hot_and_cold_in_one_series(series, trend, pattern):
    assert name_patterns(states_of(series), np.array([trend])).tolist() == [pattern]


def test_every_pattern_is_in_the_table():
    assert {pattern for *_, pattern in HOT} == set(Pattern)


def test_each_of_all_short_series_has_one_name_that_agrees_with_its_last_period():
    states = np.array(list(product([-1, 0, 1], repeat=6)))
    for trend in (-1, 0, 1):
        patterns = name_patterns(states, np.full(len(states), trend))
        assert (np.sign(patterns)[states[:, -1] != 0] == states[states[:, -1] != 0, -1]).all()
        past = patterns[states[:, -1] == 0]
        assert not past.any()  # five of six are less than 90 %


# The trend --------------------------------------------------------------------------------------
def plain_mann_kendall(series):
    """As in the textbook, one pair after the other."""
    n = len(series)
    score = sum((b > a) - (b < a) for a, b in combinations(series, 2))
    ties = [series.count(value) for value in set(series)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    return 0.0 if variance == 0 else (score - (score > 0) + (score < 0)) / variance**0.5


def test_mann_kendall_equals_the_textbook_pair_by_pair():
    random = np.random.default_rng(SEED)
    for periods, values in ((1, 3), (2, 2), (5, 2), (12, 4), (30, 100)):
        series = random.integers(0, values, (60, periods))
        z, p = mann_kendall(series.astype(float))
        assert z == pytest.approx([plain_mann_kendall(row) for row in series.tolist()], abs=1e-12)
        assert ((p > 0) & (p <= 1)).all()


def test_mann_kendall_worked_by_hand():
    # 1 2 2 3: five of six pairs rise, one ties: S = 5. Variance (4 * 3 * 13 - 2 * 1 * 9) / 18 = 23 / 3.
    z, p = mann_kendall(np.array([[1.0, 2, 2, 3], [3, 2, 2, 1], [2, 2, 2, 2]]))
    assert z == pytest.approx([4 / (23 / 3) ** 0.5, -4 / (23 / 3) ** 0.5, 0])
    assert p[0] == pytest.approx(0.1486, abs=5e-5)
    assert p[2] == 1


# From counts ------------------------------------------------------------------------------------
SIDE, WEEKS = 12, 26
CENTRE = (SIDE // 2) * SIDE + SIDE // 2


@pytest.fixture(scope="module")
def near():
    x, y = np.meshgrid(np.arange(SIDE) * 100.0, np.arange(SIDE) * 100.0)
    return within_distance(np.stack([x.ravel(), y.ravel()], axis=1), 100.0)


def cube_with(near, around_centre):
    """Some twenty cases for each place and week; around the centre as given, by week."""
    counts = np.random.default_rng(SEED).poisson(20, (SIDE * SIDE, WEEKS))
    counts[np.flatnonzero(near.links[[CENTRE]].toarray()[0])] = around_centre
    return counts


WEEK = np.arange(WEEKS)


@pytest.mark.parametrize(
    ("around_centre", "pattern"),
    [
        (np.where(WEEK == WEEKS - 1, 60, 20), Pattern.NEW),
        (np.where(WEEK >= WEEKS - 4, 60, 20), Pattern.CONSECUTIVE),
        (50 + 2 * WEEK, Pattern.INTENSIFYING),
        (100 - 2 * WEEK, Pattern.DIMINISHING),
        (60 + WEEK % 2, Pattern.PERSISTENT),
        (np.where(WEEK % 3 == 1, 60, 20), Pattern.SPORADIC),
        (np.where(WEEK % 3 == 1, 60, 2), Pattern.OSCILLATING),
        (np.where(WEEK == WEEKS - 1, 20, 60), Pattern.HISTORICAL),
        (np.where(WEEK == WEEKS - 1, 2, 20), -Pattern.NEW),
        (np.where(WEEK >= WEEKS - 4, 2, 20), -Pattern.CONSECUTIVE),
        (np.where(WEEK < 13, 5, 0), -Pattern.INTENSIFYING),
        (np.where(WEEK < 13, 0, 5), -Pattern.DIMINISHING),
        (1 + WEEK % 2, -Pattern.PERSISTENT),
        (np.where(WEEK % 3 == 1, 2, 20), -Pattern.SPORADIC),
        (np.where(WEEK % 3 == 1, 2, 60), -Pattern.OSCILLATING),
        (np.where(WEEK == WEEKS - 1, 20, 2), -Pattern.HISTORICAL),
        (np.full(WEEKS, 20), Pattern.NONE),
    ],
)
def test_counts_lead_to_each_pattern(near, around_centre, pattern):
    emerging = classify(cube_with(near, around_centre), near, alpha=0.05)
    assert emerging.patterns[CENTRE] == pattern
    assert emerging.states.shape == emerging.z.shape == (SIDE * SIDE, WEEKS)


def test_always_cold_and_less_so_each_week_is_a_cold_spot_that_diminishes_and_no_hotspot(near):
    emerging = classify(cube_with(near, WEEK // 4), near)
    assert (emerging.states[CENTRE] == -1).all()
    assert emerging.trend_z[CENTRE] > 2
    assert emerging.patterns[CENTRE] == -Pattern.DIMINISHING


def test_quiet_districts_have_no_pattern(near):
    random = np.random.default_rng(SEED)
    for rate in (0.02, 0.3, 5):
        named = [classify(random.poisson(rate, (144, 12)), near).patterns.any() for _ in range(30)]
        assert sum(named) <= 3


def test_a_week_that_is_busy_everywhere_is_no_hotspot(near):
    counts = np.random.default_rng(SEED).poisson(5, (SIDE * SIDE, WEEKS))
    counts[:, -1] *= 10
    assert not classify(counts, near).patterns.any()


def test_the_same_week_again_and_again_has_no_trend(near):
    counts = np.repeat(cube_with(near, np.full(WEEKS, 60))[:, :1], WEEKS, axis=1)
    emerging = classify(counts / 7 + np.arange(WEEKS) * 0.1, near)
    assert emerging.trend_z.tolist() == [0] * (SIDE * SIDE)
    assert emerging.patterns[CENTRE] == Pattern.PERSISTENT


def test_no_case_at_all_and_weeks_without_cases_give_no_pattern(near):
    assert not classify(np.zeros((SIDE * SIDE, WEEKS)), near).patterns.any()
    counts = cube_with(near, np.full(WEEKS, 60))
    counts[:, -1] = 0
    assert classify(counts, near).patterns[CENTRE] == Pattern.HISTORICAL


def test_one_place_is_never_hot():
    alone = within_distance(np.zeros((1, 2)), 1.0)
    assert classify(np.array([[0, 0, 9]]), alone).patterns.tolist() == [0]


@pytest.mark.parametrize("values", [np.zeros(144), np.zeros((144, 0)), np.full((144, 3), np.nan)])
def test_what_is_no_cube_is_refused(near, values):
    with pytest.raises(ValueError, match="values must"):
        classify(values, near)
