from math import exp

import numpy as np
import pytest

from maps import scan_kernels as kernels
from maps.errors import ScanTooLarge
from maps.scan import gumbel_p, scan
from tests.reference.plain_scan import plain_cylinders, plain_ratio

LINE = np.array([[0.0, 0], [100, 0], [200, 0], [5000, 0], [5100, 0], [5200, 0]])
QUIET = [(place, day, 1) for place in range(6) for day in range(20)]
OPTIONS = {
    "max_radius_m": 300,
    "max_days": 7,
    "last_day": 19,
    "prospective": True,
    "min_cases": 2,
    "weekdays": False,
    "max_share": 0.5,
}


def look(points, rows, *, population=None, replications=99, seed=1, **options):
    location, day, cases = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return scan(
        np.asarray(points, dtype=float), location, day, cases,
        model="permutation" if population is None else "poisson",
        population=None if population is None else np.array(population, dtype=float),
        replications=replications, seed=seed, **{**OPTIONS, **options},
    )  # fmt: skip


# Against others ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("observed", "expected", "ratio"), [(10, 1.0, 14.060436), (2, 1.0, 0.386720)])
def test_the_ratio_is_that_of_satscans_own_unit_test(observed, expected, ratio):
    # unittest_PoissonLikelihoodCalculation.cpp of SaTScan, with the 1,175 cases of its New Mexico data.
    assert kernels.log_likelihood_ratio(observed, expected, 1175) == pytest.approx(ratio, abs=1e-6)


def test_the_ratio_is_that_published_for_leukaemia_in_new_york():
    # smerc's test of scan.test, whose numbers are SaTScan's: 85 of 552 cases in a population of 95,249 of
    # 1,057,673.
    expected = 552 * 95_249 / 1_057_673
    assert kernels.log_likelihood_ratio(85, expected, 552) == pytest.approx(11.577255, abs=5e-7)


def random_case(seed):
    """A small data set and options of every kind."""
    random = np.random.default_rng(seed)
    places, days, rows = random.integers(2, 14), random.integers(5, 30), random.integers(5, 120)
    # On a lattice many places are equally far, and some lie at the same point.
    points = (
        random.integers(0, 5, (places, 2)) * 100.0 if seed % 3 == 0 else random.random((places, 2)) * 1000
    )
    columns = random.integers(0, places, rows), random.integers(0, days, rows), random.integers(0, 3, rows)
    population = random.integers(1, 50, places).astype(float).tolist() if seed % 4 == 1 else None
    options = {
        "max_radius_m": float(random.choice([0, 150, 300, 2000])),
        "max_days": int(random.integers(1, 8)),
        "last_day": int(days - 1 - random.integers(0, 2)),
        "prospective": bool(seed % 5),
        "min_cases": int(random.integers(1, 4)),
        "weekdays": population is None and seed % 2 == 0,
        "max_share": float(random.choice([0.3, 0.5, 1])),
    }
    return points, list(zip(*(column.tolist() for column in columns), strict=True)), population, options


def test_clusters_are_those_of_the_plain_implementation_on_200_random_data_sets():
    found = 0
    for seed in range(200):
        points, rows, population, options = random_case(seed)
        left = plain_cylinders(points.tolist(), rows, population=population, **options)
        clusters = look(points, rows, population=population, replications=1, **options).clusters
        for cluster in clusters:
            assert cluster.llr == pytest.approx(max(one.ratio for one in left), abs=1e-9), seed
            same = (frozenset(cluster.places.tolist()), cluster.first_day, cluster.last_day)
            (twin,) = (one for one in left if (one.places, one.first_day, one.last_day) == same)
            assert (cluster.observed, cluster.expected) == (
                twin.observed,
                pytest.approx(twin.expected, abs=1e-9),
            )
            left = [one for one in left if not one.places & twin.places]
        assert not left, seed
        found += len(clusters)
    assert found > 300


