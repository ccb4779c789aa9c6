"""The small forms of the actions that one may take now, and what became of the last attempt."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from grids.hierarchy import Level
from incidents.models import Dispute
from incidents.models.labels import ACTION_NAMES, LEVEL_NAMES
from incidents.next_steps import likely_first
from incidents.views.refusals import Attempt
from incidents.workflow import TRANSITIONS, Action, State

# What to write as the reason, where "why" would be the wrong question.
REASON_LABELS = {
    Action.RECORD_AGREEMENT: gettext_lazy("协议要点"),
    Action.CLOSE: gettext_lazy("办理结果"),
}
HELP = {
    Action.VERIFY: gettext_lazy("情况属实,由本级继续办理。"),
    Action.ACCEPT: gettext_lazy("由我们办理,办理时限开始计算。"),
    Action.RECORD_AGREEMENT: gettext_lazy("条款和分期履行请在“调解与协议”页登记,案件会同时转为达成协议。"),
    Action.APPLY_CONFIRMATION: gettext_lazy("申请日期、法院和期限见“调解与协议”页。"),
    Action.RECORD_BREACH: gettext_lazy("违约情况和告知的途径请在“调解与协议”页登记。"),
    Action.SUSPEND: gettext_lazy("暂停办理,期间不计时。"),
    Action.TRANSFER: gettext_lazy("交给本系统之外的部门,案件在此结束。"),
    Action.VOID: gettext_lazy("重复或误报。案件在此结束,历史保留。"),
}
# Nothing of it is given here: the page that takes it.
ELSEWHERE = {Action.APPLY_CONFIRMATION: "dispute_mediation"}
# What a form of an action may say.
FIELDS = ("reason", "assignee", "organisation")
ENDING = frozenset({Action.VOID, Action.TRANSFER})


@dataclass(frozen=True)
class ActionForm:
    """One action with what it needs."""

    action: Action
    name: Promise
    needs: tuple[str, ...]
    reason_label: Promise
    help: Promise | str
    ending: bool
    elsewhere: str
    given: Attempt | None


def action_forms(dispute: Dispute, actions: Iterable[Action], attempt: Attempt | None) -> list[ActionForm]:
    """The permitted actions, the most likely first; the one just attempted keeps what was typed."""
    likely = likely_first(actions, State(dispute.state))
    return [_form(action, dispute, attempt) for action in likely]


def _form(action: Action, dispute: Dispute, attempt: Attempt | None) -> ActionForm:
    return ActionForm(
        action=action,
        name=_name(action, Level(dispute.level)),
        needs=TRANSITIONS[action].needs,
        reason_label=REASON_LABELS.get(action, pgettext_lazy("why", "理由")),
        help=HELP.get(action, ""),
        ending=action in ENDING,
        elsewhere=ELSEWHERE.get(action, ""),
        given=attempt if attempt and attempt.of == action else None,
    )


def _name(action: Action, level: Level) -> Promise | str:
    if action is Action.ESCALATE:
        return _("上报到%(level)s") % {"level": LEVEL_NAMES[level.above]}
    if action is Action.HAND_BACK:
        return _("退回%(level)s") % {"level": LEVEL_NAMES[level.below]}
    return ACTION_NAMES[action]
