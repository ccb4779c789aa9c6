"""How a party's code is written, read back and kept. Pure.

Twelve of thirty characters, in groups of four: 59 bits, which nobody guesses through the counted door, and
which one can still read over the telephone. 0, O, 1, I, L and U are left out.
"""

import hashlib
import re
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def in_groups(code: str) -> str:
    """ "ABCD-EFGH-JKMN" for "ABCDEFGHJKMN"."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(text: str) -> str | None:
    """The code in what somebody typed: small letters, full-width ones, spaces and dashes are all right.

    So are marks that cannot be seen and the minus sign, which come along when a text is copied.
    """
    plain = unicodedata.normalize("NFKC", text[:100]).upper()
    letters = "".join(
        c for c in plain if not c.isspace() and c != "\u2212" and unicodedata.category(c) not in ("Pd", "Cf")
    )
    return letters if _CODE.fullmatch(letters) else None


def digest_of(code: str) -> str:
    """What is kept of a code: its SHA-256."""
    return hashlib.sha256(code.encode()).hexdigest()
