"""What a notice says: case number, place, and what to do; never a title, a description or a person."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from grids.language import in_page_language
from incidents.notices.kinds import Kind

# `due` and `on` are the notice's own facts, as they were when it was written.
SENTENCES = {
    Kind.NEW_CASE: gettext_lazy("新案件,请核实并受理。"),
    Kind.ASSIGNED: gettext_lazy("案件分派给您,请办理。"),
    Kind.ESCALATED: gettext_lazy("案件上报到您这一级,请受理。"),
    Kind.ESCALATED_AWAY: gettext_lazy("案件已上报到上一级,您不必再办理。"),
    Kind.HANDED_BACK: gettext_lazy("案件退回到您这一级,请看理由后受理。"),
    Kind.REOPENED: gettext_lazy("案件重新办理,请继续。"),
    Kind.SUPERVISED: gettext_lazy("上级督办此案,请优先办理。"),
    Kind.URGED: gettext_lazy("上级催办,请尽快办理。"),
    Kind.EXTENSION_ASKED: gettext_lazy("下级申请延期,请决定是否同意。"),
    Kind.EXTENSION_GRANTED: gettext_lazy("延期申请已同意,请看新的期限。"),
    Kind.EXTENSION_REFUSED: gettext_lazy("延期申请未获同意,请按原期限办理。"),
    Kind.GUIDANCE_ASKED: gettext_lazy("下级请示指导,请答复。"),
    Kind.GUIDANCE_GIVEN: gettext_lazy("上级已给予指导,请查看。"),
    Kind.REFERRAL_TO_ANSWER: gettext_lazy("有单位转来此案,请答复是否接收。"),
    Kind.REFERRAL_LAPSED: gettext_lazy("转办逾期未答复,请决定下一步。"),
    Kind.SUPPLEMENTED: gettext_lazy("有人补充了情况,请查看。"),
    Kind.HANDED_OVER: gettext_lazy("案件交接给您,请接着办理。"),
    Kind.DUE_SOON: gettext_lazy("%(due)s 到期,请尽快办理。"),
    Kind.OVERDUE: gettext_lazy("已超过期限(%(due)s),请立即办理。"),
    Kind.CONFIRMATION_ENDING: gettext_lazy("申请司法确认的最后一天是 %(on)s,请提醒双方。"),
    Kind.INSTALMENT_DUE: gettext_lazy("第 %(number)s 项履行期限是 %(on)s,请核实并登记。"),
    Kind.FOLLOW_UP_DUE: gettext_lazy("回访期限是 %(on)s,请回访并登记。"),
}
NAMES = {
    Kind.NEW_CASE: pgettext_lazy("notice", "新案件"),
    Kind.ASSIGNED: pgettext_lazy("notice", "分派给我"),
    Kind.ESCALATED: pgettext_lazy("notice", "上报到本级"),
    Kind.ESCALATED_AWAY: pgettext_lazy("notice", "已上报上一级"),
    Kind.HANDED_BACK: pgettext_lazy("notice", "退回到本级"),
    Kind.REOPENED: pgettext_lazy("notice", "重新办理"),
    Kind.SUPERVISED: pgettext_lazy("notice", "督办"),
    Kind.URGED: pgettext_lazy("notice", "催办"),
    Kind.EXTENSION_ASKED: pgettext_lazy("notice", "申请延期"),
    Kind.EXTENSION_GRANTED: pgettext_lazy("notice", "同意延期"),
    Kind.EXTENSION_REFUSED: pgettext_lazy("notice", "不同意延期"),
    Kind.GUIDANCE_ASKED: pgettext_lazy("notice", "请示指导"),
    Kind.GUIDANCE_GIVEN: pgettext_lazy("notice", "给予指导"),
    Kind.REFERRAL_TO_ANSWER: pgettext_lazy("notice", "转办待答复"),
    Kind.REFERRAL_LAPSED: pgettext_lazy("notice", "转办逾期"),
    Kind.SUPPLEMENTED: pgettext_lazy("notice", "补充情况"),
    Kind.HANDED_OVER: pgettext_lazy("notice", "工作交接"),
    Kind.DUE_SOON: pgettext_lazy("notice", "即将到期"),
    Kind.OVERDUE: pgettext_lazy("notice", "已超时"),
    Kind.CONFIRMATION_ENDING: pgettext_lazy("notice", "司法确认期限"),
    Kind.INSTALMENT_DUE: pgettext_lazy("notice", "履行期限"),
    Kind.FOLLOW_UP_DUE: pgettext_lazy("notice", "回访期限"),
    Kind.DIGEST: pgettext_lazy("notice", "每日汇总"),
}
ICONS = {
    Kind.NEW_CASE: "megaphone",
    Kind.ASSIGNED: "person-check",
    Kind.ESCALATED: "arrow-up",
    Kind.ESCALATED_AWAY: "arrow-up-right",
    Kind.HANDED_BACK: "arrow-down",
    Kind.REOPENED: "arrow-counterclockwise",
    Kind.SUPERVISED: "eye",
    Kind.URGED: "bell",
    Kind.EXTENSION_ASKED: "hourglass-split",
    Kind.EXTENSION_GRANTED: "hourglass",
    Kind.EXTENSION_REFUSED: "slash-circle",
    Kind.GUIDANCE_ASKED: "question-circle",
    Kind.GUIDANCE_GIVEN: "lightbulb",
    Kind.REFERRAL_TO_ANSWER: "box-arrow-in-down-right",
    Kind.REFERRAL_LAPSED: "reply",
    Kind.SUPPLEMENTED: "chat-square-text",
    Kind.HANDED_OVER: "people",
    Kind.DUE_SOON: "alarm",
    Kind.OVERDUE: "exclamation-triangle",
    Kind.CONFIRMATION_ENDING: "bank",
    Kind.INSTALMENT_DUE: "cash-coin",
    Kind.FOLLOW_UP_DUE: "telephone",
    Kind.DIGEST: "calendar-check",
}


def sentence(kind: str, facts: Mapping) -> str:
    """What is the matter and what to do, in the reader's language."""
    if kind == Kind.DIGEST:
        return digest_sentence(facts)
    if kind == Kind.HANDED_OVER and "cases" in facts:
        n = facts["cases"]
        words = ngettext(
            "%(n)d 件案件交接给您,请在待办中接着办理。", "%(n)d 件案件交接给您,请在待办中接着办理。", n
        )
        return words % {"n": n}
    return SENTENCES[Kind(kind)] % {
        "due": _moment(facts.get("due_at")),
        "on": _day(facts.get("on")),
        "number": facts.get("number", ""),
    }


