import numpy as np
import pytest

from maps.repeat_places import ALONE, repeats


def found(place, category, day, *, window_days):
    result = repeats(np.array(place), np.array(category), np.array(day), window_days=window_days)
    columns = (result.place, result.category, result.cases, result.first_day, result.last_day)
    return list(zip(*(column.tolist() for column in columns), strict=True)), result


def test_the_same_place_and_category_within_the_window_is_a_series():
    series, result = found(
        ["a", "b", "a", "a"], ["noise", "noise", "noise", "debt"], [1, 2, 8, 9], window_days=7
    )
    assert series == [("a", "noise", 2, 1, 8)]
    assert result.series.tolist() == [0, ALONE, 0, ALONE]


def test_a_day_more_than_the_window_ends_a_series_and_another_may_begin():
    series, result = found([5] * 5, [1] * 5, [0, 7, 15, 20, 21], window_days=7)
    assert series == [(5, 1, 3, 15, 21), (5, 1, 2, 0, 7)]
    assert result.series.tolist() == [1, 1, 0, 0, 0]


def test_the_same_day_counts_with_a_window_of_none():
    series, _ = found([1, 1, 1], [2, 2, 2], [4, 4, 5], window_days=0)
    assert series == [(1, 2, 2, 4, 4)]


def test_a_slow_series_is_told_from_a_dense_one():
    slow, dense = list(range(0, 100, 10)), [0, 1, 2, 3]
    _, result = found([1] * 10 + [2] * 4, [0] * 14, slow + dense, window_days=10)
    assert result.cases.tolist() == [10, 4]
    assert result.most_in_window.tolist() == [2, 4]


def test_most_cases_come_first_then_the_latest_then_the_order_of_places():
    series, _ = found([3, 3, 1, 1, 2, 2, 4, 4, 4], [0] * 9, [0, 1, 0, 1, 5, 6, 0, 0, 0], window_days=7)
    assert [place for place, *_ in series] == [4, 2, 1, 3]


def test_the_order_of_cases_does_not_matter():
    random = np.random.default_rng(1)
    place, category, day = (random.integers(0, most, 500) for most in (40, 3, 365))
    mixed = random.permutation(500)
    one = repeats(place, category, day, window_days=14)
    other = repeats(place[mixed], category[mixed], day[mixed], window_days=14)
    assert (one.cases == other.cases).all() and (one.place == other.place).all()
    assert (one.series[mixed] == other.series).all()


def test_series_are_those_found_one_by_one():
    random = np.random.default_rng(2)
    place, category, day = (random.integers(0, most, 400) for most in (30, 3, 200))
    result = repeats(place, category, day, window_days=5)
    for k in range(400):
        same = (place == place[k]) & (category == category[k])
        near = same & (np.abs(day - day[k]) <= 5)
        assert (result.series[k] == ALONE) == (near.sum() == 1)
        assert len(set(result.series[near])) == 1
    for k, cases in enumerate(result.cases):
        days = np.sort(day[result.series == k])
        assert len(days) == cases and (result.first_day[k], result.last_day[k]) == (days[0], days[-1])
        assert result.most_in_window[k] == max(((days >= last - 5) & (days <= last)).sum() for last in days)


def test_no_cases_have_no_series():
    series, result = found([], [], np.array([], dtype=int), window_days=7)
    assert series == [] and result.series.tolist() == []


def test_a_window_before_the_day_or_missing_days_are_refused():
    with pytest.raises(ValueError, match="window"):
        repeats(np.array([1]), np.array([1]), np.array([1]), window_days=-1)
    with pytest.raises(ValueError, match="a day for each case"):
        repeats(np.array([1]), np.array([1]), np.array([]), window_days=1)
