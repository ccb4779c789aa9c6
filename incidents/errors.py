"""What can go wrong with a dispute. Each error states its fact in Chinese and English and says what to do."""

from collections.abc import Mapping, Sequence

from grids.errors import DomainError


class IncidentsError(DomainError):
    """Root of this room's errors."""

    code = "incidents_error"


class FieldsInvalid(IncidentsError):
    """Something that was sent is wrong. `errors` says where: {field: [{"message", "code"}]}.

    Messages must not repeat what was sent: it may be about a person.
    """

    code = "fields_invalid"
    zh = "内容有误,请改正:{fields}。"
    en = "Not valid, please correct: {fields}."

    def __init__(self, errors: Mapping[str, Sequence[Mapping[str, str]]], **facts):
        super().__init__(errors=errors, fields=", ".join(errors), **facts)


# Reporting ------------------------------------------------------------------------------------
class ReportNotAllowed(IncidentsError):
    code = "report_not_allowed"
    zh = "只有正在值守的网格员、社区调解员、街道中心和区中心可以上报:请联系管理员安排值守。"
    en = "Only grid workers, mediators and centres on duty may report: ask an administrator for a duty."


class ReportKeyInvalid(IncidentsError):
    code = "report_key_invalid"
    zh = "请在 Idempotency-Key 请求头中给出一个 UUID(8-4-4-4-12 位十六进制),重发同一上报时用同一个。"
    en = "Give a UUID (8-4-4-4-12 digits) in the Idempotency-Key header, the same to send a report again."


class ReportKeyReused(IncidentsError):
    code = "report_key_reused"
    zh = "这个 Idempotency-Key 已用于另一内容的上报 {case_number}:新的上报请换一个 UUID。"
    en = "This Idempotency-Key belongs to another report, {case_number}: take a new UUID for a new report."


class ReportInvalid(FieldsInvalid):
    code = "report_invalid"


class GridUnitNotCandidate(IncidentsError):
    code = "grid_unit_not_candidate"
    zh = "网格 {grid_unit} 不在该位置的候选之中:请在 candidates 中选择,或移动位置。"
    en = "Grid unit {grid_unit} is no candidate for this place: choose one of `candidates` or move the place."


class AddressUnitUnknown(IncidentsError):
    code = "address_unit_unknown"
    zh = "没有代码为 {address_unit} 的现行网格:请核对地址所在网格。"
    en = "No grid unit in force has the code {address_unit}: check the unit of the address."


# Handling -------------------------------------------------------------------------------------
class DisputeNotFound(IncidentsError):
    """There is none, or this user may not see it: the answer is the same for both."""

    code = "dispute_not_found"
    zh = "没有这件纠纷,或不在您的职责范围内。"
    en = "There is no such dispute, or it is not in your area."


class ActionUnknown(IncidentsError):
    code = "action_unknown"
    zh = "没有名为 {action} 的操作:请从 known_actions 中选择。"
    en = "There is no action {action}: choose one of `known_actions`."


class ActionNotYours(IncidentsError):
    """`responsible_area`, `area_name` and `level` say who may act now."""

    code = "action_not_yours"
    zh = "这件纠纷现由{area_name}负责,只有在那里值守的人可以办理。"
    en = "This dispute is now with {area_name}; only those on duty there may act on it."


class PartiesNotYours(ActionNotYours):
    code = "parties_not_yours"
    zh = "当事人信息只对现在负责的{area_name}值守人员开放。"
    en = "The parties are shown only to those on duty at {area_name}, which is responsible now."


class TransitionNotAllowed(IncidentsError):
    """The state or level forbids the action.

    `allowed_actions` are those possible now, `changes` the events that the user may not know of.
    """

    code = "transition_not_allowed"
    zh = "这件纠纷现在不能做这个操作({action}),现在可以:{allowed}。"
    en = "The dispute does not permit {action} now. Possible now: {allowed}."

    def __init__(self, *, allowed_actions: Sequence[str], **facts):
        allowed = ", ".join(allowed_actions) or "-"
        super().__init__(allowed_actions=list(allowed_actions), allowed=allowed, **facts)


class DisputeChanged(IncidentsError):
    """Someone acted since the version that was looked at.

    `changes` are the events since, `allowed_actions` what is possible now, `version` the present one.
    """

    code = "dispute_changed"
    zh = "您查看之后,这件纠纷已有变化(见 changes):请核对后再操作。"
    en = "The dispute changed after you looked at it (see `changes`): check it and act again."


class ActionIncomplete(FieldsInvalid):
    """Something that the action needs was not given."""

    code = "action_incomplete"
    zh = "这个操作还需要:{fields}。"
    en = "This action also needs: {fields}."


class AssigneeNotAssignable(FieldsInvalid):
    code = "assignee_not_assignable"
    zh = "只能分派给在{area_name}值守的人员。"
    en = "A dispute can be assigned only to someone on duty at {area_name}."


class HandBacksExhausted(IncidentsError):
    code = "hand_backs_exhausted"
    zh = "这件纠纷已退回过 {times} 次,按办理规则不能再退回:请在本级办理。"
    en = "This dispute was handed back {times} times already; the policy allows no more: handle it here."


class ConfirmationTooLate(IncidentsError):
    code = "confirmation_too_late"
    zh = "申请司法确认应在协议生效起 {days} 日内,已于 {until} 届满:可另行起诉或重新调解。"
    en = "Confirmation must be asked for within {days} days, until {until}: sue, or mediate anew."


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


# Looking --------------------------------------------------------------------------------------
class FilterInvalid(FieldsInvalid):
    code = "filter_invalid"
    zh = "筛选条件有误:{fields}。"
    en = "These query parameters are not valid: {fields}."


# Commands -------------------------------------------------------------------------------------
class TimeInvalid(IncidentsError):
    code = "time_invalid"
    zh = "时间 {text} 无效:请写成 2026-03-01T08:00+08:00。"
    en = "{text} is not a time: write it as 2026-03-01T08:00+08:00."


# Exchange -------------------------------------------------------------------------------------
class ImportNotAllowed(IncidentsError):
    code = "import_not_allowed"
    zh = "只有正在值守的社区调解员、街道中心和区中心可以导入纠纷:请联系管理员安排值守。"
    en = "Only mediators and centres on duty may import disputes: ask an administrator for a duty."


class ExportNotAllowed(IncidentsError):
    code = "export_not_allowed"
    zh = "只有办理案件的值守人员可以导出案件;规划人员请使用地图和统计。"
    en = "Only those on duty who work on cases may export them; planners use the map and the results."


class ColumnsMissing(FieldsInvalid):
    code = "columns_missing"
    zh = "文件缺少这些列,请指定:{fields}。"
    en = "The file lacks these columns, say which they are: {fields}."


class FileJobNotFound(IncidentsError):
    code = "file_job_not_found"
    zh = "没有这个文件任务,或文件已过期清除。"
    en = "There is no such file, or it has expired."
