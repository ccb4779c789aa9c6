import numpy as np
import pytest
import shapely
from scipy.stats import false_discovery_control, hypergeom

from maps.errors import TooManyNeighbours
from maps.hotspots import count_around, false_discoveries, gi_star, smoothed_rates
from maps.neighbours import touching, within_distance

SEED = 440105


def row_of(count):
    """Places in a line, each with the one before and the one after as neighbours."""
    return within_distance(np.stack([np.arange(count) * 100.0, np.zeros(count)], axis=1), 100.0)


def lattice(side, radius_m=100.0):
    x, y = np.meshgrid(np.arange(side) * 100.0, np.arange(side) * 100.0)
    return within_distance(np.stack([x.ravel(), y.ravel()], axis=1), radius_m)


def pairs(neighbours):
    return {tuple(pair) for pair in np.argwhere(neighbours.links.toarray()).tolist()}


# Neighbours -------------------------------------------------------------------------------------
def test_places_at_the_radius_are_neighbours_and_each_is_its_own():
    points_m = np.array([[0, 0], [100, 0], [200.1, 0], [0, 0]])
    near = within_distance(points_m, 100.0)
    assert pairs(near) == {(k, k) for k in range(4)} | {(0, 1), (1, 0), (0, 3), (3, 0), (1, 3), (3, 1)}
    assert near.counts.tolist() == [3, 3, 1, 3]
    assert near.sums(np.array([1.0, 2.0, 4.0, 8.0])).tolist() == [11, 11, 4, 11]


def test_points_on_the_sphere_have_three_coordinates():
    near = within_distance(np.array([[0, 0, 0], [0, 0, 50], [0, 80, 50]]), 90.0)
    assert near.counts.tolist() == [2, 3, 2]


def test_a_radius_that_takes_in_too_much_is_refused_before_memory_is_full():
    with pytest.raises(TooManyNeighbours):
        within_distance(np.zeros((5_000, 2)), 1.0)


def test_areas_touch_at_edges_corners_and_where_one_edge_meets_two():
    #  +---+---+---+
    #  | 0 | 1 |   |
    #  +---+---+ 3 |     4 lies apart
    #  |   2   |   |
    #  +-------+---+
    box = shapely.box
    polygons = [box(0, 1, 1, 2), box(1, 1, 2, 2), box(0, 0, 2, 1), box(2, 0, 3, 2), box(5, 0, 6, 1)]
    near = touching(np.array(polygons))
    assert near.counts.tolist() == [3, 4, 4, 3, 1]
    corner = touching(np.array([box(0, 0, 1, 1), box(1, 1, 2, 2)]))
    assert corner.counts.tolist() == [2, 2]


def test_areas_with_common_vertices_touch_as_in_libpysal():
    import geopandas
    from libpysal.graph import Graph

    x, y = np.meshgrid(np.arange(7.0), np.arange(5.0))
    squares = shapely.transform(shapely.box(x, y, x + 1, y + 1).ravel(), lambda xy: 300 * xy + xy[:, ::-1])
    peer = Graph.build_contiguity(geopandas.GeoSeries(squares), rook=False).sparse.toarray()
    assert (touching(squares).links.toarray() == peer + np.eye(35)).all()


# The statistic ----------------------------------------------------------------------------------
def test_gi_star_worked_by_hand():
    # Five places in a row with 0 0 0 0 5 cases. Mean 1; s = sqrt((4 * 1 + 16) / 5) = 2.
    #
    # place  around m  sum  sum - m * mean   s * sqrt((n m - m^2) / (n - 1))       z
    #   0        2      0        -2           2 * sqrt((10 - 4) / 4) = 2 sqrt(1.5)  -1 / sqrt(1.5)
    #   1        3      0        -3           2 * sqrt((15 - 9) / 4) = 2 sqrt(1.5)  -1.5 / sqrt(1.5)
    #   2        3      0        -3                                                 -1.5 / sqrt(1.5)
    #   3        3      5         2                                                  1 / sqrt(1.5)
    #   4        2      5         3                                                  1.5 / sqrt(1.5)
    star = gi_star(np.array([0, 0, 0, 0, 5]), row_of(5))
    assert star.z == pytest.approx(np.array([-1, -1.5, -1.5, 1, 1.5]) / np.sqrt(1.5), abs=1e-12)
    # 1.5 / sqrt(1.5) = 1.2247: beyond it lie 11.03 % of a normal distribution on each side.
    assert star.p_normal[4] == pytest.approx(0.2207, abs=5e-5)


