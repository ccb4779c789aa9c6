"""Which event is news, and to whom. Pure.

The one table of it: who these people are is asked in `recipients`, what they read in `words`.
"""

from dataclasses import dataclass
from enum import StrEnum

from incidents.measures import Measure
from incidents.workflow import Action

REPORT = "report"


class Kind(StrEnum):
    NEW_CASE = "new_case"
    ASSIGNED = "assigned"
    ESCALATED = "escalated"
    ESCALATED_AWAY = "escalated_away"
    HANDED_BACK = "handed_back"
    REOPENED = "reopened"
    SUPERVISED = "supervised"
    URGED = "urged"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    GUIDANCE_ASKED = "guidance_asked"
    GUIDANCE_GIVEN = "guidance_given"
    REFERRAL_TO_ANSWER = "referral_to_answer"
    REFERRAL_LAPSED = "referral_lapsed"
    SUPPLEMENTED = "supplemented"
    HANDED_OVER = "handed_over"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CONFIRMATION_ENDING = "confirmation_ending"
    INSTALMENT_DUE = "instalment_due"
    FOLLOW_UP_DUE = "follow_up_due"
    DIGEST = "digest"


class To(StrEnum):
    """Whom a notice is for, seen from the case after the event."""

    STANDING = "standing"  # who answers for it now: the person it is assigned to, else all on duty there
    ASSIGNED = "assigned"  # the person it is assigned to, nobody else
    ABOVE = "above"  # those on duty at the next level above that has anybody
    BEFORE = "before"  # who answered for it before the event


class By(StrEnum):
    ANYONE = "anyone"
    PERSON = "person"
    SYSTEM = "system"


@dataclass(frozen=True)
class News:
    """`kind` is told to `to` when the event was done `by`."""

    kind: Kind
    to: To
    by: By = By.ANYONE

    def fits(self, *, by_system: bool) -> bool:
        return self.by is By.ANYONE or (self.by is By.SYSTEM) == by_system


NEWS: dict[str, tuple[News, ...]] = {
    REPORT: (News(Kind.NEW_CASE, To.STANDING),),
    Action.ASSIGN: (News(Kind.ASSIGNED, To.ASSIGNED),),
    Action.ESCALATE: (News(Kind.ESCALATED, To.STANDING), News(Kind.ESCALATED_AWAY, To.BEFORE)),
    Action.HAND_BACK: (News(Kind.HANDED_BACK, To.STANDING),),
    Action.REOPEN: (News(Kind.REOPENED, To.STANDING),),
    Measure.SUPERVISE: (News(Kind.SUPERVISED, To.STANDING),),
    Measure.URGE: (News(Kind.URGED, To.STANDING),),
    Measure.ASK_EXTENSION: (News(Kind.EXTENSION_ASKED, To.ABOVE),),
    Measure.GRANT_EXTENSION: (News(Kind.EXTENSION_GRANTED, To.STANDING),),
    Measure.REFUSE_EXTENSION: (News(Kind.EXTENSION_REFUSED, To.STANDING),),
    Measure.ASK_GUIDANCE: (News(Kind.GUIDANCE_ASKED, To.ABOVE),),
    Measure.GIVE_GUIDANCE: (News(Kind.GUIDANCE_GIVEN, To.STANDING),),
    Measure.RECEIVE_REFERRAL: (News(Kind.REFERRAL_TO_ANSWER, To.STANDING),),
    # The system answers a referral only when nobody did in time.
    Measure.ANSWER_REFERRAL: (News(Kind.REFERRAL_LAPSED, To.STANDING, By.SYSTEM),),
    Measure.ADD_SUPPLEMENT: (News(Kind.SUPPLEMENTED, To.STANDING),),
    Measure.HAND_OVER: (News(Kind.HANDED_OVER, To.ASSIGNED),),
}


def news_of(event: str, *, by_system: bool) -> tuple[News, ...]:
    """What `event` (an action, a measure or the report) is to others; nothing for most."""
    return tuple(news for news in NEWS.get(event, ()) if news.fits(by_system=by_system))
