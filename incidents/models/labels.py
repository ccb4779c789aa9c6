"""Names of states, levels and actions as people read them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models.area import LEVEL_NAMES
from incidents.workflow import Action, State

STATE_NAMES = {
    State.REPORTED: _("待受理"),
    State.VERIFIED: _("已核实"),
    State.ACCEPTED: _("已受理"),
    State.ASSIGNED: _("已分派"),
    State.MEDIATING: _("调解中"),
    State.AGREED: _("达成协议"),
    State.FAILED: _("调解不成"),
    State.RETURNED: _("已退回"),
    State.SUSPENDED: _("已挂起"),
    State.TRANSFERRED: _("已移交"),
    State.CLOSED: _("已结案"),
    State.VOID: _("已作废"),
}

ACTION_NAMES = {
    Action.VERIFY: pgettext_lazy("action", "核实"),
    Action.ACCEPT: pgettext_lazy("action", "受理"),
    Action.ASSIGN: pgettext_lazy("action", "分派"),
    Action.BEGIN_MEDIATION: pgettext_lazy("action", "开始调解"),
    Action.RECORD_AGREEMENT: pgettext_lazy("action", "登记协议"),
    Action.FAIL: pgettext_lazy("action", "登记调解不成"),
    Action.CLOSE: pgettext_lazy("action", "结案"),
    Action.ESCALATE: pgettext_lazy("action", "上报上一级"),
    Action.HAND_BACK: pgettext_lazy("action", "退回下一级"),
    Action.SUSPEND: pgettext_lazy("action", "挂起"),
    Action.RESUME: pgettext_lazy("action", "恢复办理"),
    Action.TRANSFER: pgettext_lazy("action", "移交其他部门"),
    Action.VOID: pgettext_lazy("action", "作废"),
}
REPORT = "report"
EVENT_NAMES = {REPORT: pgettext_lazy("action", "上报"), **ACTION_NAMES}

__all__ = ["ACTION_NAMES", "EVENT_NAMES", "LEVEL_NAMES", "REPORT", "STATE_NAMES"]
