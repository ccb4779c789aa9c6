"""What a party reads of their own case, in plain words: where it stands, and what comes next. Pure.

General on purpose: whoever holds the code learns nothing of the dispute that they do not know.
"""

from dataclasses import dataclass
from datetime import timedelta

from incidents.workflow import State

Words = tuple[str, str]


@dataclass(frozen=True)
class StateWords:
    """Chinese and English of the state, and of what comes next."""

    now: Words
    then: Words


S = State
_OURS_TO_KEEP = (
    "请按协议履行。工作人员会回访,了解履行情况。",
    "Please keep the agreement. We will visit or call to see how it goes.",
)
WORDS: dict[State, StateWords] = {
    S.REPORTED: StateWords(
        ("已登记,等待受理", "Registered, waiting to be taken on"),
        ("工作人员会核实情况,决定受理后与您联系。", "We check the facts and contact you once we take it on."),
    ),
    S.VERIFIED: StateWords(
        ("情况已核实,等待受理", "Checked, waiting to be taken on"),
        ("工作人员受理后会与您联系。", "We contact you once we take it on."),
    ),
    S.RETURNED: StateWords(
        ("已转由所在地办理,等待受理", "Passed to the local office, waiting to be taken on"),
        ("所在地的工作人员受理后会与您联系。", "The local office contacts you once it takes it on."),
    ),
    S.ACCEPTED: StateWords(
        ("已受理", "Taken on"),
        (
            "工作人员会与双方约定调解的时间和地点。",
            "We will agree with both sides on when and where to mediate.",
        ),
    ),
    S.ASSIGNED: StateWords(
        ("已受理,已安排工作人员", "Taken on, with somebody in charge"),
        (
            "工作人员会与双方约定调解的时间和地点。",
            "We will agree with both sides on when and where to mediate.",
        ),
    ),
    S.MEDIATING: StateWords(
        ("正在调解", "Being mediated"),
        (
            "调解由双方自愿参加。达成一致的,可以签订调解协议。",
            "Mediation is voluntary. Once you agree, a mediation agreement can be signed.",
        ),
    ),
    S.AGREED: StateWords(("双方已达成协议", "Both sides have agreed"), _OURS_TO_KEEP),
    S.CONFIRMATION_PENDING: StateWords(
        ("已向法院申请司法确认", "The court was asked to confirm the agreement"),
        ("等待法院审查,结果由法院通知双方。", "The court examines it and tells both sides the result."),
    ),
    S.CONFIRMED: StateWords(("法院已确认协议有效", "The court confirmed the agreement"), _OURS_TO_KEEP),
    S.FOLLOW_UP: StateWords(
        ("正在回访,了解协议履行情况", "We are checking how the agreement is kept"),
        ("请按协议履行。履行情况清楚后办结。", "Please keep the agreement. After that the case is closed."),
    ),
    S.FAILED: StateWords(
        ("这次调解没有成功", "This mediation did not succeed"),
        (
            "可以再次调解,也可以依法申请仲裁或向法院起诉。工作人员会与您联系。",
            "It can be mediated again, or taken to arbitration or court. We will contact you.",
        ),
    ),
    S.SUSPENDED: StateWords(
        ("暂停办理", "Paused"),
        ("暂停的原因消除后继续办理。", "It goes on once the reason for the pause is gone."),
    ),
    S.TRANSFERRED: StateWords(
        ("已移交其他部门", "Passed to another authority"),
        ("由接收的部门继续办理。", "The other authority carries on with it."),
    ),
    S.CLOSED: StateWords(
        ("已办结", "Closed"),
        ("还有问题的,请与办理单位联系。", "If anything is left, please contact the office below."),
    ),
    S.VOID: StateWords(
        ("已结束", "Ended"),
        ("有疑问的,请与办理单位联系。", "With any question, please contact the office below."),
    ),
}


def time_words(left: timedelta | None) -> Words | None:
    """By when, in general words; None where no clock runs."""
    if left is None:
        return None
    if left < timedelta():
        return (
            "比预计的时间长,正在抓紧办理。也可以向办理单位询问。",
            "It takes longer than planned and is being hurried. You may ask the office.",
        )
    for days, zh, en in _SPANS:
        if left <= timedelta(days=days):
            return (f"预计在{zh}内有进展。", f"Expect news within {en}.")
    return ("预计需要一个月以上。", "This may take more than a month.")


_SPANS = ((1, "一天", "a day"), (3, "三天", "three days"), (7, "一周", "a week"), (14, "两周", "two weeks"),
          (31, "一个月", "a month"))  # fmt: skip
