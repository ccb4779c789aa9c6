"""Why a case has its risk colour, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.models import Dispute
from incidents.two_languages import in_readers_language

REASONS = {
    "major_group": gettext_lazy("重大群体性"),
    "group": gettext_lazy("群体性"),
    "injury_or_threat": gettext_lazy("有人受伤或受到威胁"),
    "money": gettext_lazy("金额达到 %(yuan)s 元"),
    "much_money": gettext_lazy("金额达到 %(yuan)s 元"),
    "repeats": gettext_lazy("同一地点 %(days)s 天内已有 %(n)s 件同类纠纷"),
    "failed": gettext_lazy("调解不成 %(n)s 次"),
    "open_month": gettext_lazy("超过 %(days)s 天未办结"),
    "sensitive_days": gettext_lazy("敏感时段:%(name)s"),
    "common": gettext_lazy("常见的家庭、邻里或土地纠纷"),
}


def risk_reasons(dispute: Dispute) -> list[dict]:
    """What the rule added up: `words` and `points`, in its order."""
    return [
        {"words": REASONS[reason["code"]] % _facts(reason["facts"]), "points": reason["points"]}
        for reason in dispute.risk_assessment.get("reasons", ())
        if reason["code"] in REASONS
    ]


def _facts(facts: dict) -> dict:
    """A name that is data may be in two languages."""
    return {**facts, "name": in_readers_language(str(facts["name"]))} if "name" in facts else facts


def risk_sentence(dispute: Dispute) -> str:
    """All of it in one line: "群体性 +45;常见的家庭、邻里或土地纠纷 +20"."""
    if dispute.risk_overridden:
        return _("由办理人员调整")
    parts = [f"{reason['words']} +{reason['points']}" for reason in risk_reasons(dispute)]
    return ";".join(parts) or _("没有加分因素")
