"""The history of a dispute, told in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.models import DisputeEvent
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
    Action.CLOSE: gettext_lazy("%(actor)s结案"),
    Action.ESCALATE: gettext_lazy("%(actor)s把案件上报到%(area)s"),
    Action.HAND_BACK: gettext_lazy("%(actor)s把案件退回%(area)s"),
    Action.SUSPEND: gettext_lazy("%(actor)s挂起了案件"),
    Action.RESUME: gettext_lazy("%(actor)s恢复办理"),
    Action.TRANSFER: gettext_lazy("%(actor)s把案件移交%(organisation)s"),
    Action.VOID: gettext_lazy("%(actor)s作废了案件"),
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
}


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
    }
    return Chapter(
        version=event.version,
        sentence=SENTENCES[event.action] % facts,
        reason=_reason(event),
        at=event.at,
        icon=ICONS[event.action],
    )


def _reason(event: DisputeEvent) -> str:
    """What a person wrote, as they wrote it. The system's reasons have a code and two languages."""
    return in_readers_language(event.reason) if event.reason_code else event.reason
