"""What the page of the legal loop shows of a case: its next step, its rows, the court's window."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.deadlines import confirmation_until
from incidents.legal_steps import LegalFacts, LegalStep, next_legal_step
from incidents.measures import Measure
from incidents.models import Agreement, Dispute, Instalment, JudicialConfirmation
from incidents.policies import policy_book
from incidents.services.agreements import may_be_changed
from incidents.workflow import SETTLED, TRANSITIONS, Action, State, allowed_actions

# The step's heading, what to know about it, and the form of this page that takes it.
STEP_WORDS = {
    LegalStep.ACCEPT: (_("先受理案件"), _("受理之后才能登记调解。请在“概况”页受理。"), None),
    LegalStep.RESUME: (_("案件已挂起"), _("恢复办理之后再继续。请在“概况”页恢复。"), None),
    LegalStep.MEDIATE: (
        _("登记一次调解"),
        _("调解一次,登记一次:时间、参加人员和主要经过。"),
        "record",
    ),
    LegalStep.AGREE: (
        _("登记调解协议"),
        _("谈成的,登记协议;没谈成的,继续调解,或在“概况”页登记调解不成。"),
        "agreement",
    ),
    LegalStep.WRITE_TERMS: (
        _("补登协议内容"),
        _("案件已达成协议,但没有登记内容。补登后才能申请司法确认、登记履行。"),
        "agreement",
    ),
    LegalStep.APPLY: (
        _("双方愿意的,申请司法确认"),
        _("由双方共同申请,在期限之内。不申请的,按期回访。"),
        "apply",
    ),
    LegalStep.DECIDE: (_("等待法院审查"), _("法院作出裁定,或双方撤回之后,登记结果。"), "decide"),
    LegalStep.VISIT: (_("回访双方"), _("了解协议履行情况,并登记结果。"), "visit"),
    LegalStep.PAYMENT: (
        _("核实到期的履行"),
        _("有内容已到期:履行了的请登记,没有履行的请督促,或登记违约。"),
        "payment",
    ),
    LegalStep.BREACH: (
        _("回访结果为未履行"),
        _("先督促履行;确实不履行的,登记违约,并告知双方可走的途径。"),
        "breach",
    ),
    LegalStep.CLOSE: (_("可以结案"), _("协议履行正常。请在“概况”页结案。"), None),
    LegalStep.MEDIATE_AGAIN: (
        _("可以再次调解"),
        _("双方愿意的,登记新的一次调解;否则告知仲裁或诉讼途径,在“概况”页结案。"),
        "record",
    ),
    LegalStep.DONE: (_("没有要做的事"), _("案件已结束。"), None),
}
ON_CASE_PAGE = (LegalStep.ACCEPT, LegalStep.RESUME, LegalStep.CLOSE)


@dataclass(frozen=True)
class Window:
    """The days in which the court can be asked, from `begins` to `until`, both included."""

    begins: date
    until: date
    today: date

    @property
    def days(self) -> int:
        return (self.until - self.begins).days

    @property
    def passed(self) -> int:
        return min(max((self.today - self.begins).days, 0), self.days)

    @property
    def left(self) -> int:
        return (self.until - self.today).days

    @property
    def open(self) -> bool:
        return self.left >= 0


@dataclass(frozen=True)
class InstalmentLine:
    """`overdue` counts the days since it was due, None where it is done or not due yet."""

    row: Instalment
    overdue: int | None
    due_today: bool


class LegalPage:
    """The rows of one dispute, read once."""

    def __init__(self, dispute: Dispute, *, mine: bool, measures: tuple[Measure, ...]):
        self.dispute, self.mine, self.measures = dispute, mine, measures
        self.today = timezone.localdate()
        self.records = list(dispute.mediation_records.select_related("body", "recorded_by"))
        self.agreements = list(dispute.agreements.prefetch_related("instalments", "confirmations"))
        self.visits = list(dispute.visits.select_related("visited_by"))
        self.agreement: Agreement | None = next((a for a in self.agreements if a.in_force), None)
        self.former = [agreement for agreement in self.agreements if not agreement.in_force]
        self.state = State(dispute.state)

    @cached_property
    def instalments(self) -> list[InstalmentLine]:
        if self.agreement is None:
            return []
        return [self._line(row) for row in self.agreement.instalments.all()]

    def _line(self, row: Instalment) -> InstalmentLine:
        open_since = None if row.done_on else (self.today - row.due_on).days
        overdue = open_since if open_since and open_since > 0 else None
        return InstalmentLine(row, overdue, open_since == 0)

    @cached_property
    def window(self) -> Window | None:
        """None without a written agreement in force, and once the court confirmed it."""
        agreement = self.agreement
        if agreement is None or agreement.form != Agreement.WRITTEN or agreement.confirmed:
            return None
        begins = agreement.effective_on
        until = confirmation_until(begins, policy_book().rules_at(timezone.now()))
        return Window(begins, until, self.today)

    @cached_property
    def confirmations(self) -> list[JudicialConfirmation]:
        return [asked for agreement in self.agreements for asked in agreement.confirmations.all()]

    @cached_property
    def may_apply(self) -> bool:
        return self.in_window_states and self.window is not None and self.window.open

    @property
    def in_window_states(self) -> bool:
        return self.state in TRANSITIONS[Action.APPLY_CONFIRMATION].sources

    @cached_property
    def may_change(self) -> bool:
        """The court did not confirm the agreement: another may take its place."""
        return self.agreement is not None and may_be_changed(self.agreement, self.dispute)

    @cached_property
    def step(self) -> LegalStep:
        lines, began = self.instalments, self.dispute.mediation_began_at
        since = [r for r in self.records if began is None or r.recorded_at >= began]
        asked = self.agreement is not None and bool(self.agreement.confirmations.all())
        settled = self.dispute.settled_at
        visits = [v for v in self.visits if settled is None or v.recorded_at >= settled]
        return next_legal_step(
            LegalFacts(
                state=self.state,
                records=len(since),
                agreement=self.agreement is not None,
                may_apply=self.may_apply and not asked,
                last_visit=visits[-1].result if visits else None,
                open_instalments=sum(1 for line in lines if line.row.done_on is None),
                overdue_instalments=sum(1 for line in lines if line.overdue),
            )
        )

    @cached_property
    def form_names(self) -> list[str]:
        """The forms that this user may use now."""
        if not self.mine:
            return []
        allowed = allowed_actions(self.dispute.standing)
        in_force = self.agreement is not None
        offered = {
            "record": Measure.RECORD_MEDIATION in self.measures
            and (self.state not in SETTLED or self.may_change),
            "agreement": Action.RECORD_AGREEMENT in allowed
            or (self.state in SETTLED and not in_force)
            or self.may_change,
            "payment": in_force and Measure.RECORD_PAYMENT in self.measures,
            "apply": self.may_apply,
            "decide": self.state is State.CONFIRMATION_PENDING,
            "visit": Measure.RECORD_VISIT in self.measures,
            "breach": in_force and (Action.RECORD_BREACH in allowed or self.state is State.CLOSED),
        }
        return [name for name, wanted in offered.items() if wanted]
