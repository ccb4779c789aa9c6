"""The small forms of the actions that one may take now, and what became of the last attempt."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from grids.errors import DomainError
from grids.hierarchy import Level
from incidents.errors import DisputeChanged, FieldsInvalid, TransitionNotAllowed
from incidents.models import Dispute
from incidents.models.labels import ACTION_NAMES, LEVEL_NAMES
from incidents.next_steps import likely_first
from incidents.story import Chapter
from incidents.two_languages import in_readers_language
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
ENDING = frozenset({Action.VOID, Action.TRANSFER})


@dataclass(frozen=True)
class Attempt:
    """What was posted, and why it was refused: so that nothing typed is lost."""

    action: str
    reason: str
    assignee: str
    organisation: str
    version: int | None
    error: DomainError | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_post(cls, action: str, post: Mapping[str, str]) -> "Attempt":
        version = post.get("version", "")
        return cls(
            action=action,
            reason=post.get("reason", ""),
            assignee=post.get("assignee", ""),
            organisation=post.get("organisation", ""),
            version=int(version) if re.fullmatch("[0-9]{1,9}", version) else None,
        )

    def refused(self, error: DomainError) -> "Attempt":
        return replace(self, error=error, errors=_field_errors(error))

    @property
    def sentence(self) -> str:
        """Why nothing was changed, for the top of the page."""
        if isinstance(self.error, DisputeChanged):
            return _("没有提交:您查看之后,这件纠纷有了变化。请看清变化后再办理,您写的内容还在。")
        if isinstance(self.error, TransitionNotAllowed):
            return _("没有提交:这件纠纷现在不能“%s”。") % ACTION_NAMES[self.action]
        if isinstance(self.error, FieldsInvalid):
            return _("没有提交:请补充标出的内容。")
        return in_readers_language(str(self.error))

    def news(self, story: Iterable[Chapter]) -> list[Chapter]:
        """What happened since the version that was looked at."""
        known = self.version
        return [chapter for chapter in story if known is not None and chapter.version > known]


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
        given=attempt if attempt and attempt.action == action else None,
    )


def _name(action: Action, level: Level) -> Promise | str:
    if action is Action.ESCALATE:
        return _("上报到%(level)s") % {"level": LEVEL_NAMES[level.above]}
    if action is Action.HAND_BACK:
        return _("退回%(level)s") % {"level": LEVEL_NAMES[level.below]}
    return ACTION_NAMES[action]


def _field_errors(error: DomainError) -> dict[str, str]:
    if not isinstance(error, FieldsInvalid):
        return {}
    found = error.facts["errors"]
    return {name: " ".join(in_readers_language(e["message"]) for e in found[name]) for name in found}
