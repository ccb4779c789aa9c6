"""A dispute is reported."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils import timezone

from grids import crs
from grids.addresses import normalize_address
from grids.errors import DatumMissing
from grids.hierarchy import Level, code_at, level_of, lowest_common_area
from grids.locate import Location, locate_point
from grids.models import AreaVersion, User
from grids.prepared import insert, rows
from incidents.errors import (
    AddressUnitUnknown,
    GridUnitNotCandidate,
    ReportInvalid,
    ReportKeyReused,
    ReportNotAllowed,
)
from incidents.escalation import first_level
from incidents.models import Dispute, DisputeEvent, Party
from incidents.models.dispute import REPORTED_ONCE
from incidents.models.labels import REPORT
from incidents.permissions import CaseDuties
from incidents.policies import policy_book
from incidents.report import Report, problems_of
from incidents.services.announcing import announce_change
from incidents.services.changes import due_at_of
from incidents.services.referral_answers import receive_from_source
from incidents.services.risk import risk_of
from incidents.workflow import State

# In the history of a report whose unit the reporter chose among several candidates.
UNIT_CHOSEN = "grid_unit_chosen"

_EARLIER = "SELECT id FROM incidents_dispute WHERE reported_by_id = %s AND report_key = %s"
# A number that is never given twice, in any year, and the address where it is known.
_NUMBER_AND_ADDRESS = """
SELECT nextval('incidents_case_number'), known.id, known.unit_id
FROM (SELECT) one LEFT JOIN grids_address known ON known.normalized = %s
"""


@dataclass(frozen=True)
class _Place:
    """Where a report belongs, and its number. `address_unit` only when the address lies in another unit than
    the position."""

    case_number: str
    location: Location
    grid_unit: str
    address_id: int | None
    address_unit: str | None

    @property
    def home_area(self) -> str:
        return lowest_common_area([self.grid_unit, self.address_unit or self.grid_unit])


def report_dispute(
    *,
    reporter: User,
    report: Report,
    key: UUID,
    duties: CaseDuties | None = None,
    now: datetime | None = None,
) -> tuple[Dispute, bool]:
    """Take a report, once for each `key` of its reporter. Gives the dispute and whether it is new.

    `duties` are the reporter's, where the caller has just read them.

    Raises:
        ReportNotAllowed, ReportInvalid, ReportKeyReused, GridUnitNotCandidate, AddressUnitUnknown,
        DatumMissing, and what `locate_point` raises.
    """
    duties = duties or CaseDuties.of(reporter)
    now = now or timezone.now()
    digest = report.digest()
    # Before the checks: what was taken once stays taken, though its grid unit be redrawn since, or the
    # reporter's duty ended before the answer reached them.
    if earlier := _earlier_report(reporter, key, digest):
        return earlier, False
    if not duties.held:
        raise ReportNotAllowed
    _check_report(report, now)
    try:
        with transaction.atomic():
            return _take(reporter, report, key, digest, now), True
    except IntegrityError as error:
        # Sent twice at once, the other was written first.
        if error.__cause__.diag.constraint_name != REPORTED_ONCE:
            raise
        return _earlier_report(reporter, key, digest), False


def _take(reporter: User, report: Report, key: UUID, digest: str, now: datetime) -> Dispute:
    dispute = _new_dispute(reporter, report, _find_place(report, now), key, digest, now)
    _set_risk_and_level(dispute, now)
    parties = [Party(dispute=dispute, name=p.name, phone=p.phone, role=p.role) for p in report.parties]
    event = _first_event(dispute, chosen=report.grid_unit is not None)
    insert([dispute, *parties, event])
    receive_from_source(dispute, at=now)
    announce_change(dispute, REPORT, actor=reporter, events=[event])
    return dispute


def is_taken(*, reporter: User, key: UUID) -> bool:
    """Whether a report of `reporter` with this key was taken, whatever it said."""
    return bool(rows(_EARLIER, [reporter.pk, key]))


def _earlier_report(reporter: User, key: UUID, digest: str) -> Dispute | None:
    found = rows(_EARLIER, [reporter.pk, key])
    if not found:
        return None
    earlier = Dispute.objects.get(pk=found[0][0])
    if earlier.report_digest != digest:
        raise ReportKeyReused(case_number=earlier.case_number, dispute_id=str(earlier.pk))
    return earlier


def _check_report(report: Report, now: datetime) -> None:
    errors: dict[str, list] = {}
    for problem in problems_of(report, now):
        errors.setdefault(problem.field, []).append({"message": problem.message, "code": problem.code})
    if errors:
        raise ReportInvalid(errors)
    if not report.datum:
        raise DatumMissing


def _find_place(report: Report, now: datetime) -> _Place:
    location = locate_point(report.lon, report.lat, datum=report.datum, accuracy_m=report.accuracy_m)
    grid_unit = report.grid_unit or location.grid_unit.code
    candidates = {location.grid_unit.code, *(candidate.code for candidate in location.candidates)}
    if grid_unit not in candidates:
        raise GridUnitNotCandidate(grid_unit=grid_unit, candidates=sorted(candidates))
    [(number, address_id, its_unit)] = rows(_NUMBER_AND_ADDRESS, [normalize_address(report.address) or None])
    address_unit = _given_address_unit(report.address_unit) or its_unit
    return _Place(
        case_number=_case_number(number, now),
        location=location,
        grid_unit=grid_unit,
        address_id=address_id,
        address_unit=None if address_unit == grid_unit else address_unit,
    )


def _given_address_unit(code: str | None) -> str | None:
    if code and not AreaVersion.objects.current().level(Level.GRID).filter(area_id=code).exists():
        raise AddressUnitUnknown(address_unit=code)
    return code


def _new_dispute(
    reporter: User, report: Report, place: _Place, key: UUID, digest: str, now: datetime
) -> Dispute:
    return Dispute(
        case_number=place.case_number,
        title=report.title,
        description=report.description,
        category=report.category,
        scale=report.scale,
        injury_or_threat=report.injury_or_threat,
        amount_yuan=report.amount_yuan,
        people_involved=report.people_involved,
        source=report.source,
        # PostgreSQL knows no offset beyond 16 hours, Python does.
        occurred_at=report.occurred_at.astimezone(UTC),
        location=Point(*place.location.wgs84, srid=crs.WGS84_SRID),
        original_lon=report.lon,
        original_lat=report.lat,
        original_datum=report.datum,
        accuracy_m=report.accuracy_m,
        found_by=report.found_by,
        location_certain=place.location.certain,
        address_text=report.address,
        address_id=place.address_id,
        grid_unit_id=place.grid_unit,
        address_unit_id=place.address_unit,
        home_area_id=place.home_area,
        state=State.REPORTED,
        level_entered_at=now,
        reported_by=reporter,
        reported_at=now,
        report_key=key,
        report_digest=digest,
        photos_expected=report.photos,
    )


def _set_risk_and_level(dispute: Dispute, now: datetime) -> None:
    """The colour by the rule; a red or major case begins at the street."""
    book = policy_book()
    risk = risk_of(dispute, at=now, book=book)
    dispute.risk, dispute.risk_assessment = risk.colour, risk.as_data()
    dispute.level = first_level(
        level_of(dispute.home_area_id),
        risk=risk.colour,
        scale=dispute.scale,
        policy=book.rules_at(now).policy,
    )
    dispute.responsible_area_id = code_at(dispute.home_area_id, dispute.level)
    dispute.due_at = due_at_of(dispute, book)


def _case_number(number: int, now: datetime) -> str:
    """ "HZ2026-000123": the year in Guangzhou."""
    return f"HZ{timezone.localtime(now).year}-{number:06d}"


def _first_event(dispute: Dispute, *, chosen: bool) -> DisputeEvent:
    return DisputeEvent(
        dispute=dispute,
        version=dispute.version,
        at=dispute.reported_at,
        actor=dispute.reported_by,
        action=REPORT,
        to_state=dispute.state,
        to_level=dispute.level,
        area_id=dispute.responsible_area_id,
        reason_code=UNIT_CHOSEN if chosen else "",
        # What the case began with: later events only say what changed.
        details={"set": {"risk": dispute.risk}, "home_area": dispute.home_area_id},
    )