@pytest.mark.parametrize("seed", [0, 2, 3, 4, 5, 10, 13, 15, 17])
def test_a_replication_is_a_data_set_whose_maximum_the_plain_implementation_finds(seed):
    points, rows, population, options = random_case(seed)
    rows = [row for row in rows if row[1] <= options["last_day"]]
    # With a window as long as the study, what is drawn is the whole data set.
    options |= {"max_days": options["last_day"] + 1}
    result = look(points, rows, population=population, replications=5, seed=seed, **options)
    counts = drawn_counts(len(points), rows, population, options, seed)
    for r, maximum in enumerate(result.maxima):
        drawn = counts[:, :, r]
        as_rows = [(p, options["last_day"] - lag, int(drawn[p, lag])) for p, lag in np.argwhere(drawn)]
        cylinders = plain_cylinders(points.tolist(), as_rows, population=population, **options)
        assert maximum == pytest.approx(max((one.ratio for one in cylinders), default=0), abs=1e-9)


def drawn_counts(places, rows, population, options, seed):
    """What the first batch of replications draws, by place, lag and replication."""
    location, day, cases = np.array([row for row in rows if row[2]]).T
    lag, days = options["last_day"] - day, options["last_day"] + 1
    batch = np.random.SeedSequence(seed).generate_state(1, np.uint64)[0]
    if population is None:
        strata = 7 if options["weekdays"] else 1
        order = np.argsort(lag % strata, kind="stable")
        deck = np.repeat(location[order], cases[order]).astype(np.int32)
        start = np.append(0, np.cumsum(np.bincount(lag % strata, cases, strata))).astype(np.int64)
        of_lag = np.bincount(lag, cases, days).astype(np.int64)
        counts = kernels.permuted_counts(deck, start, np.arange(days) % strata, of_lag, places, batch)
        assert np.array_equal(counts[:, -1, 0], np.bincount(location, cases, places))
    else:
        share = np.cumsum(population) / sum(population)
        totals = np.full(kernels.BATCH, cases.sum())
        counts = kernels.poisson_counts(share, totals, days, batch)
    return np.diff(counts, axis=1, prepend=0)


def test_permuted_times_keep_the_cases_of_each_place_and_day_and_weekday():
    location, lag = np.random.default_rng(1).integers(0, [[9], [30]], (2, 500))
    rows = [(p, 29 - one, 1) for p, one in zip(location.tolist(), lag.tolist(), strict=True)]
    drawn = drawn_counts(9, rows, None, {"last_day": 29, "weekdays": True}, 1)
    for r in range(kernels.BATCH):
        np.testing.assert_array_equal(drawn[:, :, r].sum(axis=0), np.bincount(lag, minlength=30))
        for weekday in range(7):
            expected = np.bincount(location[lag % 7 == weekday], minlength=9)
            np.testing.assert_array_equal(drawn[:, weekday::7, r].sum(axis=1), expected)
    assert len({drawn[:, :, r].tobytes() for r in range(kernels.BATCH)}) == kernels.BATCH


def test_permuted_times_are_spread_evenly():
    # Ten cases at each of two places, ten on each of two days: the first place has on the first day what a
    # hypergeometric variable of mean 5 and variance 25 / 19 has.
    rows = [(place, day, 5) for place in (0, 1) for day in (0, 1)]
    options = {"last_day": 1, "weekdays": False}
    found = [drawn_counts(2, rows, None, options, seed)[0, 0] for seed in range(500)]
    assert np.mean(found) == pytest.approx(5, abs=4 * np.sqrt(25 / 19 / 8000))
    assert np.var(found) == pytest.approx(25 / 19, rel=0.1)


