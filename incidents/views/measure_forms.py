"""The small forms of the measures that one may take now, and what became of the last attempt."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.language import in_page_language
from grids.models import User
from incidents.codes import RISKS
from incidents.measures import MEASURES, Measure
from incidents.models import Dispute
from incidents.models.labels import MEASURE_NAMES
from incidents.policy import PolicyBook
from incidents.services.measures_by_name import TAKEN
from incidents.services.measures_taken import BY_RULE
from incidents.views.refusals import Attempt

M = Measure
HELP = {
    M.ASK_EXTENSION: gettext_lazy("每一级一次,由上一级决定;决定以前期限不变。"),
    M.GRANT_EXTENSION: gettext_lazy("期限顺延所申请的工作日。"),
    M.REFUSE_EXTENSION: gettext_lazy("期限不变,对方可以补充理由再申请。"),
    M.AGREE_TO_RUN_ON: gettext_lazy("调解满一个月还没有结果,双方都愿意继续时登记。本级的办结时限不变。"),
    M.SUPERVISE: gettext_lazy("列表和案件上一直标明“督办”,直到结束督办。"),
    M.URGE: gettext_lazy("提醒现在负责的人,每天一次。"),
}
# What a form of a measure may say.
FIELDS = ("reason", "days", "until", "risk")
NO_REASON_NEEDED = frozenset({M.GRANT_EXTENSION, M.END_SUPERVISION})


@dataclass(frozen=True)
class MeasureForm:
    """One measure with what it needs."""

    measure: Measure
    name: Promise | str
    needs: tuple[str, ...]
    reason_needed: bool
    help: Promise | str
    most_days: int
    given: Attempt | None


def measure_forms(
    dispute: Dispute,
    measures: Iterable[Measure],
    attempt: Attempt | None,
    *,
    user: User,
    book: PolicyBook,
) -> list[MeasureForm]:
    """Forms of what `user` may do with the case as it stands, in the table's order."""
    offered = set(TAKEN) & set(measures) - _pointless(dispute, user)
    most_days = book.rules_at(dispute.level_entered_at).policy.extension_working_days
    if not most_days:
        offered.discard(M.ASK_EXTENSION)
    return [
        MeasureForm(
            measure=measure,
            name=_name(measure, dispute),
            needs=MEASURES[measure].needs,
            reason_needed=measure not in NO_REASON_NEEDED,
            help=HELP.get(measure, ""),
            most_days=most_days,
            given=attempt if attempt and attempt.of == measure else None,
        )
        for measure in Measure
        if measure in offered
    ]


def risk_choices(dispute: Dispute) -> list[tuple[str, str]]:
    """Colours that the case does not have; where a person gave it, also the rule's again."""
    choices = [(code, in_page_language(*names)) for code, names in RISKS.items() if code != dispute.risk]
    ruled = dispute.risk_assessment.get("colour")
    if dispute.risk_overridden and ruled:
        words = _("恢复规则(%(colour)s)") % {"colour": in_page_language(*RISKS[ruled])}
        choices = [(BY_RULE, words), *(choice for choice in choices if choice[0] != ruled)]
    return choices


def _pointless(dispute: Dispute, user: User) -> set[Measure]:
    """What the services would refuse for how the case stands, whoever asks."""
    pointless = {M.END_SUPERVISION} if dispute.supervised_since is None else {M.SUPERVISE}
    if dispute.extension_asked_days:
        pointless.add(M.ASK_EXTENSION)
        asked = dispute.events.filter(action=M.ASK_EXTENSION).order_by("version").last()
        if asked and asked.actor_id == user.pk:
            pointless |= {M.GRANT_EXTENSION, M.REFUSE_EXTENSION}
    else:
        pointless |= {M.GRANT_EXTENSION, M.REFUSE_EXTENSION}
    if dispute.extension_days:
        pointless.add(M.ASK_EXTENSION)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if dispute.events.filter(action=M.URGE, actor=user, at__gte=midnight).exists():
        pointless.add(M.URGE)
    return pointless


def _name(measure: Measure, dispute: Dispute) -> Promise | str:
    if measure is M.GRANT_EXTENSION:
        return _("同意延期 %(days)s 个工作日") % {"days": dispute.extension_asked_days}
    return MEASURE_NAMES[measure]