def test_gi_star_equals_esda_with_binary_weights_and_not_its_default():
    from esda.getisord import G_Local
    from libpysal.weights import WSP

    values, near = np.random.default_rng(SEED).poisson(3, 144).astype(float), lattice(12, 150)
    weights = WSP(near.links).to_W(silence_warnings=True)
    z = gi_star(values, near).z
    binary = G_Local(values, weights, transform="B", star=True, permutations=0)
    assert z == pytest.approx(binary.Zs, abs=1e-12)
    assert gi_star(values, near).p_normal / 2 == pytest.approx(binary.p_norm, abs=1e-12)
    by_rows = G_Local(values, weights, transform="R", star=True, permutations=0)
    assert np.abs(by_rows.Zs).max() < np.abs(z).max() / 2


def test_each_period_stands_for_itself():
    cube, near = np.random.default_rng(SEED).poisson(2, (25, 6)), lattice(5)
    whole = gi_star(cube, near)
    for week in range(6):
        alone = gi_star(cube[:, week], near)
        assert whole.z[:, week] == pytest.approx(alone.z, abs=1e-12)
        assert whole.p[:, week] == pytest.approx(alone.p, abs=1e-12)


def test_p_of_few_cases_is_that_of_dealing_them_out_and_not_the_normal_one():
    # Twenty of 400 places have one case each: among five places their number is hypergeometric.
    values, near = np.zeros(400), lattice(20)
    values[[21, 22, 41]] = 1  # around 21: three; around 22 and 41: two each with one more
    values[np.arange(200, 400, 12)[:17]] = 1
    dealt = hypergeom(400, 20, 5)
    star = gi_star(values, near)
    around = near.sums(values)
    inner = near.counts == 5
    for count in (2, 3):
        place = np.flatnonzero(inner & (around == count))[0]
        assert dealt.sf(count) < star.p[place] / 2 < dealt.sf(count - 1)
        assert star.p_normal[place] / 2 < dealt.sf(count - 1) / 10
    assert (star.p >= star.p_normal).all()


def test_a_negative_skew_is_the_same_the_other_way_round():
    values, near = np.random.default_rng(SEED).poisson(0.2, 100), lattice(10)
    up, down = gi_star(values, near), gi_star(-values, near)
    assert down.z == pytest.approx(-up.z, abs=1e-12)
    assert down.p == pytest.approx(up.p, abs=1e-12)


def test_a_scale_changes_nothing():
    values, near = np.random.default_rng(SEED).poisson(0.5, 100), lattice(10)
    assert gi_star(values * 1e-9 + 3e-7, near).z == pytest.approx(gi_star(values, near).z, abs=1e-6)


@pytest.mark.parametrize(
    "values",
    [[0] * 5, [7] * 5, [0.1] * 5, [0.3, 0.1 * 3, 0.3, 0.3, 0.1 + 0.2]],
    ids=["no case at all", "always seven", "always a tenth", "but for rounding"],
)
def test_nothing_stands_out_where_values_do_not_differ(values):
    star = gi_star(np.array(values), row_of(5))
    assert star.z.tolist() == [0] * 5
    assert star.p.tolist() == [1] * 5


def test_a_period_without_cases_lies_quiet_between_others():
    cube = np.array([[0, 0, 1], [0, 0, 0], [0, 0, 0], [5, 0, 0]])
    star = gi_star(cube, row_of(4))
    assert star.z[:, 1].tolist() == [0] * 4
    assert star.p[:, 1].tolist() == [1] * 4
    assert star.z[:, 0] == pytest.approx([-1, -np.sqrt(3), np.sqrt(1 / 3), 1])


def test_one_place_two_places_and_none():
    assert gi_star(np.array([9]), row_of(1)).p.tolist() == [1]
    assert gi_star(np.array([9, 1]), row_of(2)).p.tolist() == [1, 1]  # the surroundings are everything
    apart = gi_star(np.array([9, 1]), within_distance(np.eye(2), 1.0))
    assert apart.z.tolist() == [1, -1]
    assert gi_star(np.zeros((0, 3)), within_distance(np.zeros((0, 2)), 1.0)).z.shape == (0, 3)


def test_an_island_is_compared_by_its_own_value():
    points_m = np.array([[0, 0], [1, 0], [2, 0], [500, 0]])
    values = np.array([1, 2, 3, 10])
    star = gi_star(values, within_distance(points_m, 1.0))
    assert star.z[3] == pytest.approx((10 - 4) / values.std())


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused(wrong):
    with pytest.raises(ValueError, match="finite"):
        gi_star(np.array([1, wrong, 2]), row_of(3))


def test_another_number_of_values_than_places_is_refused():
    with pytest.raises(ValueError, match="4 values for 3 places"):
        gi_star(np.zeros(4), row_of(3))


