"""What is posted from the page of a case's bodies: which service takes it, and what became of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.errors import DomainError
from incidents.errors import DisputeChanged, FieldsInvalid
from incidents.services.guidance import ask_guidance, give_guidance
from incidents.services.referrals import answer_referral, receive_referral, refer_out
from incidents.services.routing import call_in_body, choose_body, release_body
from incidents.two_languages import in_readers_language


@dataclass(frozen=True)
class Step:
    """`texts` are passed on as they were typed, `numbers` as the identifiers of rows."""

    service: Callable
    done: Promise
    texts: tuple[str, ...]
    numbers: tuple[str, ...] = ()


STEPS = {
    "choose": Step(choose_body, gettext_lazy("已确定主办组织。"), ("body", "mediator", "reason")),
    "call_in": Step(call_in_body, gettext_lazy("已邀请参与。"), ("body", "mediator", "reason")),
    "release": Step(release_body, gettext_lazy("已结束它的参与。"), ("body", "reason")),
    "refer_out": Step(
        refer_out,
        gettext_lazy("已转出,等待对方答复,期间不计时。"),
        ("channel", "organisation", "reason", "reference"),
    ),
    "receive_referral": Step(
        receive_referral, gettext_lazy("已登记转入。"), ("channel", "organisation", "reference")
    ),
    "answer_referral": Step(
        answer_referral, gettext_lazy("已登记答复。"), ("answer", "reason", "reference"), ("referral_id",)
    ),
    "ask_guidance": Step(ask_guidance, gettext_lazy("已请示上级。"), ("question",)),
    "give_guidance": Step(give_guidance, gettext_lazy("已给予指导。"), ("answer",), ("guidance_id",)),
}


@dataclass(frozen=True)
class Attempt:
    """What was posted, and why it was refused: so that nothing typed is lost."""

    step: str
    given: Mapping[str, str]
    error: DomainError
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def refused(cls, step: str, post: Mapping[str, str], error: DomainError) -> "Attempt":
        names = (*STEPS[step].texts, *STEPS[step].numbers)
        return cls(step, {name: post.get(name, "") for name in names}, error, _field_errors(error))

    @property
    def sentence(self) -> str:
        """Why nothing was changed, for the top of the page."""
        if isinstance(self.error, DisputeChanged):
            return _("没有提交:您查看之后,这件纠纷有了变化。请看清变化后再办理,您写的内容还在。")
        if "body" in self.errors:
            return _("没有提交:%(why)s") % {"why": self.errors["body"]}
        if isinstance(self.error, FieldsInvalid):
            return _("没有提交:请补充标出的内容。")
        return in_readers_language(str(self.error))


def taken(step: str, post: Mapping[str, str]) -> dict:
    """The arguments of the step's service that were posted."""
    given: dict = {name: post.get(name, "") for name in STEPS[step].texts}
    given |= {name: _number(post.get(name, "")) for name in STEPS[step].numbers}
    version = _number(post.get("version", ""))
    return given | {"expected_version": version or None}


def _number(text: str) -> int:
    """0, which no row has, for what is no number."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _field_errors(error: DomainError) -> dict[str, str]:
    if not isinstance(error, FieldsInvalid):
        return {}
    found = error.facts["errors"]
    return {name: " ".join(in_readers_language(e["message"]) for e in found[name]) for name in found}
