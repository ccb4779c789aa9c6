"""What a report says, and what is wrong with it. Pure.

The page and the API both fill in a `Report`; its rules are here once.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from incidents import codes

TITLE_LENGTH = 100
DESCRIPTION_LENGTH = 4000
ADDRESS_LENGTH = 200
PARTY_NAME_LENGTH = 50
PARTY_PHONE_LENGTH = 20
PARTY_ROLE_LENGTH = 20
MOST_PARTIES = 20
MOST_PEOPLE = 100_000
MOST_YUAN = Decimal("999999999999.99")
# That follow a report, or what is added to a case, one by one.
MOST_PHOTOS = 6
# The telephone's clock may be a little ahead of the server's.
CLOCK_TOLERANCE = timedelta(minutes=5)
OLDEST = timedelta(days=10 * 365)


@dataclass(frozen=True)
class ReportedParty:
    """A party, with what is needed to reach them and nothing more."""

    name: str
    phone: str = ""
    role: str = ""


@dataclass(frozen=True)
class Report:
    """A dispute as it was reported.

    `lon`, `lat` in `datum` (wgs84, gcj02, bd09), `accuracy_m` the radius of the position's circle or None.
    `grid_unit` is the reporter's choice among the position's candidates, `address_unit` the unit of the
    address where it is known to lie in another one; both are 15-digit codes. `occurred_at` has a time zone.
    `found_by` says how the reporter came by the position (a code of FOUND_BY, empty where that was not said);
    `photos` how many photos will follow.
    """

    title: str
    category: str
    scale: str
    people_involved: int
    occurred_at: datetime
    source: str
    lon: float
    lat: float
    datum: str
    accuracy_m: float | None = None
    description: str = ""
    address: str = ""
    grid_unit: str | None = None
    address_unit: str | None = None
    parties: tuple[ReportedParty, ...] = ()
    injury_or_threat: bool = False
    amount_yuan: Decimal | None = None
    found_by: str = ""
    photos: int = 0

    def digest(self) -> str:
        """SHA-256 over all that the report says, the same however the sender spelled time zone or numbers."""
        # Not `asdict`, which copies each text and number.
        said = vars(self) | {
            "occurred_at": self.occurred_at.astimezone(UTC).isoformat(),
            "parties": [vars(party) for party in self.parties],
        }
        # Said later than the rest: a report without them has the digest that it always had.
        for later in ("injury_or_threat", "amount_yuan", "found_by", "photos"):
            if not said[later]:
                del said[later]
        if "amount_yuan" in said:
            said["amount_yuan"] = str(said["amount_yuan"].normalize())
        for number in ("lon", "lat", "accuracy_m"):
            said[number] = None if said[number] is None else float(said[number])
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Problem:
    """What is wrong with `field`: a stable code and a sentence in two languages, which repeats no input."""

    field: str
    code: str
    message: str


def problems_of(report: Report, now: datetime) -> list[Problem]:
    """What keeps `report` from being taken at `now`, place and datum apart: those are for `locate_point`."""
    return [
        *_text_problems(report),
        *_code_problems(report),
        *_number_problems(report),
        *_time_problems(report, now),
    ]


def _text_problems(report: Report) -> Iterator[Problem]:
    texts = [
        ("title", report.title, TITLE_LENGTH),
        ("description", report.description, DESCRIPTION_LENGTH),
        ("address", report.address, ADDRESS_LENGTH),
    ]
    for party in report.parties:
        texts += [
            ("parties", party.name, PARTY_NAME_LENGTH),
            ("parties", party.phone, PARTY_PHONE_LENGTH),
            ("parties", party.role, PARTY_ROLE_LENGTH),
        ]
        if not party.name.strip():
            yield Problem("parties", "blank", "请填写当事人姓名。 / Give each party's name.")
    if not report.title.strip():
        yield Problem("title", "blank", "请填写标题。 / Give a title.")
    for field, text, length in texts:
        if len(text) > length:
            yield Problem(field, "too_long", f"最多 {length} 个字。 / At most {length} characters.")
        if "\0" in text:
            yield Problem(field, "null_character", "含有空字符。 / Holds a null character.")


def _code_problems(report: Report) -> Iterator[Problem]:
    tables = [
        ("category", report.category, codes.CATEGORIES),
        ("scale", report.scale, codes.SCALES),
        ("source", report.source, codes.SOURCES),
    ]
    if report.found_by:
        tables.append(("found_by", report.found_by, codes.FOUND_BY))
    for field, code, table in tables:
        if code not in table:
            yield Problem(field, "unknown", "没有这个代码。 / There is no such code.")


def _number_problems(report: Report) -> Iterator[Problem]:
    if not 1 <= report.people_involved <= MOST_PEOPLE:
        yield Problem(
            "people_involved", "out_of_range", f"应为 1 至 {MOST_PEOPLE}。 / Must be 1 to {MOST_PEOPLE}."
        )
    if report.amount_yuan is not None and not 0 < report.amount_yuan <= MOST_YUAN:
        yield Problem(
            "amount_yuan", "out_of_range", f"应大于 0,最多 {MOST_YUAN}。 / Above 0, at most {MOST_YUAN}."
        )
    if not 0 <= report.photos <= MOST_PHOTOS:
        yield Problem("photos", "out_of_range", f"应为 0 至 {MOST_PHOTOS}。 / Must be 0 to {MOST_PHOTOS}.")
    if len(report.parties) > MOST_PARTIES:
        yield Problem("parties", "too_many", f"最多 {MOST_PARTIES} 人。 / At most {MOST_PARTIES}.")


def _time_problems(report: Report, now: datetime) -> Iterator[Problem]:
    if report.occurred_at > now + CLOCK_TOLERANCE:
        yield Problem("occurred_at", "in_future", "发生时间在将来。 / Lies in the future.")
    if report.occurred_at < now - OLDEST:
        yield Problem("occurred_at", "too_old", "发生时间超过十年。 / More than ten years ago.")
