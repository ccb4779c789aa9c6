import numpy as np
import pyogrio
import pytest
from libpysal.examples import get_path

from maps.errors import (
    BandsInvalid,
    PeriodTooLong,
    PermutationsInvalid,
    SeedInvalid,
    TooFewEvents,
    TooManyEvents,
    TooManyNearPairs,
)
from maps.near_repeat import MOST_EVENTS, knox, risks_after

DISTANCES_M = (0, 50, 120, 300)
INTERVALS_DAYS = (0, 7, 28)


@pytest.fixture(scope="module")
def burkitt():
    """Burkitt's lymphoma in the West Nile district, 188 cases (Williams and others 1978)."""
    names, _, _, columns = (pyogrio.raw.read(get_path("burkitt.shp"))[k] for k in range(4))
    table = dict(zip(names["fields"], columns, strict=True))
    return np.stack([table["X"], table["Y"]], axis=1), table["T"].astype(int)


def random_events(random, events, *, dimensions=2, addresses=None):
    points = random.uniform(0, 1500, (addresses or events, dimensions))
    return points[random.integers(0, len(points), events)], random.integers(0, 200, events)


def ask(points, days, **changes):
    asked = {
        "distances_m": DISTANCES_M,
        "intervals_days": INTERVALS_DAYS,
        "permutations": 19,
        "seed": 1,
    } | changes
    return knox(points, days, **asked)


def plain_table(points, days):
    """All pairs, one by one."""
    first, second = np.triu_indices(len(days), 1)
    away = np.linalg.norm(points[first] - points[second], axis=1)
    row = np.searchsorted(DISTANCES_M, away)
    column = np.searchsorted(INTERVALS_DAYS, np.abs(days[first] - days[second]))
    table = np.zeros((len(DISTANCES_M) + 1, len(INTERVALS_DAYS) + 1), dtype=int)
    np.add.at(table, (row, column), 1)
    return table


