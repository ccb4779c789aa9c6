"""Names of states, levels and actions as people read them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models.area import LEVEL_NAMES
from incidents.measures import Measure
from incidents.workflow import Action, State

STATE_NAMES = {
    State.REPORTED: _("待受理"),
    State.VERIFIED: _("已核实"),
    State.ACCEPTED: _("已受理"),
    State.ASSIGNED: _("已分派"),
    State.MEDIATING: _("调解中"),
    State.AGREED: _("达成协议"),
    State.CONFIRMATION_PENDING: _("待司法确认"),
    State.CONFIRMED: _("已司法确认"),
    State.FOLLOW_UP: _("回访中"),
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
    Action.APPLY_CONFIRMATION: pgettext_lazy("action", "申请司法确认"),
    Action.CONFIRM: pgettext_lazy("action", "登记法院确认"),
    Action.REFUSE_CONFIRMATION: pgettext_lazy("action", "登记法院不予确认"),
    Action.FOLLOW_UP: pgettext_lazy("action", "开始回访"),
    Action.RECORD_BREACH: pgettext_lazy("action", "登记违约"),
    Action.CLOSE: pgettext_lazy("action", "结案"),
    Action.REOPEN: pgettext_lazy("action", "重新办理"),
    Action.ESCALATE: pgettext_lazy("action", "上报上一级"),
    Action.HAND_BACK: pgettext_lazy("action", "退回下一级"),
    Action.SUSPEND: pgettext_lazy("action", "挂起"),
    Action.RESUME: pgettext_lazy("action", "恢复办理"),
    Action.TRANSFER: pgettext_lazy("action", "移交其他部门"),
    Action.VOID: pgettext_lazy("action", "作废"),
}
MEASURE_NAMES = {
    Measure.ASK_EXTENSION: pgettext_lazy("action", "申请延期"),
    Measure.GRANT_EXTENSION: pgettext_lazy("action", "同意延期"),
    Measure.REFUSE_EXTENSION: pgettext_lazy("action", "不同意延期"),
    Measure.AGREE_TO_RUN_ON: pgettext_lazy("action", "双方同意继续调解"),
    Measure.SUPERVISE: pgettext_lazy("action", "督办"),
    Measure.END_SUPERVISION: pgettext_lazy("action", "结束督办"),
    Measure.URGE: pgettext_lazy("action", "催办"),
    Measure.OVERRIDE_RISK: pgettext_lazy("action", "调整风险等级"),
    Measure.ASSESS_RISK: pgettext_lazy("action", "重新评估风险"),
    Measure.CHOOSE_BODY: pgettext_lazy("action", "确定主办组织"),
    Measure.CALL_IN_BODY: pgettext_lazy("action", "邀请参与调解"),
    Measure.RELEASE_BODY: pgettext_lazy("action", "结束参与"),
    Measure.REFER_OUT: pgettext_lazy("action", "转出对接"),
    Measure.RECEIVE_REFERRAL: pgettext_lazy("action", "登记转入"),
    Measure.ANSWER_REFERRAL: pgettext_lazy("action", "答复转办"),
    Measure.ASK_GUIDANCE: pgettext_lazy("action", "请示指导"),
    Measure.GIVE_GUIDANCE: pgettext_lazy("action", "给予指导"),
    Measure.RECORD_MEDIATION: pgettext_lazy("action", "登记调解笔录"),
    Measure.RECORD_VISIT: pgettext_lazy("action", "登记回访"),
    Measure.RECORD_PAYMENT: pgettext_lazy("action", "登记履行"),
    Measure.ISSUE_DOCUMENT: pgettext_lazy("action", "制作文书"),
    Measure.ADD_SUPPLEMENT: pgettext_lazy("action", "补充情况"),
    Measure.ADD_FILE: pgettext_lazy("action", "添加材料"),
    Measure.REMOVE_FILE: pgettext_lazy("action", "移除材料"),
    Measure.GIVE_PARTY_CODE: pgettext_lazy("action", "发给查询码"),
    Measure.HAND_OVER: pgettext_lazy("action", "工作交接"),
    Measure.RECALCULATE: pgettext_lazy("action", "重新计算期限"),
}
REPORT = "report"
EVENT_NAMES = {REPORT: pgettext_lazy("action", "上报"), **ACTION_NAMES, **MEASURE_NAMES}

__all__ = ["ACTION_NAMES", "EVENT_NAMES", "LEVEL_NAMES", "MEASURE_NAMES", "REPORT", "STATE_NAMES"]
