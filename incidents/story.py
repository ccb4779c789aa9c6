"""The history of a dispute, told in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.language import in_page_language
from incidents.codes import RISKS
from incidents.measures import Measure
from incidents.models import DisputeEvent, Referral
from incidents.models.labels import REPORT
from incidents.two_languages import in_readers_language
from incidents.workflow import Action

# Who did what; `system` is told differently, since nobody did it.
SENTENCES = {
    REPORT: gettext_lazy("%(actor)s上报了纠纷,由%(area)s负责"),
    Action.VERIFY: gettext_lazy("%(actor)s核实了情况"),
    Action.ACCEPT: gettext_lazy("%(actor)s受理了案件"),
    Action.ASSIGN: gettext_lazy("%(actor)s把案件分派给%(assignee)s"),
    Action.BEGIN_MEDIATION: gettext_lazy("%(actor)s开始调解"),
    Action.RECORD_AGREEMENT: gettext_lazy("%(actor)s登记:双方达成协议"),
    Action.FAIL: gettext_lazy("%(actor)s登记:调解不成"),
    Action.APPLY_CONFIRMATION: gettext_lazy("%(actor)s登记:双方申请司法确认"),
    Action.CONFIRM: gettext_lazy("%(actor)s登记:法院确认协议有效"),
    Action.REFUSE_CONFIRMATION: gettext_lazy("%(actor)s登记:法院不予确认"),
    Action.FOLLOW_UP: gettext_lazy("%(actor)s开始回访"),
    Action.RECORD_BREACH: gettext_lazy("%(actor)s登记:协议未履行"),
    Action.CLOSE: gettext_lazy("%(actor)s结案"),
    Action.REOPEN: gettext_lazy("%(actor)s重新办理"),
    Action.ESCALATE: gettext_lazy("%(actor)s把案件上报到%(area)s"),
    Action.HAND_BACK: gettext_lazy("%(actor)s把案件退回%(area)s"),
    Action.SUSPEND: gettext_lazy("%(actor)s挂起了案件"),
    Action.RESUME: gettext_lazy("%(actor)s恢复办理"),
    Action.TRANSFER: gettext_lazy("%(actor)s把案件移交%(organisation)s"),
    Action.VOID: gettext_lazy("%(actor)s作废了案件"),
    Measure.ASK_EXTENSION: gettext_lazy("%(actor)s申请延期 %(days)s 个工作日"),
    Measure.GRANT_EXTENSION: gettext_lazy("%(actor)s同意延期 %(days)s 个工作日"),
    Measure.REFUSE_EXTENSION: gettext_lazy("%(actor)s不同意延期"),
    Measure.AGREE_TO_RUN_ON: gettext_lazy("%(actor)s登记:双方同意继续调解到 %(until)s"),
    Measure.SUPERVISE: gettext_lazy("%(actor)s督办此案"),
    Measure.END_SUPERVISION: gettext_lazy("%(actor)s结束督办"),
    Measure.URGE: gettext_lazy("%(actor)s催办"),
    Measure.OVERRIDE_RISK: gettext_lazy("%(actor)s把风险从%(from_risk)s调整为%(to_risk)s"),
    Measure.ASSESS_RISK: gettext_lazy("系统重新评估风险:%(to_risk)s"),
    Measure.CHOOSE_BODY: gettext_lazy("%(actor)s确定由%(organisation)s主办"),
    Measure.CALL_IN_BODY: gettext_lazy("%(actor)s邀请%(organisation)s参与调解"),
    Measure.RELEASE_BODY: gettext_lazy("%(actor)s结束%(organisation)s的参与"),
    Measure.REFER_OUT: gettext_lazy("%(actor)s把案件转给%(organisation)s"),
    Measure.RECEIVE_REFERRAL: gettext_lazy("%(actor)s登记:%(organisation)s转来"),
    Measure.ANSWER_REFERRAL: gettext_lazy("%(actor)s登记与%(organisation)s对接转办的答复:%(answer)s"),
    Measure.ASK_GUIDANCE: gettext_lazy("%(actor)s请示指导"),
    Measure.GIVE_GUIDANCE: gettext_lazy("%(actor)s给予指导"),
    Measure.RECORD_MEDIATION: gettext_lazy("%(actor)s登记了调解笔录"),
    Measure.RECORD_VISIT: gettext_lazy("%(actor)s登记了回访"),
    Measure.RECORD_PAYMENT: gettext_lazy("%(actor)s登记了履行情况"),
    Measure.ISSUE_DOCUMENT: gettext_lazy("%(actor)s制作了文书"),
    Measure.ADD_SUPPLEMENT: gettext_lazy("%(actor)s补充了情况"),
    Measure.ADD_FILE: gettext_lazy("%(actor)s添加了材料"),
    Measure.REMOVE_FILE: gettext_lazy("%(actor)s移除了材料"),
    Measure.GIVE_PARTY_CODE: gettext_lazy("%(actor)s发给当事人查询码"),
    Measure.HAND_OVER: gettext_lazy("%(actor)s把案件交接给%(assignee)s"),
    Measure.RECALCULATE: gettext_lazy("系统重新计算了期限"),
}
# What an event of the same kind says when its code tells more.
SENTENCES_BY_CODE = {
    "agreement_recorded_later": gettext_lazy("%(actor)s补登了协议内容"),
    "agreement_changed": gettext_lazy("%(actor)s登记了变更后的协议"),
    "confirmation_withdrawn": gettext_lazy("%(actor)s登记:双方撤回司法确认申请"),
    "party_code_revoked": gettext_lazy("%(actor)s收回了当事人查询码"),
}
ICONS = {
    REPORT: "megaphone",
    Action.VERIFY: "search",
    Action.ACCEPT: "folder-check",
    Action.ASSIGN: "person-check",
    Action.BEGIN_MEDIATION: "chat-dots",
    Action.FAIL: "slash-circle",
    Action.RECORD_AGREEMENT: "people",
    Action.CLOSE: "check-lg",
    Action.ESCALATE: "arrow-up",
    Action.HAND_BACK: "arrow-down",
    Action.SUSPEND: "pause",
    Action.RESUME: "play",
    Action.TRANSFER: "box-arrow-right",
    Action.VOID: "x-lg",
    Action.APPLY_CONFIRMATION: "bank",
    Action.CONFIRM: "patch-check",
    Action.REFUSE_CONFIRMATION: "slash-circle",
    Action.FOLLOW_UP: "telephone",
    Action.RECORD_BREACH: "exclamation-triangle",
    Action.REOPEN: "arrow-counterclockwise",
    Measure.ASK_EXTENSION: "hourglass-split",
    Measure.GRANT_EXTENSION: "hourglass",
    Measure.REFUSE_EXTENSION: "slash-circle",
    Measure.AGREE_TO_RUN_ON: "calendar-plus",
    Measure.SUPERVISE: "eye",
    Measure.END_SUPERVISION: "eye-slash",
    Measure.URGE: "bell",
    Measure.OVERRIDE_RISK: "thermometer-half",
    Measure.ASSESS_RISK: "thermometer-half",
    Measure.CHOOSE_BODY: "building-check",
    Measure.CALL_IN_BODY: "building-add",
    Measure.RELEASE_BODY: "building-dash",
    Measure.REFER_OUT: "box-arrow-up-right",
    Measure.RECEIVE_REFERRAL: "box-arrow-in-down-right",
    Measure.ANSWER_REFERRAL: "reply",
    Measure.ASK_GUIDANCE: "question-circle",
    Measure.GIVE_GUIDANCE: "lightbulb",
    Measure.RECORD_MEDIATION: "journal-text",
    Measure.RECORD_VISIT: "telephone",
    Measure.RECORD_PAYMENT: "cash-coin",
    Measure.ISSUE_DOCUMENT: "file-earmark-text",
    Measure.ADD_SUPPLEMENT: "chat-square-text",
    Measure.ADD_FILE: "paperclip",
    Measure.REMOVE_FILE: "trash",
    Measure.GIVE_PARTY_CODE: "qr-code",
    Measure.HAND_OVER: "people",
    Measure.RECALCULATE: "calendar-event",
}

ANSWERS = dict(Referral._meta.get_field("answer").choices)


@dataclass(frozen=True)
class Chapter:
    """One event: what happened in a sentence, why, and when."""

    version: int
    sentence: str
    reason: str
    at: datetime
    icon: str


def tell(events: Iterable[DisputeEvent], names: Mapping[str, str]) -> list[Chapter]:
    """One chapter for each event, in their order. `names` gives the areas' names by code."""
    return [_chapter(event, names) for event in events]


def _chapter(event: DisputeEvent, names: Mapping[str, str]) -> Chapter:
    facts = {
        "actor": event.actor.name if event.actor else _("系统"),
        "area": names.get(event.area_id, event.area_id),
        "assignee": event.assigned_to.name if event.assigned_to else "",
        "organisation": event.organisation,
        "days": event.details.get("days", ""),
        "until": event.details.get("until", ""),
        "answer": ANSWERS.get(event.details.get("answer"), ""),
        "from_risk": _risk(event.details.get("from")),
        "to_risk": _risk(event.details.get("to")),
    }
    return Chapter(
        version=event.version,
        sentence=SENTENCES_BY_CODE.get(event.reason_code, SENTENCES[event.action]) % facts,
        reason=_reason(event),
        at=event.at,
        icon=ICONS[event.action],
    )


def _risk(colour: str | None) -> str:
    return in_page_language(*RISKS[colour]) if colour in RISKS else ""


def _reason(event: DisputeEvent) -> str:
    """What a person wrote, as they wrote it. The system's reasons have a code and two languages."""
    return in_readers_language(event.reason) if event.reason_code else event.reason
