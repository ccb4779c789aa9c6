"""The policy, and measures that press, extend or judge a case: what can go wrong."""

from incidents.errors.handling import ActionNotYours
from incidents.errors.roots import IncidentsError


class HandBacksExhausted(IncidentsError):
    code = "hand_backs_exhausted"
    zh = "这件纠纷已退回过 {times} 次,按办理规则不能再退回:请在本级办理。"
    en = "This dispute was handed back {times} times already; the policy allows no more: handle it here."


class MeasureUnknown(IncidentsError):
    code = "measure_unknown"
    zh = "没有名为 {measure} 的措施:请从 known_measures 中选择。"
    en = "There is no measure {measure}: choose one of `known_measures`."


class MeasureNotYours(ActionNotYours):
    """`responsible_area`, `area_name` and `level` say who answers for the dispute now."""

    code = "measure_not_yours"
    zh = "您不能对这件纠纷采取这个措施(现由{area_name}负责):请联系有权限的值守人员。"
    en = "This measure is not yours to take (the dispute is with {area_name}): ask someone on duty who may."


class MeasureNotAllowed(IncidentsError):
    """The state forbids the measure. `allowed_measures` are those possible now."""

    code = "measure_not_allowed"
    zh = "这件纠纷现在不能采取这个措施({measure})。"
    en = "The dispute does not permit {measure} now."


class ExtensionUsed(IncidentsError):
    code = "extension_used"
    zh = "本级已延期 {days} 个工作日,每一级只能延期一次:请按期办理,或上报上一级。"
    en = "This level already has an extension of {days} working days, and only one: resolve it, or escalate."


class ExtensionPending(IncidentsError):
    code = "extension_pending"
    zh = "已申请延期 {days} 个工作日,还没有答复:请等待上级决定。"
    en = "An extension of {days} working days is already asked for: wait for the answer."


class ExtensionNotAsked(IncidentsError):
    code = "extension_not_asked"
    zh = "没有等待答复的延期申请:请刷新后核对。"
    en = "No extension is asked for: reload and check."


class ExtensionIsYours(IncidentsError):
    code = "extension_is_yours"
    zh = "自己申请的延期要由别人决定:请联系上级或同级的其他值守人员。"
    en = "You asked for this extension, so another must decide: ask someone above, or a colleague on duty."


class SupervisedAlready(IncidentsError):
    code = "supervised_already"
    zh = "这件纠纷已在督办,不必再次督办:可以催办,或先结束督办。"
    en = "This dispute is already supervised: urge it, or end the supervision first."


class NotSupervised(IncidentsError):
    code = "not_supervised"
    zh = "这件纠纷没有在督办:请刷新后核对。"
    en = "This dispute is not supervised: reload and check."


class UrgedToday(IncidentsError):
    code = "urged_today"
    zh = "您今天已催办过这件纠纷:请明天再催,或改为督办。"
    en = "You already urged this dispute today: urge it tomorrow, or supervise it."


class PolicyNotYours(IncidentsError):
    code = "policy_not_yours"
    zh = "办理规则和工作日历只由值守的区中心修改:请联系区中心。"
    en = "Only the district centre on duty edits the policy and the calendar: ask it."


class PolicyInForce(IncidentsError):
    code = "policy_in_force"
    zh = "{valid_from} 起的办理规则已经生效,不能删除:请另定一版,从以后的日子起生效。"
    en = "The policy of {valid_from} is in force and stays: write another one for a later day."


class PolicyUnknown(IncidentsError):
    code = "policy_unknown"
    zh = "没有从 {valid_from} 起生效的办理规则:请从列表中选择。"
    en = "No policy begins on {valid_from}: choose one of the list."