def test_burkitts_lymphoma_as_published(burkitt):
    """13 pairs within 20 and 5, of 3,429 and 52; 10.1438161 expected (pointpats' documentation)."""
    table = ask(*burkitt, distances_m=[20], intervals_days=[5], permutations=999)
    assert (table.events, table.pairs) == (188, 188 * 187 // 2)
    assert (table.near.tolist(), table.soon.tolist(), table.observed.tolist()) == ([3429], [52], [[13]])
    assert table.expected[0, 0] == pytest.approx(10.1438161, abs=1e-7)
    # There 0.17, 0.19 and 0.21 with 99 permutations each.
    assert 0.16 < table.p[0, 0] < 0.24
    assert table.low[0, 0] < 1 < table.high[0, 0]
    assert risks_after(table) == ()


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("addresses", [None, 40])
def test_the_table_is_that_of_all_pairs_one_by_one(dimensions, addresses):
    random = np.random.default_rng(7)
    for events in (2, 3, 30, 400):
        points, days = random_events(random, events, dimensions=dimensions, addresses=addresses)
        table, plain = ask(points + 38_500_000, days), plain_table(points, days)
        assert (table.observed == plain[:-1, :-1]).all()
        assert (table.near == plain[:-1].sum(axis=1)).all()
        assert (table.soon == plain[:, :-1].sum(axis=0)).all()
        assert table.pairs == plain.sum()


def test_without_a_strip_the_counts_are_those_of_the_other_events():
    points, days = random_events(np.random.default_rng(8), 100)
    table = ask(points, days, distances_m=[3000])
    # Wider than the district: all events lie in one cell, in the order of y and day, five to each strip.
    for k, strip in enumerate(np.lexsort((days, points[:, 1])).reshape(20, 5)):
        rest = ask(np.delete(points, strip, axis=0), np.delete(days, strip), distances_m=[3000])
        assert (table.observed_without[k] == rest.observed).all()
        assert table.expected_without[k] == pytest.approx(rest.expected)


def test_what_is_expected_is_the_mean_of_the_permutations():
    points, days = random_events(np.random.default_rng(9), 300)
    table = ask(points, days, permutations=500)
    error = table.permuted_sd / np.sqrt(500)
    assert (np.abs(table.permuted_mean - table.expected) < 4.5 * error + 1e-12).all()


def test_bounds_belong_to_their_band_in_spite_of_rounding():
    points = np.array([(0.0, 0.0), (0.1 + 0.2, 0.0)])
    table = ask(points, np.array([3, 10]), distances_m=[0, 0.3], intervals_days=[6, 7])
    assert table.observed.tolist() == [[0, 0], [0, 1]]


def test_pairs_at_the_same_place_are_a_band_of_their_own():
    points = np.array([(5.0, 5.0)] * 3 + [(5.0, 6.0)])
    table = ask(points, np.array([0, 0, 7, 7]), distances_m=[0, 1], intervals_days=[0, 7])
    assert table.observed.tolist() == [[1, 2], [1, 2]]


def test_neither_the_order_of_events_nor_where_the_district_lies_changes_anything():
    random = np.random.default_rng(10)
    points, days = random_events(random, 200, addresses=50)
    points = points.round()
    mixed = random.permutation(200)
    one, other = ask(points, days), ask(points[mixed] + (4096, 2048), days[mixed] + 1000)
    assert (one.p == other.p).all() and (one.p_adjusted == other.p_adjusted).all()
    assert np.array_equal(one.low, other.low, equal_nan=True)
    assert (one.permuted_mean == other.permuted_mean).all()


def test_an_event_at_the_other_end_of_the_world_changes_nothing_here():
    points, days = random_events(np.random.default_rng(19), 200)
    astray = ask(np.vstack([points, (-1e12, 0)]), np.append(days, 5))
    assert (astray.observed == ask(points, days).observed).all()


def test_another_seed_permutes_otherwise():
    points, days = random_events(np.random.default_rng(11), 100)
    assert (ask(points, days).permuted_mean != ask(points, days, seed=2).permuted_mean).any()


def test_more_permutations_than_are_compared_at_a_time():
    points, days = random_events(np.random.default_rng(12), 60)
    table = ask(points, days, permutations=300)
    assert table.permutations == 300
    assert (table.p * 301 == pytest.approx((table.p * 301).round())) and (table.p >= 1 / 301).all()


def test_counts_beyond_sixteen_bits_are_kept():
    points, days = np.zeros((600, 2)), np.arange(600) % 3
    table = ask(points, days, distances_m=[0], intervals_days=[2])
    assert table.observed.tolist() == [[600 * 599 // 2]]
    assert table.permuted_mean == table.observed
    assert (table.p, table.p_adjusted) == (1, 1)


def with_followers(random, events, *, each, within_m, within_days):
    """Events at random over a year, a part `each` of them followed by one nearby some days later."""
    points, days = random.uniform(0, 5000, (events, 2)), random.integers(0, 365, events)
    followed = np.flatnonzero(random.random(events) < each)
    near = points[followed] + random.uniform(-within_m, within_m, (len(followed), 2))
    later = days[followed] + random.integers(0, within_days + 1, len(followed))
    return np.concatenate([points, near]), np.concatenate([days, later])


def test_a_raised_risk_is_told_with_its_distance_its_days_and_its_bounds():
    events = with_followers(np.random.default_rng(13), 1500, each=0.2, within_m=70, within_days=7)
    table = ask(*events, distances_m=(100, 300), intervals_days=(7, 14, 28), permutations=199)
    (risk,) = risks_after(table)
    assert (risk.over_m, risk.to_m, risk.days) == (None, 100, 7)
    assert risk.low < risk.ratio < risk.high and risk.low > 2
    assert risk.ratio == table.ratio[0, 0]


def test_the_ratio_of_several_intervals_is_that_of_their_pairs_together():
    events = with_followers(np.random.default_rng(14), 1500, each=0.3, within_m=70, within_days=14)
    table = ask(*events, distances_m=(0, 100), intervals_days=(7, 14, 28), permutations=199)
    (risk,) = risks_after(table)
    assert (risk.over_m, risk.to_m, risk.days) == (0, 100, 14)
    assert risk.ratio == pytest.approx(table.observed[1, :2].sum() / table.expected[1, :2].sum())


def test_without_repetition_few_tables_speak_of_any():
    """Of 200 random ones some 5 % may have a band with p_adjusted <= 0.05, in spite of six bands each."""
    random, speaking = np.random.default_rng(15), 0
    for seed in range(200):
        points, days = random_events(random, 150)
        table = ask(points, days, distances_m=(100, 300), intervals_days=(0, 7, 28), seed=seed)
        speaking += (table.p_adjusted <= 0.05).any()
        assert (table.p_adjusted >= table.p).all()
    assert speaking <= 20  # the 99.9 % point of the binomial distribution


def test_the_bounds_hold_the_true_ratio_also_where_events_follow_each_other():
    random, tables = np.random.default_rng(16), []
    for seed in range(100):
        events = with_followers(random, 800, each=0.2, within_m=60, within_days=7)
        tables.append(ask(*events, distances_m=[100], intervals_days=[7], permutations=1, seed=seed))
    observed, expected, low, high = (
        np.array([getattr(table, name)[0, 0] for table in tables])
        for name in ("observed", "expected", "low", "high")
    )
    true_ratio = observed.mean() / expected.mean()
    assert np.mean((low <= true_ratio) & (true_ratio <= high)) >= 0.9


def test_few_pairs_have_a_ratio_without_bounds_and_tell_of_no_risk():
    points = np.array([(0.0, 0.0), (1.0, 0.0)] + [(1000.0 * k, 500.0) for k in range(1, 60)])
    days = np.array([0, 1] + [20 * k for k in range(1, 60)])
    table = ask(points, days, distances_m=[10, 20], intervals_days=[7], permutations=999)
    assert table.ratio[0, 0] > 1 and np.isnan(table.low[0, 0]) and np.isnan(table.high[0, 0])
    assert np.isnan(table.ratio[1, 0])
    assert table.p_adjusted[0, 0] <= 0.05 and risks_after(table) == ()


def test_all_on_one_day_and_at_one_place_say_nothing():
    points, days = random_events(np.random.default_rng(17), 50)
    assert (ask(points, np.zeros(50)).p == 1).all()
    assert (ask(np.zeros((50, 2)), days).p == 1).all()


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"distances_m": []}, BandsInvalid),
        ({"distances_m": [100, 100]}, BandsInvalid),
        ({"distances_m": [200, 100]}, BandsInvalid),
        ({"distances_m": [-1]}, BandsInvalid),
        ({"distances_m": [np.nan]}, BandsInvalid),
        ({"distances_m": range(21)}, BandsInvalid),
        ({"intervals_days": [1.5]}, BandsInvalid),
        ({"intervals_days": [np.inf]}, BandsInvalid),
        ({"permutations": 0}, PermutationsInvalid),
        ({"permutations": 100_000}, PermutationsInvalid),
        ({"seed": -1}, SeedInvalid),
    ],
)
def test_what_cannot_be_asked_is_refused(changes, error):
    points, days = random_events(np.random.default_rng(18), 10)
    with pytest.raises(error):
        ask(points, days, **changes)


def test_too_few_too_many_and_too_long_are_refused():
    with pytest.raises(TooFewEvents):
        ask(np.zeros((1, 2)), np.zeros(1))
    with pytest.raises(TooManyEvents):
        ask(np.zeros((MOST_EVENTS + 1, 2)), np.zeros(MOST_EVENTS + 1))
    with pytest.raises(PeriodTooLong):
        ask(np.zeros((2, 2)), np.array([0, 40_000]))
    with pytest.raises(TooManyNearPairs):
        ask(np.zeros((250_000, 2)), np.zeros(250_000))
