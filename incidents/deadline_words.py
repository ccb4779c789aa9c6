"""Why a case is due when it is, in one sentence."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from grids.hierarchy import Level
from grids.language import in_page_language
from incidents.deadlines import mediation_end
from incidents.models import Dispute
from incidents.policy import PolicyBook, Rules, Span
from incidents.policy_words import span_words
from incidents.workflow import AWAITING, ENDED, SETTLED, State


def explain_deadline(dispute: Dispute, book: PolicyBook) -> str:
    """ "受理时限 4 个工作小时,自 2026-03-02 09:00 到达本级起算,到 2026-03-02 15:00。"

    Nothing once the case ended.
    """
    state = State(dispute.state)
    if state in ENDED:
        return ""
    if state is State.SUSPENDED:
        return _("已挂起,期限不走;恢复后扣除挂起的时间。")
    if state is State.CONFIRMATION_PENDING:
        return _("等待法院确认,不计时。")
    rules = book.rules_at(dispute.level_entered_at)
    if state in SETTLED:
        since = dispute.settled_at or dispute.level_entered_at
        facts = {
            "days": rules.policy.follow_up_days,
            "since": _minute(since),
            "until": _minute(dispute.due_at),
        }
        return _("达成协议后 %(days)s 天内回访,自 %(since)s 起算,到 %(until)s。") % facts
    if state is State.MEDIATING and dispute.due_at == mediation_end(dispute.clock, rules):
        return _mediation_words(dispute, rules)
    limit = rules.policy.limits[Level(dispute.level), dispute.risk]
    awaiting = state in AWAITING
    span = limit.accept if awaiting else limit.resolve
    facts = {
        "span": span_words(span),
        "since": _minute(dispute.level_entered_at),
        "more": _paused_words(dispute, span) + ("" if awaiting else _extension_words(dispute)),
        "until": _minute(dispute.due_at),
    }
    if awaiting:
        return _("受理时限 %(span)s,自 %(since)s 到达本级起算%(more)s,到 %(until)s。") % facts
    return _("办结时限 %(span)s,自 %(since)s 到达本级起算%(more)s,到 %(until)s。") % facts


def _mediation_words(dispute: Dispute, rules: Rules) -> str:
    if dispute.consent_until:
        return _("双方同意继续调解到 %(until)s。") % {"until": dispute.consent_until.isoformat()}
    facts = {
        "n": rules.policy.mediation_months,
        "since": _minute(dispute.mediation_began_at),
        "until": _minute(dispute.due_at),
    }
    return _("调解期限 %(n)s 个月,自 %(since)s 开始调解起算,到 %(until)s;双方同意可以继续。") % facts


def _paused_words(dispute: Dispute, span: Span) -> str:
    if not dispute.paused:
        return ""
    if span.unit.is_working:
        hours = f"{dispute.paused_working / timedelta(hours=1):.1f}".removesuffix(".0")
        return _(",扣除挂起 %(hours)s 个工作小时") % {"hours": hours}
    return _(",扣除挂起 %(span)s") % {"span": _clock_words(dispute.paused)}


def _extension_words(dispute: Dispute) -> str:
    if not dispute.extension_days:
        return ""
    return _(",加延期 %(days)s 个工作日") % {"days": dispute.extension_days}


def _clock_words(span: timedelta) -> str:
    days, hours = span.days, round(span.seconds / 3600)
    zh = (f"{days} 天 " if days else "") + (f"{hours} 小时" if hours or not days else "")
    en = (f"{days} d " if days else "") + (f"{hours} h" if hours or not days else "")
    return in_page_language(zh, en).strip()


def _minute(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
