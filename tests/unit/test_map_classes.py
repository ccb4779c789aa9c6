"""Classes of a shaded map."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.classes import CLASSES, ValueClass, class_of, count_classes, rate_classes

counts = st.lists(st.integers(0, 100_000), max_size=200)
rates = st.lists(st.floats(0, 1e6).map(lambda value: round(value, 3)), max_size=200)


@given(counts)
def test_every_positive_count_has_a_class_and_zero_has_none(values):
    classes = count_classes(values)
    assert len(classes) <= CLASSES
    for value in values:
        index = class_of(value, classes)
        assert (index is None) == (value == 0)
        if index is not None:
            assert classes[index].low <= value <= classes[index].high


@given(counts)
def test_classes_of_counts_leave_no_gap_and_do_not_overlap(values):
    classes = count_classes(values)
    for below, above in pairwise(classes):
        assert above.low == below.high + 1
        assert above.low <= above.high


@given(rates)
def test_every_positive_rate_has_a_class_that_holds_it(values):
    classes = rate_classes(values)
    assert len(classes) <= CLASSES
    for value in values:
        index = class_of(value, classes)
        assert (index is None) == (value == 0)
        if index is not None:
            assert classes[index].low <= value <= classes[index].high


@given(rates)
def test_each_class_of_rates_begins_where_the_one_before_ends(values):
    assert all(above.low == below.high for below, above in pairwise(rate_classes(values)))


def test_ends_are_round_and_classes_hold_about_as_many_areas_each():
    classes = count_classes(range(1, 1001))
    assert [each.high for each in classes] == [200, 400, 600, 800, 1000]


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ([], []),
        ([0, 0], []),
        ([7], [ValueClass(7, 7)]),
        ([0, 1, 1, 1], [ValueClass(1, 1)]),
        ([1, 1, 1, 50], [ValueClass(1, 1), ValueClass(2, 50)]),
    ],
)
def test_few_values_make_few_classes(values, classes):
    assert count_classes(values) == classes