# What may be chance -----------------------------------------------------------------------------
def test_false_discoveries_worked_by_hand():
    # 0.05 * k / 5 for k = 1 … 5: 0.01 0.02 0.03 0.04 0.05. The largest p at or below its own is the third,
    # and with it all smaller ones, though the second lies above its own.
    p = np.array([0.045, 0.009, 0.9, 0.03, 0.021])
    assert false_discoveries(p, 0.05).tolist() == [False, True, False, True, True]
    assert false_discoveries(p.reshape(5, 1), 0.05).shape == (5, 1)
    assert not false_discoveries(np.ones(4), 0.05).any()
    assert false_discoveries(np.zeros((0,)), 0.05).shape == (0,)


def test_false_discoveries_are_those_of_scipy():
    random = np.random.default_rng(SEED)
    for power in (1, 2, 6):
        p = (random.random((40, 30)) ** power).round(3)
        expected = false_discovery_control(p, axis=None).reshape(p.shape) <= 0.05
        assert (false_discoveries(p, 0.05) == expected).all()


def test_quiet_districts_with_rare_cases_show_hotspots_by_the_normal_p_and_none_by_ours():
    near, cube = lattice(30), np.random.default_rng(SEED).poisson(0.05, (900, 40))
    star = gi_star(cube, near)

    def weeks_with_finds(p):
        return sum(false_discoveries(week, 0.05).any() for week in p.T)

    assert weeks_with_finds(star.p_normal) > 30
    assert weeks_with_finds(star.p) <= 2  # 5 % of forty


# Counts, expectations and rates -----------------------------------------------------------------
def test_expectations_are_an_even_share_and_small_ones_are_said_to_be_small():
    around = count_around(np.array([3, 4, 2, 1]), row_of(4))
    assert around.observed.tolist() == [7, 9, 7, 3]
    assert around.expected.tolist() == [5, 7.5, 7.5, 5]
    assert around.few.tolist() == [False] * 4
    assert count_around(np.array([2, 4, 2, 1]), row_of(4)).few.tolist() == [True, False, False, True]


def test_expectations_by_population_leave_out_where_nobody_lives():
    around = count_around(np.array([[3], [4], [9]]), row_of(3), np.array([10, 60, 0]))
    assert around.observed.tolist() == [[7], [7], [4]]
    assert around.expected == pytest.approx(np.array([[7], [7], [6]]))


def test_smoothed_rates_worked_by_hand():
    # People 100, 100, 200 and 5, 15, 60 cases: M = 80 / 400 = 0.2; rates 0.05, 0.15, 0.3.
    # Their variance by people: (100 * 0.0225 + 100 * 0.0025 + 200 * 0.01) / 400 = 4.5 / 400 = 0.01125;
    # of it chance: M / mean population = 0.2 / (400 / 3) = 0.0015. A = 0.00975.
    # A / (A + 0.2 / 100) = 39 / 47, A / (A + 0.2 / 200) = 39 / 43.
    rates = smoothed_rates(np.array([5, 15, 60]), np.array([100, 100, 200]))
    by_hand = [0.2 - 39 / 47 * 0.15, 0.2 - 39 / 47 * 0.05, 0.2 + 39 / 43 * 0.1]
    assert rates == pytest.approx(by_hand, abs=1e-12)


def test_smoothed_rates_equal_esda_period_by_period():
    from esda.smoothing import Empirical_Bayes

    random = np.random.default_rng(SEED)
    population = random.integers(50, 3_000, 80)
    cases = random.poisson(population[:, None] * random.gamma(2, 0.01, (80, 1)), (80, 4))
    rates = smoothed_rates(cases, population)
    for week in range(4):
        peer = Empirical_Bayes(cases[:, week], population).r.ravel()
        assert rates[:, week] == pytest.approx(peer, abs=1e-12)


def test_rates_that_differ_no_more_than_by_chance_become_one():
    assert smoothed_rates(np.array([1, 0, 1]), np.array([10, 10, 10])) == pytest.approx([2 / 30] * 3)


def test_where_nobody_lives_the_rate_is_that_of_all_and_cases_there_count_for_no_rate():
    population = np.array([100, 100, 200, 0])
    rates = smoothed_rates(np.array([5, 15, 60, 7]), population)
    assert rates[:3] == pytest.approx(smoothed_rates(np.array([5, 15, 60]), population[:3]))
    assert rates[3] == pytest.approx(0.2)
    with pytest.raises(ValueError, match="nobody"):
        smoothed_rates(np.array([1, 2]), np.zeros(2))


def test_periods_without_cases_have_the_rate_nought():
    rates = smoothed_rates(np.array([[0, 5], [0, 1]]), np.array([10, 20]))
    assert rates[:, 0].tolist() == [0, 0]