def test_thresholds_leave_out_nothing_that_reaches_the_floor():
    table = kernels.thresholds(300.0, 1000, 2)
    random = np.random.default_rng(1)
    for expected in random.uniform(0, 300, 500) ** random.uniform(0.2, 1, 500):
        column = table[:, int(np.sqrt(expected) * kernels.STEPS)]
        for cases in range(2, 400, 3):
            ratio = plain_ratio(cases, expected, 1000)
            assert (cases >= column[: int(ratio) + 1]).all() or ratio == 0


# What it finds ----------------------------------------------------------------------------------
def test_an_outbreak_is_found_where_and_when_it_is():
    rows = QUIET + [(place, day, 3) for place in range(3) for day in (17, 18, 19)]
    cluster = look(LINE, rows, max_share=0.6).clusters[0]
    assert sorted(cluster.places.tolist()) == [0, 1, 2]
    assert (cluster.first_day, cluster.last_day, cluster.observed) == (17, 19, 36)
    # 87 of 147 cases are there, 45 on these days.
    assert cluster.expected == pytest.approx(87 * 45 / 147)


def test_a_window_of_a_prospective_scan_ends_on_the_last_day():
    rows = [*QUIET, (0, 9, 12)]
    past = look(LINE, rows, prospective=False).clusters[0]
    assert (past.first_day, past.last_day, past.places.tolist()) == (9, 9, [0])
    assert all(cluster.last_day == 19 for cluster in look(LINE, rows).clusters)
    assert look(LINE, rows).clusters == () or look(LINE, rows).clusters[0].llr < past.llr


def test_later_rows_are_left_out():
    assert same(look(LINE, [*QUIET, (0, 25, 50)]), look(LINE, QUIET))


def same(one, other):
    return one.cases == other.cases and (one.maxima == other.maxima).all()


def test_secondary_clusters_share_no_place_with_those_before():
    rows = [*QUIET, (1, 19, 9), (4, 18, 6)]
    clusters = look(LINE, rows, max_radius_m=150, max_share=0.4).clusters
    taken = np.concatenate([cluster.places for cluster in clusters])
    assert len(clusters) >= 2 and len(set(taken.tolist())) == len(taken)
    assert [1 in clusters[0].places, 4 in clusters[1].places] == [True, True]
    assert clusters[0].llr >= clusters[1].llr


def test_a_place_with_a_week_of_its_own_alarms_only_where_weekdays_do_not_count():
    # A market: the first place has its cases on every seventh day, and the last day is one of these.
    rows = [(place, day, 1) for place in range(1, 6) for day in range(71)] + [
        (0, day, 5) for day in range(0, 71, 7)
    ]
    options = {"last_day": 70, "max_radius_m": 50, "max_days": 3, "replications": 999}
    assert look(LINE, rows, **options).clusters[0].p_gumbel < 0.05
    assert not look(LINE, rows, weekdays=True, **options).clusters


def test_poisson_sees_that_a_place_has_too_many_for_its_people_and_permutation_does_not():
    rows = [(0, day, 3) for day in range(20)] + [
        (place, day, 1) for place in range(1, 6) for day in range(20)
    ]
    cluster = look(LINE, rows, population=[100] * 6, max_days=20).clusters[0]
    assert (cluster.places.tolist(), cluster.observed) == ([0], 60)
    assert cluster.expected == pytest.approx(160 / 6)
    assert look(LINE, rows, max_days=20).clusters == ()


def test_places_at_the_same_distance_come_into_a_circle_together():
    points = [(0, 0), (100, 0), (-100, 0), (0, 100), (9000, 0)]
    result = look(points, [(p, day, 1) for p in range(5) for day in range(20)], max_share=1, max_radius_m=100)
    # Each alone, the middle with its three neighbours; around these one other, the middle, at 100 m.
    assert result.circles == 5 + 1 + 3


