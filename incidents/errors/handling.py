"""Reporting, handling and looking at disputes: what can go wrong."""

from collections.abc import Sequence

from incidents.errors.roots import FieldsInvalid, IncidentsError


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


class OtherWorker(IncidentsError):
    """What another wrote on this phone is not sent in the name of who is signed in now."""

    code = "other_worker"
    zh = "这是另一个账号在这部手机上写的,不能用现在登录的账号发送:请用原来的账号登录后再发送。"
    en = "Another account wrote this on this phone: sign in with that account to send it."


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


class FilterInvalid(FieldsInvalid):
    code = "filter_invalid"
    zh = "筛选条件有误:{fields}。"
    en = "These query parameters are not valid: {fields}."


class TimeInvalid(IncidentsError):
    code = "time_invalid"
    zh = "时间 {text} 无效:请写成 2026-03-01T08:00+08:00。"
    en = "{text} is not a time: write it as 2026-03-01T08:00+08:00."
