"""What is posted from the page of a case's bodies: which service takes it, and what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from incidents.services.guidance import ask_guidance, give_guidance
from incidents.services.referrals import answer_referral, receive_referral, refer_out
from incidents.services.routing import call_in_body, choose_body, release_body
from incidents.views.refusals import number_in, version_in


@dataclass(frozen=True)
class Step:
    """`texts` are passed on as they were typed, `numbers` as the identifiers of rows."""

    service: Callable
    done: Promise
    texts: tuple[str, ...]
    numbers: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.texts, *self.numbers)


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


def taken(step: str, post: Mapping[str, str]) -> dict:
    """The arguments of the step's service that were posted."""
    given: dict = {name: post.get(name, "") for name in STEPS[step].texts}
    given |= {name: number_in(post.get(name, "")) for name in STEPS[step].numbers}
    return given | {"expected_version": version_in(post)}