def test_empty_places_add_no_circles_but_are_told_of():
    points = [*LINE, (50, 0)]
    result = look(points, [*QUIET, (1, 19, 9), (0, 19, 9)], max_radius_m=150)
    assert result.circles == look(LINE, [*QUIET, (1, 19, 9), (0, 19, 9)], max_radius_m=150).circles
    assert 6 in result.clusters[0].places


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(2, day, 3) for day in range(20)], id="all cases at one place"),
        pytest.param([(place, 19, 3) for place in range(6)], id="all on one day"),
        pytest.param([(0, 19, 1)], id="one case"),
        pytest.param([(0, 19, 0)], id="none"),
    ],
)
def test_where_nothing_can_be_told_apart_there_is_no_cluster(rows):
    result = look(LINE, rows)
    assert result.clusters == () and not result.maxima.any()


def test_a_single_place_has_nothing_to_be_compared_with():
    assert look([(0, 0)], [(0, day, day) for day in range(20)]).clusters == ()


# Chance -----------------------------------------------------------------------------------------
def test_the_same_seed_gives_the_same_result_whatever_the_number_of_threads(monkeypatch):
    from maps import scan as module

    several = look(LINE, QUIET, replications=200)
    monkeypatch.setattr(module.config, "NUMBA_DEFAULT_NUM_THREADS", 1)
    assert same(look(LINE, QUIET, replications=200), several)
    assert not same(look(LINE, QUIET, replications=200, seed=2), several)


def test_p_is_the_rank_among_the_replications_and_recurrence_its_inverse():
    result = look(LINE, [*QUIET, (0, 19, 2)], replications=999)
    for cluster in result.clusters:
        above = np.count_nonzero(result.maxima >= cluster.llr)
        assert cluster.p_monte_carlo == (1 + above) / 1000
        assert cluster.recurrence_days == 1 / cluster.p_gumbel


def test_the_gumbel_p_has_the_moments_of_the_maxima():
    # Euler's constant and pi² / 6 are mean and variance of the standard Gumbel distribution.
    random = np.random.default_rng(1)
    maxima = random.gumbel(5, 0.8, 200_000)
    for value in (5.0, 7.0, 10.0, 15.0):
        exact = 1 - exp(-exp(-(value - 5) / 0.8))
        assert gumbel_p(value, maxima) == pytest.approx(exact, rel=0.1)


def test_on_quiet_days_few_raise_an_alarm_and_p_is_spread_evenly():
    """A small version of tests/benchmarks/warning_power.py."""
    random = np.random.default_rng(440105)
    points, p_monte_carlo, p_gumbel = random.random((40, 2)) * 4000, [], []
    for seed in range(200):
        rows = list(
            zip(
                random.integers(0, 40, 900).tolist(),
                random.integers(0, 90, 900).tolist(),
                [1] * 900,
                strict=True,
            )
        )
        cluster = look(points, rows, last_day=89, max_radius_m=1000, replications=199, seed=seed).clusters[0]
        p_monte_carlo.append(cluster.p_monte_carlo)
        p_gumbel.append(cluster.p_gumbel)
    for p in np.array([p_monte_carlo, p_gumbel]):
        for level in (0.05, 0.2, 0.5):
            # Three standard errors of a share among 200.
            assert np.mean(p <= level) == pytest.approx(level, abs=3 * np.sqrt(level * (1 - level) / 200))


# Refusals ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "options",
    [
        *({"max_days": 0}, {"replications": 0}, {"max_share": 0}, {"population": [1] * 6, "weekdays": True}),
        *({"population": [0] * 6}, {"population": [1, 1, 1, 1, 1, -1]}),
    ],
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(ValueError):
        look(LINE, QUIET, **options)


def test_what_would_not_fit_into_memory_is_refused():
    points = np.zeros((5000, 2))
    with pytest.raises(ScanTooLarge):
        look(points, QUIET)
    with pytest.raises(ScanTooLarge):
        look(points, QUIET, max_radius_m=0, max_days=4000, last_day=9000)
    with pytest.raises(ScanTooLarge):
        look(LINE, [(k % 6, k % 20, 10**6) for k in range(51)])
