"""The risk colour of a dispute, asked of the rule with what the database knows."""

from datetime import date, datetime, timedelta

from grids.prepared import rows
from incidents.measures import Measure
from incidents.models import Dispute, DisputeEvent
from incidents.policy import PolicyBook
from incidents.risk import Risk, RiskFacts, RiskWeights, assess_risk
from incidents.services.changes import record_measure
from incidents.working_time import GUANGZHOU

# Its index is dispute_repeats.
_REPEATS = """
SELECT count(*) FROM incidents_dispute
WHERE grid_unit_id = %(unit)s AND left(category, 2) = %(group)s
    AND reported_at < %(before)s AND reported_at >= %(since)s
    AND address_id IS NOT DISTINCT FROM %(address)s AND state <> 'void'
"""


def risk_of(dispute: Dispute, *, at: datetime, book: PolicyBook) -> Risk:
    """The rule's answer for `dispute` as it stands at `at`."""
    weights = book.rules_at(at).policy.risk
    return assess_risk(
        RiskFacts(
            category=dispute.category,
            scale=dispute.scale,
            on=_day(at),
            injury_or_threat=dispute.injury_or_threat,
            amount_yuan=dispute.amount_yuan,
            repeats=_repeats(dispute, at, weights),
            failed_mediations=dispute.failed_mediations,
            days_open=max((at - dispute.reported_at).days, 0),
        ),
        weights,
    )


def reassess_risk(dispute: Dispute, *, book: PolicyBook, at: datetime) -> DisputeEvent | None:
    """Ask the rule again about the locked `dispute` and write down another colour; None where it is the same.

    A colour that an officer gave stays; what the rule would say is kept beside it. Points that leave the
    colour as it is are no event: each case would have one a month.
    """
    risk = risk_of(dispute, at=at, book=book)
    assessment, before = risk.as_data(), dispute.risk_assessment
    if assessment == before:
        return None
    if risk.colour == before.get("colour", dispute.risk):
        dispute.risk_assessment = assessment
        dispute.save(update_fields=["risk_assessment"])
        return None
    changes: dict = {"risk_assessment": assessment}
    if not dispute.risk_overridden and risk.colour != dispute.risk:
        changes["risk"] = risk.colour
    return record_measure(
        dispute, Measure.ASSESS_RISK, at=at, actor=None, book=book, changes=changes,
        reason_code="risk_assessed", details={"from": dispute.risk, "to": changes.get("risk", dispute.risk)},
    )  # fmt: skip


def _repeats(dispute: Dispute, at: datetime, weights: RiskWeights) -> int:
    """Earlier disputes of the same group of categories at the same address or, without one, in the unit."""
    facts = {
        "unit": dispute.grid_unit_id,
        "address": dispute.address_id,
        "group": dispute.category[:2],
        "before": dispute.reported_at,
        "since": at - timedelta(days=weights.repeat_days),
    }
    [(number,)] = rows(_REPEATS, facts)
    return number


def _day(at: datetime) -> date:
    return at.astimezone(GUANGZHOU).date()
