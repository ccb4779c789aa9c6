"""The positive and the negative list as they come, and what can be counted by itself. Pure.

Points are for work that was done or left undone, never for what somebody is. The district centre changes
names, explanations and points.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Measured(StrEnum):
    """What is counted from cases and records."""

    ON_TIME = "on_time"
    CONFIRMED = "confirmed"
    SATISFIED = "satisfied"
    TRAINED = "trained"
    SENT_UP_LATE = "sent_up_late"
    BROKEN = "broken"


MEASURED = {
    Measured.ON_TIME: ("按期办结的案件", "cases resolved in time"),
    Measured.CONFIRMED: ("法院确认有效的案件", "cases whose agreement the court confirmed"),
    Measured.SATISFIED: ("4 分以上的评价(评价满 5 个才计)", "ratings of 4 and more, where there are 5"),
    Measured.TRAINED: ("培训学时", "hours of training"),
    Measured.SENT_UP_LATE: ("超时由系统上报的案件", "cases sent up by the system for being late"),
    Measured.BROKEN: ("协议未履行的案件", "cases whose agreement was broken"),
}


@dataclass(frozen=True)
class DefaultItem:
    code: str
    name: str
    explanation: str
    points: Decimal
    measured: str = ""


def _item(code: str, points: str, name: str, explanation: str, measured: str = "") -> DefaultItem:
    return DefaultItem(code, name, explanation, Decimal(points), measured)


DEFAULT_ITEMS = (
    _item("on_time", "1", "按期办结", "主办或参与的案件在办理期限内达成协议或办结,每件计一次。", "on_time"),
    _item("confirmed", "2", "司法确认", "主办或参与的案件经法院确认协议有效,每件计一次。", "confirmed"),
    _item("satisfied", "1", "当事人满意", "评价 4 分以上每个计一次;不满 5 个不计,不列案件。", "satisfied"),
    _item("trained", "0.5", "培训学时", "参加调解业务培训,按学时计。", "trained"),
    _item("model_case", "5", "典型案例", "案例被区级以上采用,每篇计一次。"),
    _item("praised", "2", "群众表扬", "书面表扬或锦旗,经核实每次计一次。"),
    _item("sent_up_late", "-1", "超时上报", "承办案件因超过时限由系统上报,每件计一次。", "sent_up_late"),
    _item("broken", "-0.5", "协议未履行", "主办或参与的案件登记协议未履行,每件计一次。", "broken"),
    _item("complaint", "-5", "投诉属实", "对调解工作的投诉经核实属实,每次计一次。"),
    _item("papers_wrong", "-1", "文书不规范", "抽查发现文书缺项或错误,每件计一次。"),
    _item("leaked", "-10", "泄露隐私", "泄露当事人个人信息,每次计一次,并另行处理。"),
)  # fmt: skip
