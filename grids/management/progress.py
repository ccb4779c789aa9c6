"""Progress on standard error."""

import sys
from collections.abc import Iterable

from tqdm import tqdm

# Work that is done sooner shows no bar.
SHOWN_AFTER_SECONDS = 0.5


def announce(chinese: str, english: str) -> None:
    """A line about a step of some seconds that has no countable parts."""
    print(f"{chinese} / {english}", file=sys.stderr, flush=True)


def track(items: Iterable, total: int, word: str) -> Iterable:
    """`items`, with a bar named `word` while they are taken."""
    return tqdm(items, total=total, desc=word, delay=SHOWN_AFTER_SECONDS, leave=False, file=sys.stderr)


def bytes_bar(total: int, word: str) -> tqdm:
    """A bar of `total` bytes, to be updated and closed."""
    return tqdm(total=total, desc=word, delay=SHOWN_AFTER_SECONDS, leave=False, file=sys.stderr,
                unit="B", unit_scale=True)  # fmt: skip
