"""Risk colour of a dispute, from the case and its place and never from who is in it. Pure.

Points are added up; the colour is that of the highest threshold reached. The weights are data of the
policy, so that a district can say what weighs how much, and each case shows what was added.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

_GROUP, _MAJOR_GROUP = "02", "03"
# Family, neighbours, and land: the common matters that the district marks yellow.
_COMMON_GROUPS = frozenset({"01", "02", "09"})


@dataclass(frozen=True)
class SensitiveDays:
    """Days of a year on which tempers or stakes are higher: `first` and `last` as (month, day), inclusive."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]

    def hold(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True)
class RiskWeights:
    """Points for what speaks for a risk, and the sums from which a case is yellow, orange and red.

    `repeats` counts for each earlier dispute of the same group of categories at the same place within
    `repeat_days`, at most `most_repeats`; `failed` for each failed mediation; `open_month` for each full
    thirty days that the case is open, at most three.
    """

    major_group: int = 100
    group: int = 45
    injury_or_threat: int = 60
    money: int = 20
    much_money: int = 40
    money_yuan: int = 50_000
    much_money_yuan: int = 500_000
    repeats: int = 10
    most_repeats: int = 3
    repeat_days: int = 90
    failed: int = 15
    open_month: int = 10
    sensitive_days: int = 15
    common: int = 20
    yellow_from: int = 20
    orange_from: int = 45
    red_from: int = 90
    sensitive: tuple[SensitiveDays, ...] = (
        SensitiveDays("全国两会前后 / Around the national sessions", (3, 1), (3, 15)),
        SensitiveDays("高考 / College entrance examination", (6, 7), (6, 9)),
        SensitiveDays("国庆 / National Day", (10, 1), (10, 7)),
        SensitiveDays("年底欠薪高发 / Unpaid wages at the year's end", (12, 15), (1, 31)),
    )


@dataclass(frozen=True)
class RiskFacts:
    """What the rule looks at. `repeats` are earlier disputes at the same place within the weights' window."""

    category: str
    scale: str
    on: date
    injury_or_threat: bool = False
    amount_yuan: Decimal | None = None
    repeats: int = 0
    failed_mediations: int = 0
    days_open: int = 0


@dataclass(frozen=True)
class RiskReason:
    """What added `points`: a stable `code`, `facts` to put into its sentence."""

    code: str
    points: int
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Risk:
    """`colour` is red, orange, yellow or blue; `score` the sum of `reasons`."""

    colour: str
    score: int
    reasons: tuple[RiskReason, ...]

    def as_data(self) -> dict:
        """For keeping with the case."""
        return {"colour": self.colour, "score": self.score, "reasons": [asdict(r) for r in self.reasons]}


def assess_risk(facts: RiskFacts, weights: RiskWeights) -> Risk:
    """Red: complex, across departments; orange: may worsen; yellow: common matter; blue: latent."""
    reasons = tuple(reason for reason in _reasons(facts, weights) if reason.points)
    score = sum(reason.points for reason in reasons)
    return Risk(_colour(score, weights), score, reasons)


def _colour(score: int, weights: RiskWeights) -> str:
    if score >= weights.red_from:
        return "red"
    if score >= weights.orange_from:
        return "orange"
    return "yellow" if score >= weights.yellow_from else "blue"


def _reasons(facts: RiskFacts, weights: RiskWeights) -> Iterator[RiskReason]:
    if facts.scale == _MAJOR_GROUP:
        yield RiskReason("major_group", weights.major_group)
    elif facts.scale == _GROUP:
        yield RiskReason("group", weights.group)
    if facts.injury_or_threat:
        yield RiskReason("injury_or_threat", weights.injury_or_threat)
    if facts.amount_yuan is not None and facts.amount_yuan >= weights.much_money_yuan:
        yield RiskReason("much_money", weights.much_money, {"yuan": weights.much_money_yuan})
    elif facts.amount_yuan is not None and facts.amount_yuan >= weights.money_yuan:
        yield RiskReason("money", weights.money, {"yuan": weights.money_yuan})
    if facts.repeats:
        counted = min(facts.repeats, weights.most_repeats)
        yield RiskReason(
            "repeats", counted * weights.repeats, {"n": facts.repeats, "days": weights.repeat_days}
        )
    if facts.failed_mediations:
        yield RiskReason("failed", facts.failed_mediations * weights.failed, {"n": facts.failed_mediations})
    if facts.days_open >= 30:
        months = min(facts.days_open // 30, 3)
        # In full months, so that the reason is the same tomorrow.
        yield RiskReason("open_month", months * weights.open_month, {"days": months * 30})
    for days in weights.sensitive:
        if days.hold(facts.on):
            yield RiskReason("sensitive_days", weights.sensitive_days, {"name": days.name})
            break
    if facts.category[:2] in _COMMON_GROUPS:
        yield RiskReason("common", weights.common)
