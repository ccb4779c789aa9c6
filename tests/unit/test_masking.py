"""Small counts stay hidden from whoever subtracts, and from whoever knows the rule that hides them."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from maps.masking import TOP, mask_small

K = 5


def hidden(*children, k=K):
    """What is hidden of the children of one area."""
    counts = np.array([sum(children), *children])
    return mask_small(counts, np.array([TOP] + [0] * len(children)), k=k)[1:].tolist()


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ((9, 0, 12), [False, False, False]),
        # 3 alone would be the rest of the total; 7 is not enough beside it (3 + 7 is not above 4 + 5), 8 is.
        ((3, 8, 0, 20), [True, True, False, False]),
        ((3, 5, 20, 30), [True, True, True, False]),
        # In the order given, not by size.
        ((20, 3, 8), [True, True, False]),
        # All that there is does not suffice: the zeros are hidden too.
        ((3, 5, 0), [True, True, True]),
        ((2, 3, 0, 0), [True, True, True, True]),
        ((1, 1, 1, 1, 1), [True] * 5),
        ((6,), [False]),
        ((0, 0), [False, False]),
    ],
)
def test_small_counts_take_siblings_with_them(children, expected):
    assert hidden(*children) == expected


def test_a_total_that_is_small_is_hidden_with_all_below_it():
    assert mask_small(np.array([3, 3, 0, 2, 1]), np.array([TOP, 0, 0, 1, 1]), k=K).all()


def test_nothing_is_shown_below_a_hidden_area():
    # Street 1 is small; street 2 hides it, so its communities, though large, are not shown; those of 3 are.
    counts = np.array([83, 3, 30, 50, 3, 14, 16, 25, 25])
    parents = np.array([TOP, 0, 0, 0, 1, 2, 2, 3, 3])
    assert mask_small(counts, parents, k=K).tolist() == [
        False,
        True,
        True,
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_an_area_that_is_small_in_one_table_is_hidden_in_all():
    counts = np.array([[60, 30], [3, 10], [20, 10], [37, 10]])
    assert mask_small(counts, np.array([TOP, 0, 0, 0]), k=K).tolist() == [False, True, True, False]


def test_no_areas_have_nothing_to_hide():
    assert mask_small(np.array([], dtype=int), np.array([], dtype=int), k=K).tolist() == []


@pytest.mark.parametrize(
    ("counts", "parents", "k", "said"),
    [
        ([5], [TOP], 2, "at least 3"),
        ([5, 5], [1, TOP], K, "before its children"),
        ([5, 5], [TOP], K, "before its children"),
        ([-1], [TOP], K, "whole numbers"),
        ([1.5], [TOP], K, "whole numbers"),
        ([9, 5, 3], [TOP, 0, 0], K, "area 0 is not the sum"),
    ],
)
def test_tables_that_do_not_add_up_are_refused(counts, parents, k, said):
    with pytest.raises(ValueError, match=said):
        mask_small(np.array(counts), np.array(parents), k=k)


@pytest.mark.parametrize(
    ("totals", "children", "k"),
    [
        *(((total,), 2, 5) for total in range(5, 20)),
        *(((total,), 3, 4) for total in range(4, 24)),
        *(((total,), 4, 3) for total in range(3, 15)),
        ((0, 9), 3, 3), ((3, 9), 3, 3), ((7, 8), 3, 3), ((9, 9), 3, 3), ((5, 12), 3, 4), ((5, 5, 7), 2, 4),
    ],
)  # fmt: skip
def test_who_knows_the_rule_can_rule_out_no_small_value(totals, children, k):
    """Of all families with these totals, one for each table, those of which the same is shown and, where not
    all is hidden, that have the same small counts: among them every small count takes every small value."""
    alike = defaultdict(list)
    parents = np.array([TOP] + [0] * children)
    for tables in product(*(list(_ways_to_share(total, children)) for total in totals)):
        family = np.array(tables).T
        hide = mask_small(np.vstack([totals, family]), parents, k=k)[1:]
        known = ((family > 0) & (family < k)).tobytes() if not hide.all() else None
        alike[hide.tobytes(), family[~hide].tobytes(), known].append(family)
    for families in alike.values():
        for values in np.array(families).reshape(len(families), -1).T:
            small = set(values[(values > 0) & (values < k)].tolist())
            assert small in (set(), set(range(1, k)))


@pytest.mark.parametrize("total", range(3, 15))
def test_who_knows_the_rule_can_rule_out_no_small_value_at_any_level(total):
    """Two communities of two units each: among all with this total of which the same is shown."""
    k, parents = 3, np.array([TOP, 0, 0, 1, 1, 2, 2])
    alike = defaultdict(list)
    for units in _ways_to_share(total, 4):
        counts = np.array([total, sum(units[:2]), sum(units[2:]), *units])
        hide = mask_small(counts, parents, k=k)
        alike[hide.tobytes(), counts[~hide].tobytes()].append(counts)
    for hierarchies in alike.values():
        for values in np.array(hierarchies).T:
            small = set(values[(values > 0) & (values < k)].tolist())
            assert small in (set(), set(range(1, k)))


def _ways_to_share(total, children):
    if children == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in _ways_to_share(total - first, children - 1))


@pytest.mark.parametrize("seed", range(12))
def test_all_that_is_shown_leaves_every_hidden_count_a_wide_interval(seed):
    """Random streets, communities and units, by linear programming on all equations that are shown."""
    random = np.random.default_rng(seed)
    parents, counts = _random_hierarchy(random, mean=random.choice([2, 6, 15]))
    hide = mask_small(counts, parents, k=K)
    leaves = ~np.isin(np.arange(len(parents)), parents)
    within = _descent(parents)[:, leaves].astype(float)
    shown = dict(A_eq=within[~hide], b_eq=counts[~hide]) if not hide.all() else {}
    for area in np.flatnonzero(hide):
        low, high = (
            linprog(sign * within[area], bounds=(0, 10_000), **shown, method="highs").fun * sign
            for sign in (1, -1)
        )
        assert low <= counts[area] <= high
        assert high - low >= K


def test_random_hierarchies_are_hidden_neither_whole_nor_not_at_all():
    shares = []
    for seed in range(50):
        parents, counts = _random_hierarchy(np.random.default_rng(seed), mean=15)
        shares.append(mask_small(counts, parents, k=K).mean())
    assert 0.2 < np.mean(shares) < 0.8


def _random_hierarchy(random, mean):
    """District, 3 streets, 2 to 4 communities in each, 1 to 4 units in each: parents and counts."""
    parents, level = [TOP], [0]
    for least, most in ((3, 3), (2, 4), (1, 4)):
        below = []
        for area in level:
            for _ in range(random.integers(least, most + 1)):
                below.append(len(parents))
                parents.append(area)
        level = below
    counts = np.zeros(len(parents), dtype=int)
    counts[level] = random.negative_binomial(0.8, 0.8 / (0.8 + mean), len(level))
    return np.array(parents), _descent(np.array(parents)) @ counts


def _descent(parents):
    """Which areas lie in which: int (n, n), the area itself too."""
    inside = np.eye(len(parents), dtype=int)
    for area in range(len(parents) - 1, 0, -1):
        inside[parents[area]] += inside[area]
    return inside
