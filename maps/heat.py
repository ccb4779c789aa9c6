"""How counts in squares become heat on a screen. Pure; the page and the exported file draw alike."""

import numpy as np

# In pixels: the spot that a square leaves, and the blur around it.
RADIUS_PX, BLUR_PX = 18, 16
# The hottest squares are this share of all; alone they would have the last colour.
HOTTEST_SHARE = 0.01
# Spots of neighbouring squares lie over one another and add up, so that one alone must look weaker.
NEIGHBOURS = 1.5
# Fewer disputes in a square are never drawn as the hottest.
LEAST_FULL = 3


def full_count(counts: np.ndarray) -> float:
    """The count at which a square alone has the hottest colour. `counts` is an array (n,), n may be 0."""
    if not counts.size:
        return NEIGHBOURS * LEAST_FULL
    return NEIGHBOURS * max(LEAST_FULL, float(np.quantile(counts, 1 - HOTTEST_SHARE, method="lower")))