def digest_sentence(facts: Mapping) -> str:
    """ "今天等您办理 5 件,其中今天到期 1 件、已超时 2 件。" Nothing is said of what there is none."""
    parts = {
        "due_today": _("今天到期 %(n)s 件"),
        "overdue": _("已超时 %(n)s 件"),
        "new": _("新到 %(n)s 件"),
        "supervised": _("督办 %(n)s 件"),
    }
    said = [words % {"n": facts[name]} for name, words in parts.items() if facts.get(name)]
    whole = _("等您办理 %(n)s 件") % {"n": facts.get("waiting", 0)}
    listed = in_page_language(":", ": ") + in_page_language("、", ", ").join(said) if said else ""
    return whole + listed + in_page_language("。", ".")


def outside(kind: str, facts: Mapping, case_number: str | None) -> tuple[str, str]:
    """Subject and text for a channel beyond this system: a case number, or counts, and to sign in."""
    subject = _("GridGov 通知")
    if kind == Kind.DIGEST:
        return _("GridGov 每日汇总"), digest_sentence(facts) + in_page_language("", " ") + _(
            "请登录 GridGov 查看。"
        )
    if case_number:
        return subject, _("%(case)s:请登录 GridGov 查看。") % {"case": case_number}
    return subject, _("您有新的通知:请登录 GridGov 查看。")


def _moment(text: str | None) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}" if text else ""


def _day(text: str | None) -> str:
    return f"{date.fromisoformat(text):%Y-%m-%d}" if text else ""


def test_message() -> tuple[str, str]:
    return _("GridGov 测试"), _("这是 GridGov 的测试消息:您会在这里收到通知。")
