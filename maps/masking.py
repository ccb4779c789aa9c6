"""Which counts to hide from readers who may see counts only. Pure.

A count below k is hidden, and with it as many of its siblings as it takes, so that subtracting from the
totals that are shown gives nothing back (secondary cell suppression; see Willenborg and de Waal, Elements of
Statistical Disclosure Control, 2001, ch. 6). Programs of that trade look for the smallest loss. What they add
depends on the values, so that who knows the program can reason back: had it been 4, another would be hidden.
The rule here is chosen to be proved instead.

The rule, in one family (an area that is shown, and its children):

1. Children with a count in 1..k-1 are hidden. If there are none, all are shown. Zeros are shown.
2. Siblings with a count of k or more join them, in the order given and not by size, until the hidden counts
   add up to more than k-1 for each small one and k for each large one.
3. Where all of them are not enough, every child is hidden, zeros too.

Nothing is shown below a hidden area. So a hidden count is in one sum only, that of its family.

What it gives: whoever sees all that is shown, and knows this rule and the order, can rule out no value in
1..k-1 for any small count; after 1 and 2 not even by knowing which of the hidden counts are small. Proof:
give the small ones any values in 1..k-1, each joined sibling but the last k, and the last the rest; by 2 it
is more than k. The same children are small as before, and until the last joined the sum was not enough: the
rule hides the same ones, and the same is shown. After 3, whatever the value, the rest of the total can be
spread so that it is never enough: k at a time, or k for each but the last.
"""

import numpy as np

TOP = -1


def mask_small(counts: np.ndarray, parents: np.ndarray, *, k: int) -> np.ndarray:
    """Which areas to hide: bool, shape (n,).

    `counts` are whole numbers, shape (n,) for one table or (n, t) for t tables of the same areas. `parents`,
    shape (n,), are positions of the areas' parents, which come before them; TOP where there is none. The
    count of a parent is the sum of its children's: what lies in none of them is a child like the others. Of
    several areas without a parent no sum may be shown. `k` is at least 3: below that, hidden is known.
    Raises ValueError where this does not hold. Give the whole hierarchy whatever part of it is asked for:
    begun at another top, another pattern could follow, and two patterns be compared.

    Where readers can ask for the same areas by other categories or periods, a difference of two tables is a
    table. Give one column for every piece by which those differ (each category; each week of overlapping
    periods) and none for their sums: an area is then hidden in all of them or in none, and the rule above
    holds for each column. The price is that a rare category hides much: offer these readers few pieces.

    Not protected: tables of other areas over the same ground (hexagons, redrawn boundaries), of pieces that
    were not given, of the same pieces before and after a late report; and what a reader knows already, as a
    party to all the cases but one. That a hidden area has cases at all is not a secret in cases 1 and 2.
    """
    table = counts if counts.ndim == 2 else counts[:, None]
    _check(table, parents, k)
    hidden = _small(table, k).any(axis=1) & (parents == TOP)
    by_parent = np.argsort(parents, kind="stable")
    firsts = np.flatnonzero(np.diff(parents[by_parent], prepend=TOP))
    for family in np.split(by_parent, firsts)[1:]:
        hidden[family] = hidden[parents[family[0]]] or _hidden_children(table[family], k)
    return hidden


def _hidden_children(family: np.ndarray, k: int) -> np.ndarray:
    """The rule for `family`, shape (children, tables), of a parent that is shown: bool, shape (children,)."""
    small = _small(family, k)
    hidden = small.any(axis=1)
    joining = np.flatnonzero(~hidden & family.any(axis=1))
    # By how much each count is above the most that a small one, the least that a large one can be.
    spare = np.where(small, family - (k - 1), np.maximum(family - k, 0))
    sums = np.cumsum(np.vstack([spare[hidden].sum(axis=0), spare[joining]]), axis=0)
    enough = ((sums > 0) | ~small.any(axis=0)).all(axis=1)
    if not enough.any():
        return np.ones_like(hidden)
    hidden[joining[: np.argmax(enough)]] = True
    return hidden


def _small(table: np.ndarray, k: int) -> np.ndarray:
    return (table > 0) & (table < k)


def _check(table: np.ndarray, parents: np.ndarray, k: int) -> None:
    if k < 3:
        raise ValueError(f"k = {k}: at least 3")
    if parents.shape != table.shape[:1] or (parents < TOP).any() or (parents >= np.arange(len(table))).any():
        raise ValueError("a parent comes before its children")
    if not np.issubdtype(table.dtype, np.integer) or (table < 0).any():
        raise ValueError("counts are whole numbers, none below 0")
    below = parents != TOP
    sums = np.zeros_like(table)
    np.add.at(sums, parents[below], table[below])
    wrong = (sums != table).any(axis=1) & np.isin(np.arange(len(table)), parents)
    if wrong.any():
        raise ValueError(f"area {np.flatnonzero(wrong)[0]} is not the sum of its children")
