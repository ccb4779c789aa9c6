"""Publicity campaigns: whose they are, what they add up to, and which are proposed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Left

from grids.area_names import area_names
from grids.hierarchy import Level, level_of
from grids.models import User
from incidents.models import Campaign, Dispute
from incidents.publicity import QUARTER_DAYS, Proposal, propose_campaigns
from incidents.results.access import ResultsDuties
from incidents.results.period import Period


@dataclass(frozen=True)
class CampaignTotals:
    name: str
    campaigns: int
    copies: int
    screenings: int
    attendance: int


def campaigns_of(duties: ResultsDuties, period: Period) -> QuerySet[Campaign]:
    """Those held in `period` in or above the reader's areas: the district's are for everyone."""
    held = Campaign.objects.filter(held_on__range=(period.first, period.last))
    codes = duties.cases + duties.counts
    mine = [code for code in held.values_list("area_id", flat=True).distinct() if _touches(code, codes)]
    return held.filter(area__in=mine).select_related("body").order_by("-held_on", "-id")


def _touches(code: str, codes: tuple[str, ...]) -> bool:
    return code.startswith(codes) or any(mine.startswith(code) for mine in codes)


def totals(campaigns: QuerySet[Campaign]) -> list[CampaignTotals]:
    """By street, what the district held itself first."""
    rows = list(
        campaigns.order_by()
        .values(street=Left("area_id", Level.STREET.code_length))
        .annotate(
            campaigns=Count("pk"),
            copies=Sum("copies"),
            screenings=Sum("screenings"),
            people=Sum("attendance"),
        )
        .order_by("street")
    )
    names = area_names(row["street"] for row in rows)
    return [
        CampaignTotals(
            names.get(row["street"], row["street"]),
            row["campaigns"],
            row["copies"],
            row["screenings"],
            row["people"],
        )
        for row in rows
    ]


def proposals_for(user: User, duties: ResultsDuties, today: date) -> list[Proposal]:
    """What the last quarter speaks for: by street for the district, by community for a street or less."""
    quarter = Period(today - timedelta(days=QUARTER_DAYS - 1), today)
    areas = duties.cases or duties.counts
    level = Level.STREET if any(level_of(code) is Level.DISTRICT for code in areas) else Level.COMMUNITY
    seen = Dispute.objects.countable_by(user).filter(
        reported_at__gte=quarter.start, reported_at__lt=quarter.end
    )
    # The measure is the whole district's share, which tells nothing of any one case or place.
    everywhere = Dispute.objects.within(areas[0][:6]).filter(
        reported_at__gte=quarter.start, reported_at__lt=quarter.end
    )
    told = Campaign.objects.filter(held_on__range=(quarter.first, quarter.last)).exclude(category="")
    return propose_campaigns(
        _counts(seen, level),
        dict(everywhere.order_by().values_list("category").annotate(n=Count("pk"))),
        list(told.values_list("area_id", "category")),
        _counts(seen, Level.COMMUNITY) if level is Level.STREET else None,
    )


def _counts(cases: QuerySet[Dispute], level: Level) -> dict[tuple[str, str], int]:
    rows = cases.order_by().values("category", place=Left("grid_unit_id", level.code_length))
    return {(row["place"], row["category"]): row["n"] for row in rows.annotate(n=Count("pk"))}
