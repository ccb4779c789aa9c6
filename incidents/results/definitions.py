"""What is counted, defined once: the page, the Excel file, the API and docs/results.md all say this. Pure.

Everything is counted in cases, each once, so that a figure is the length of a list of cases. A `CaseSet` is
such a list; a `Figure` is the number of one, or its share of another that holds it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Counted(StrEnum):
    """The sets of cases. Each is what a list can be narrowed to: see `incidents.results.case_sets`."""

    REPORTED = "reported"
    CLOSED = "closed"
    SETTLED = "settled"
    SETTLED_LOW = "settled_low"
    ACCEPT = "accept"
    ACCEPT_LATE = "accept_late"
    RESOLVE = "resolve"
    RESOLVE_LATE = "resolve_late"
    CLOSED_OR_REOPENED = "closed_or_reopened"
    REOPENED = "reopened"
    MEDIATED = "mediated"
    AGREED = "agreed"
    VISIT_DUE = "visit_due"
    VISIT_MISSED = "visit_missed"
    RATED = "rated"
    COURT_DECIDED = "court_decided"
    CONFIRMED = "confirmed"
    AGREED_OR_BROKEN = "agreed_or_broken"
    BROKEN = "broken"


@dataclass(frozen=True)
class Words:
    """A name and what exactly is counted, in Chinese and English."""

    zh: str
    en: str
    counts_zh: str
    counts_en: str


C = Counted
CASE_SETS: dict[Counted, Words] = {
    C.REPORTED: Words("新收", "Reported", "上报时间在期内的案件", "cases reported in the period"),
    C.CLOSED: Words(
        "结案",
        "Closed",
        "期内结案、至今未重新办理的案件,按结案时所在层级计",
        "cases closed in the period and not reopened since, at the level that closed them",
    ),
    C.SETTLED: Words(
        "达成协议结案",
        "Closed with an agreement",
        "结案案件中达成了协议的;协议登记为未履行、或之后重新办理而没有再达成协议的不算",
        "closed cases with an agreement; not one that was broken, or reopened later, without another since",
    ),
    C.SETTLED_LOW: Words(
        "社区及以下达成协议结案",
        "Closed with an agreement at the community or below",
        "达成协议结案的案件中由网格或社区结案的",
        "those closed with an agreement by the grid or the community",
    ),
    C.ACCEPT: Words(
        "应受理",
        "Taken on, or due to be",
        "期内被受理,或因超过受理时限由系统上报的案件;每一层级各计一次",
        "cases taken on in the period, or sent up by the system because they were not in time; once a level",
    ),
    C.ACCEPT_LATE: Words(
        "受理超时",
        "Taken on late",
        "其中晚于受理期限才受理,或因超过受理时限由系统上报的",
        "those of them taken on after the due time, or sent up by the system for not being taken on in time",
    ),
    C.RESOLVE: Words(
        "应办结",
        "Resolved, or due to be",
        "期内达成协议、调解不成后结案,或因超过办理时限由系统上报的案件;每一层级各计一次",
        "cases agreed, closed after a failed mediation, or sent up by the system because they were not"
        " resolved in time, in the period; once a level",
    ),
    C.RESOLVE_LATE: Words(
        "办理超时",
        "Resolved late",
        "其中晚于办理期限,或因超过办理时限由系统上报的",
        "those of them after the due time, or sent up by the system for not being resolved in time",
    ),
    C.CLOSED_OR_REOPENED: Words(
        "结案或重新办理",
        "Closed or reopened",
        "期内结案(至今未重新办理)或期内重新办理的案件",
        "cases closed in the period (and not reopened since) or reopened in it",
    ),
    C.REOPENED: Words(
        "重新办理",
        "Reopened",
        "期内由结案转为重新办理的案件",
        "cases that were closed and opened again in the period",
    ),
    C.MEDIATED: Words(
        "调解有结果",
        "Mediations with a result",
        "期内登记达成协议或调解不成的案件,记在当时主办的调解组织名下",
        "cases with an agreement or a failed mediation in the period, under the body that led then",
    ),
    C.AGREED: Words(
        "达成协议",
        "Agreed",
        "其中期内登记达成协议的",
        "those of them with an agreement in the period",
    ),
    C.VISIT_DUE: Words(
        "应回访",
        "Follow-up due",
        "达成协议后、按办理规则应回访的日期在期内(且已到)的案件",
        "cases whose follow-up after an agreement fell due in the period, by the policy, and has fallen due",
    ),
    C.VISIT_MISSED: Words(
        "未按期回访",
        "Follow-up missed",
        "其中从达成协议到应回访日没有联系上当事人的回访的",
        "those of them without a visit that reached the parties between the agreement and the due day",
    ),
    C.RATED: Words(
        "有评价",
        "Rated",
        "期内有当事人评价的案件",
        "cases that a party rated in the period",
    ),
    C.COURT_DECIDED: Words(
        "法院已裁定",
        "Decided by the court",
        "期内法院确认或不予确认协议的案件,双方撤回申请的不算",
        "cases whose agreement the court confirmed or refused to confirm in the period; not those withdrawn",
    ),
    C.CONFIRMED: Words(
        "司法确认有效",
        "Confirmed by the court",
        "其中法院确认有效的",
        "those of them confirmed",
    ),
    C.AGREED_OR_BROKEN: Words(
        "达成协议或登记违约",
        "Agreed or broken",
        "期内达成协议或登记协议未履行的案件",
        "cases with an agreement, or a breach of one, in the period",
    ),
    C.BROKEN: Words(
        "协议未履行",
        "Agreement broken",
        "期内登记协议未履行的案件",
        "cases whose agreement was recorded as broken in the period",
    ),
}

# Those that a level, or a body and its kind, can be asked of.
BY_LEVEL = frozenset({C.CLOSED, C.SETTLED, C.ACCEPT, C.ACCEPT_LATE, C.RESOLVE, C.RESOLVE_LATE})
BY_BODY = frozenset({C.MEDIATED, C.AGREED})
# Ratings and counts of fewer are not told to those who do not see the cases.
SMALLEST = 5


@dataclass(frozen=True)
class Figure:
    """`part` of `whole`; `missed` says that the share is of those that are not in `part`."""

    code: str
    zh: str
    en: str
    whole: Counted
    part: Counted | None = None
    missed: bool = False


FIGURES = (
    Figure("reported", "新收案件", "Cases reported", C.REPORTED),
    Figure("closed", "结案", "Cases closed", C.CLOSED),
    Figure("resolved_low", "小事不出社区", "Small matters stay in the community", C.CLOSED, C.SETTLED_LOW),
    Figure("settled", "达成协议结案率", "Closed with an agreement, share", C.CLOSED, C.SETTLED),
    Figure("accepted_on_time", "按期受理", "Taken on in time", C.ACCEPT, C.ACCEPT_LATE, missed=True),
    Figure("resolved_on_time", "按期办结", "Resolved in time", C.RESOLVE, C.RESOLVE_LATE, missed=True),
    Figure("success", "调解成功", "Mediations that succeeded", C.MEDIATED, C.AGREED),
    Figure("reopened", "重新办理", "Reopened", C.CLOSED_OR_REOPENED, C.REOPENED),
    Figure("followed_up", "按期回访", "Follow-up done in time", C.VISIT_DUE, C.VISIT_MISSED, missed=True),
    Figure("confirmed", "司法确认", "Confirmed by the court", C.COURT_DECIDED, C.CONFIRMED),
    Figure("broken", "协议未履行", "Agreements broken", C.AGREED_OR_BROKEN, C.BROKEN),
)

MEDIAN_DAYS = Words(
    "办理天数中位数",
    "Median days",
    "结案案件从上报到达成协议(没有协议的到结案)的天数,取中位数",
    "days from report to agreement (to closing where there is none) of the closed cases, their median",
)
SATISFACTION = Words(
    "满意度",
    "Satisfaction",
    "期内当事人评价(1 至 5)的平均;少于 5 个评价不显示",
    "mean of the parties' ratings (1 to 5) in the period; not shown for fewer than 5 ratings",
)


def share(part: int, whole: int, *, missed: bool = False) -> float | None:
    """0 to 1; None where there is nothing to divide by.

    >>> share(1, 4), share(1, 4, missed=True), share(0, 0)
    (0.25, 0.75, None)
    """
    if not whole:
        return None
    return (whole - part if missed else part) / whole
