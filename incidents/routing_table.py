"""Which kinds of mediation, and which special channels, suit which category. Pure.

After the district's "2+4+N" network and its special channels. A category of four digits comes before its
group of two. Kinds stand with the most fitting first; one that is not named is not excluded, it only has
less in its favour.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fit:
    """`kinds` in order of preference, `channels` made for this category."""

    kinds: tuple[str, ...]
    channels: frozenset[str] = frozenset()


P, A, J, I = "people", "administrative", "judicial", "industry"  # noqa: E741


def _fit(*kinds: str, channel: str = "") -> Fit:
    return Fit(kinds, frozenset({channel} if channel else ()))


FITS: dict[str, Fit] = {
    "01": _fit(P, J),
    "02": _fit(P),
    "03": _fit(P, J),
    "0303": _fit(P, A),
    "04": _fit(P, J),
    "0402": _fit(P, I),
    "0403": _fit(A, P),
    "05": _fit(P, I),
    "0501": _fit(A, P),
    "0502": _fit(I, channel="medical"),
    "0503": _fit(A, I, P),
    "0504": _fit(A, P),
    "0505": _fit(A, I),
    "06": _fit(P, I),
    "0601": _fit(A, I, P),
    "0602": _fit(P, I, channel="apartment"),
    "0603": _fit(I, J, channel="commercial"),
    "0604": _fit(I, P, channel="commercial"),
    "07": _fit(A, P),
    "08": _fit(I, J),
    "0804": _fit(P, J, I),
    "09": _fit(P, A, channel="collective_assets"),
    "10": _fit(I, J, channel="commercial"),
    "1006": _fit(P, J),
    "11": _fit(A, P),
    "1102": _fit(A, P, channel="collective_assets"),
    "12": _fit(A, P),
    "13": _fit(A),
    "1303": _fit(A, I, channel="tax"),
    "14": _fit(J, A),
    "15": _fit(A),
    "16": _fit(P, A),
    "1601": _fit(P, A, channel="ethnic_minority"),
    "99": _fit(P),
}


def fit_of(category: str) -> Fit:
    """What suits `category`, four digits."""
    return FITS.get(category) or FITS[category[:2]]
