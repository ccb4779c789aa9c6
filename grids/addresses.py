"""One spelling for one address. Pure."""

import re
import unicodedata


def normalize_address(text: str) -> str:
    """`text` in one width and case, without blanks and punctuation: "晓港东路 12号" is "晓港东路12号"."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()
