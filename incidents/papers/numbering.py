"""How the papers of a case are numbered. Pure.

海民调协〔2026〕000123号-02 is the second paper of case HZ2026-000123, an agreement: no other case has the
number 000123, and the papers of one case are numbered through, whatever their kind.
"""

import re
from enum import StrEnum

CASE_NUMBER = re.compile(r"(?P<year>\d{4})-(?P<number>\d+)$")


class Kind(StrEnum):
    APPLICATION = "application"
    ACCEPTANCE = "acceptance"
    RECORD = "record"
    AGREEMENT = "agreement"
    CONFIRMATION = "confirmation"
    FOLLOW_UP = "follow_up"


# The one character of the kind in the number; its name in Chinese and English.
SIGNS = {
    Kind.APPLICATION: "申",
    Kind.ACCEPTANCE: "受",
    Kind.RECORD: "笔",
    Kind.AGREEMENT: "协",
    Kind.CONFIRMATION: "确",
    Kind.FOLLOW_UP: "访",
}
NAMES = {
    Kind.APPLICATION: ("调解申请书", "Application for mediation"),
    Kind.ACCEPTANCE: ("受理通知书", "Acceptance notice"),
    Kind.RECORD: ("调解笔录", "Mediation record"),
    Kind.AGREEMENT: ("调解协议书", "Mediation agreement"),
    Kind.CONFIRMATION: ("司法确认申请书", "Joint application for judicial confirmation"),
    Kind.FOLLOW_UP: ("回访记录", "Follow-up record"),
}


def paper_number(*, district: str, case_number: str, kind: Kind, sequence: int) -> str:
    """The number of the paper that is the `sequence`-th of its case, from 1.

    Raises:
        ValueError: `case_number` does not end in a year and a number.
    """
    found = CASE_NUMBER.search(case_number)
    if not found:
        raise ValueError(f"no year and number: {case_number}")
    return f"{district[:1]}民调{SIGNS[kind]}〔{found['year']}〕{found['number']}号-{sequence:02d}"
