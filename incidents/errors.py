"""What can go wrong with a dispute. Messages hold no personal data."""

from grids.errors import DomainError


class IncidentsError(DomainError):
    """Root of this room's errors."""

    code = "incidents_error"


class DisputeNotFound(IncidentsError):
    """Also for a dispute of a foreign area: that it exists is not told."""

    code = "dispute_not_found"
    zh = "没有这起纠纷,或不在您的职责范围内。"
    en = "There is no such dispute, or it is not in your area."


class ActionUnknown(IncidentsError):
    code = "action_unknown"
    zh = "没有名为 {action} 的操作,可用:{actions}。"
    en = "There is no action {action}; there are: {actions}."


class ActionNotYours(IncidentsError):
    code = "action_not_yours"
    zh = "这起纠纷现由{level}级的 {area} 负责,您不能办理。"
    en = "This dispute is now with {area} at {level} level: you cannot act on it."


class TransitionNotAllowed(IncidentsError):
    code = "transition_not_allowed"
    zh = "当前状态({state})不能执行 {action},现在可以:{allowed_actions}。"
    en = "State {state} does not permit {action}; permitted now: {allowed_actions}."


class DisputeChanged(IncidentsError):
    code = "dispute_changed"
    zh = "您打开之后,这起纠纷已被他人更新,请查看变化后再操作。"
    en = "Someone else changed this dispute after you opened it: look at the changes, then act."


class ReportNotAllowed(IncidentsError):
    code = "report_not_allowed"
    zh = "您的角色不能上报纠纷。"
    en = "Your role cannot report disputes."


class ReportInvalid(IncidentsError):
    code = "report_invalid"
    zh = "上报内容有误:{problem}"
    en = "The report is not valid: {problem}"


class ReportKeyInvalid(IncidentsError):
    code = "report_key_invalid"
    zh = "请在 Idempotency-Key 中给出一个 UUID,同一份上报重发时用同一个。"
    en = "Give a UUID in Idempotency-Key, the same one when the same report is sent again."


class ReportKeyReused(IncidentsError):
    code = "report_key_reused"
    zh = "这个 Idempotency-Key 已用于另一份内容不同的上报,请换一个新的 UUID。"
    en = "This Idempotency-Key was used for a report that said something else: take a new UUID."


class FilterInvalid(IncidentsError):
    code = "filter_invalid"
    zh = "筛选条件有误:{problem}"
    en = "The filter is not valid: {problem}"
