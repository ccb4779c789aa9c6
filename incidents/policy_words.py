"""A policy in words: what each part is called, what it says, and what differs between two."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from grids.hierarchy import Level
from grids.language import in_page_language
from incidents.codes import RISKS
from incidents.models.labels import LEVEL_NAMES
from incidents.policy import COLOURS, Policy, Span, Unit
from incidents.policy_data import WEIGHTS
from incidents.risk import SensitiveDays
from incidents.two_languages import in_readers_language

UNITS = {
    Unit.WORKING_HOURS: ("工作小时", "working hours"),
    Unit.WORKING_DAYS: ("工作日", "working days"),
    Unit.HOURS: ("小时(不分昼夜)", "hours, day and night"),
    Unit.DAYS: ("天(不分昼夜)", "days by the calendar"),
}
_COUNTED = {
    Unit.WORKING_HOURS: ("{} 个工作小时", "{} working hour", "{} working hours"),
    Unit.WORKING_DAYS: ("{} 个工作日", "{} working day", "{} working days"),
    Unit.HOURS: ("{} 小时", "{} hour", "{} hours"),
    Unit.DAYS: ("{} 天", "{} day", "{} days"),
}
STEPS = {"accept": ("受理", "to accept"), "resolve": ("办结", "to resolve")}


@dataclass(frozen=True)
class Part:
    """One thing that the policy decides: its name and, where the name does not say it all, what it means."""

    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""

    @property
    def name(self) -> str:
        return in_page_language(self.zh, self.en)

    @property
    def help(self) -> str:
        return in_page_language(self.help_zh, self.help_en)


RULES = {
    "red_to_street": Part("红色风险直接到街道", "Red risk goes straight to the street"),
    "major_group_to_street": Part(
        "重大群体性纠纷直接到街道", "A major group dispute goes straight to the street"
    ),
    "failed_mediations": Part(
        "同一级调解不成几次即上报上一级", "Failed mediations at one level that send a case up"
    ),
    "hand_backs": Part("一件纠纷最多退回几次", "How often one case may be handed back"),
    "extension_working_days": Part(
        "一次延期最多几个工作日", "Most working days of one extension",
        "每一级一次,由上一级同意;0 为不准延期。", "Once a level, granted by the level above; 0 allows none.",
    ),
    "follow_up_days": Part(
        "达成协议后几天内回访", "Days after an agreement to see whether it is kept"
    ),
    "referral": Part("转办对接的答复时限", "Time to answer a referral"),
    "reminder": Part("到期前多久提醒", "How long before a due time people are reminded"),
}  # fmt: skip
# What the law says is shown and not edited.
LAW = [
    Part(
        "调解一般在一个月内调结,双方同意可以继续", "A mediation ends within one month; longer if both agree",
        "《人民调解工作若干规定》第三十三条", "Several Provisions on People's Mediation Work, art. 33",
    ),
    Part(
        "申请司法确认:调解协议生效之日起三十日内", "Judicial confirmation: within 30 days of taking effect",
        "《人民调解法》第三十三条", "People's Mediation Law, art. 33",
    ),
]  # fmt: skip
OFFICE_HOURS = Part(
    "工作时间", "Office hours", "工作小时和工作日按它计。", "Working time is counted by them."
)
RISK_WEIGHTS = {
    "major_group": Part("重大群体性", "Major group dispute"),
    "group": Part("一般群体性", "Group dispute"),
    "injury_or_threat": Part("有人受伤或受到威胁", "Someone hurt or threatened"),
    "money": Part("金额较大", "Much money", "达到下面第一个金额", "from the first of the sums below"),
    "much_money": Part("金额巨大", "Very much money", "达到下面第二个金额", "from the second of them"),
    "money_yuan": Part("“金额较大”从多少元起", "Yuan from which money counts"),
    "much_money_yuan": Part("“金额巨大”从多少元起", "Yuan from which it counts more"),
    "repeats": Part(
        "同一地点的同类纠纷,每件", "Each earlier dispute of the kind at the same place",
        "同一地址,没有地址时同一网格;同一大类", "the same address, without one the same unit; the same group",
    ),
    "most_repeats": Part("其中最多计几件", "How many of them count at most"),
    "repeat_days": Part("往前看几天", "Days looked back for them"),
    "failed": Part("调解不成,每次", "Each failed mediation"),
    "open_month": Part("未办结,每满三十天", "Each full thirty days open", "最多计三次", "three at most"),
    "sensitive_days": Part("在敏感时段内", "Within sensitive days", "见下面的敏感时段", "see the days below"),
    "common": Part(
        "家庭、邻里、土地纠纷", "Family, neighbours, land", "常见,容易反复", "common, and apt to come back"
    ),
    "yellow_from": Part("黄色:合计从几分起", "Yellow from a sum of"),
    "orange_from": Part("橙色:合计从几分起", "Orange from a sum of"),
    "red_from": Part("红色:合计从几分起", "Red from a sum of"),
}  # fmt: skip
SENSITIVE = Part("敏感时段", "Sensitive days")


def span_words(span: Span) -> str:
    """ "4 个工作小时"."""
    chinese, one, many = _COUNTED[span.unit]
    return in_page_language(chinese, one if span.amount == 1 else many).format(span.amount)


def unit_words(unit: Unit) -> str:
    return in_page_language(*UNITS[unit])


def step_words(step: str) -> str:
    return in_page_language(*STEPS[step])


def colour_words(colour: str) -> str:
    return in_page_language(*RISKS[colour])


def hours_words(policy: Policy) -> str:
    """ "08:30–12:00, 14:00–17:30"."""
    return ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in policy.office_hours)


def sensitive_words(days: SensitiveDays) -> str:
    """ "国庆 10-01 至 10-07"."""
    first, last = ("{:02d}-{:02d}".format(*day) for day in (days.first, days.last))
    name = in_readers_language(days.name)
    return _("%(name)s %(first)s 至 %(last)s") % {"name": name, "first": first, "last": last}


def rule_words(policy: Policy, name: str) -> str:
    """What the policy says of the rule `name`."""
    value = getattr(policy, name)
    if isinstance(value, bool):
        return in_page_language("是", "yes") if value else in_page_language("否", "no")
    return span_words(value) if isinstance(value, Span) else str(value)


def weight_words(policy: Policy, name: str) -> str:
    """ "50,000"."""
    return f"{getattr(policy.risk, name):,}"


def all_words(policy: Policy) -> dict[str, tuple[str, str]]:
    """Everything that the policy says: by field, its name and its words."""
    words = {}
    for level in Level:
        for colour in COLOURS:
            for step in STEPS:
                name = f"{LEVEL_NAMES[level]} · {colour_words(colour)} · {step_words(step)}"
                span = getattr(policy.limits[level, colour], step)
                words[f"limits.{level}.{colour}.{step}"] = name, span_words(span)
    words |= {name: (part.name, rule_words(policy, name)) for name, part in RULES.items()}
    words["office_hours"] = OFFICE_HOURS.name, hours_words(policy)
    words |= {f"risk.{name}": (RISK_WEIGHTS[name].name, weight_words(policy, name)) for name in WEIGHTS}
    sensitive = ", ".join(map(sensitive_words, policy.risk.sensitive))
    words["risk.sensitive"] = SENSITIVE.name, sensitive or in_page_language("无", "none")
    return words


def differences(before: Policy, after: Policy) -> list[str]:
    """What `after` says otherwise: "社区 · 黄色 · 受理:4 个工作小时 → 1 个工作日"."""
    was, is_now = all_words(before), all_words(after)
    return [f"{name}:{was[field][1]} → {words}" for field, (name, words) in is_now.items()
            if words != was[field][1]]  # fmt: skip
