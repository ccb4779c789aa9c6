"""The forms of the legal loop. Each knows the service that it is for, and keeps what was typed."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import User
from incidents.errors import FieldsInvalid
from incidents.models import Agreement, Dispute, FollowUpVisit, JudicialConfirmation
from incidents.models.legal import TEXT
from incidents.services import agreements, breaches, confirmations, mediation_records, visits
from incidents.services.agreements import MOST_INSTALMENTS, WHAT_LENGTH, InstalmentGiven
from incidents.two_languages import in_readers_language

EMPTY_ROWS = 3


def _day(label, **given) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **given)


def _text(label, length: int, rows: int = 4, **given) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea({"rows": rows}), **given)


class LegalForm(forms.Form):
    """A form of one dispute. `take` calls its service with what was given."""

    def __init__(self, dispute: Dispute, data=None):
        super().__init__(data, prefix=self.name)
        self.dispute = dispute
        for field, value in self.suggested(timezone.localtime()).items():
            self.initial[field] = value

    def suggested(self, now) -> dict:
        """What stands in an empty form."""
        return {}

    def take(self, *, user: User, dispute_id: UUID, expected_version: int | None) -> None:
        given = {"user": user, "dispute_id": dispute_id, "expected_version": expected_version}
        self.service(**given, **self.cleaned_data)

    def show(self, error: FieldsInvalid) -> None:
        """Put the service's refusal beside the fields it names."""
        for field, faults in error.facts["errors"].items():
            for fault in faults:
                self.add_error(field if field in self.fields else None, in_readers_language(fault["message"]))


class RecordForm(LegalForm):
    name = "record"
    held_at = forms.DateTimeField(
        label=_("调解时间"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )
    place = forms.CharField(label=_("地点"), max_length=mediation_records.PLACE_LENGTH)
    body = forms.ChoiceField(label=_("调解组织"), required=False)
    attendees = _text(
        _("参加人员"),
        mediation_records.ATTENDEES_LENGTH,
        help_text=_("每行一人,写明身份,例如:李某(申请人)。"),
    )
    summary = _text(_("调解摘要"), TEXT, rows=6, help_text=_("双方的主要意见和调解的进展。"))
    begin = forms.BooleanField(label=_("同时开始调解,案件转为“调解中”"), required=False)

    def __init__(self, dispute, data=None):
        super().__init__(dispute, data)
        bodies = {link.body.code: link.body.name for link in dispute.bodies.select_related("body")}
        if dispute.lead_body:
            bodies = {dispute.lead_body.code: dispute.lead_body.name} | bodies
        self.fields["body"].choices = [("", _("不指定")), *bodies.items()]
        if not bodies:
            del self.fields["body"]
        if dispute.standing.state not in mediation_records.BEGINS_FROM:
            del self.fields["begin"]

    def suggested(self, now):
        lead = self.dispute.lead_body
        return {"held_at": now.replace(second=0), "begin": True, "body": lead.code if lead else ""}

    service = staticmethod(mediation_records.record_mediation)


class InstalmentForm(forms.Form):
    what = forms.CharField(label=_("履行内容"), max_length=WHAT_LENGTH)
    amount_yuan = forms.DecimalField(
        label=_("金额(元)"), required=False, max_digits=14, decimal_places=2, min_value=0,
        widget=forms.NumberInput({"step": "0.01", "inputmode": "decimal"}),
    )  # fmt: skip
    due_on = _day(_("履行期限"))


InstalmentRows = formset_factory(
    InstalmentForm, extra=EMPTY_ROWS, max_num=MOST_INSTALMENTS, absolute_max=MOST_INSTALMENTS + EMPTY_ROWS
)


class AgreementForm(LegalForm):
    name = "agreement"
    form = forms.ChoiceField(
        label=_("协议形式"), choices=Agreement._meta.get_field("form").choices[::-1], widget=forms.RadioSelect
    )
    reached_on = _day(_("达成日期"))
    effective_on = _day(
        _("生效日期"),
        required=False,
        help_text=_("书面协议自各方签名、盖章之日生效。不填即为达成日期。"),
    )
    facts = _text(_("纠纷主要事实"), TEXT, required=False)
    terms = _text(_("协议内容"), TEXT, rows=6, help_text=_("各方应当做什么、何时做、怎样做。"))

    def __init__(self, dispute, data=None):
        super().__init__(dispute, data)
        self.rows = InstalmentRows(data, prefix="instalments")

    def suggested(self, now):
        return {"form": Agreement.WRITTEN, "reached_on": now.date()}

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.rows.is_valid()])

    def service(self, **given) -> None:
        filled = [row.cleaned_data for row in self.rows if row.has_changed()]
        agreements.record_agreement(instalments=[InstalmentGiven(**row) for row in filled], **given)

    def show(self, error):
        """An instalment's fault, "instalments.0.due_on", belongs to that of the filled rows."""
        filled = [row for row in self.rows if row.has_changed()]
        others = {}
        for name, faults in error.facts["errors"].items():
            head, _dot, rest = name.partition(".")
            if head == "instalments" and rest:
                place, _dot, field = rest.partition(".")
                for fault in faults:
                    filled[int(place)].add_error(field, in_readers_language(fault["message"]))
            else:
                others[name] = faults
        super().show(FieldsInvalid(others))


class PaymentForm(LegalForm):
    name = "payment"
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_INSTALMENTS)
    done_on = _day(_("履行日期"))

    def suggested(self, now):
        return {"done_on": now.date()}

    service = staticmethod(agreements.record_payment)


class ApplyForm(LegalForm):
    name = "apply"
    court = forms.CharField(label=_("法院"), max_length=confirmations.COURT_LENGTH)
    applied_on = _day(_("申请日期"))
    reference = forms.CharField(
        label=_("法院案号"),
        max_length=confirmations.REFERENCE_LENGTH,
        required=False,
        help_text=_("有了再填。"),
    )

    def suggested(self, now):
        return {"court": f"{settings.GRIDGOV_DISTRICT_NAME}人民法院", "applied_on": now.date()}

    service = staticmethod(confirmations.apply_confirmation)


class DecideForm(LegalForm):
    name = "decide"
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[
            choice
            for choice in JudicialConfirmation._meta.get_field("outcome").choices
            if choice[0] in confirmations.OUTCOMES
        ],
        widget=forms.RadioSelect,
    )
    decided_on = _day(_("裁定或撤回日期"))
    reference = forms.CharField(
        label=_("法院案号"), max_length=confirmations.REFERENCE_LENGTH, required=False
    )
    reason = _text(
        _("说明"), confirmations.REASON_LENGTH, required=False, help_text=_("裁定驳回的,请写明法院的理由。")
    )

    def suggested(self, now):
        return {"decided_on": now.date()}

    service = staticmethod(confirmations.decide_confirmation)


class VisitForm(LegalForm):
    name = "visit"
    visited_on = _day(_("回访日期"))
    method = forms.ChoiceField(
        label=_("方式"), choices=FollowUpVisit._meta.get_field("method").choices, widget=forms.RadioSelect
    )
    result = forms.ChoiceField(
        label=_("结果"), choices=FollowUpVisit._meta.get_field("result").choices, widget=forms.RadioSelect
    )
    note = _text(_("回访情况"), visits.NOTE_LENGTH, required=False)

    def suggested(self, now):
        return {"visited_on": now.date()}

    service = staticmethod(visits.record_visit)


ADVICE_WORDS = {
    breaches.MEDIATE_AGAIN: _("双方愿意,再次调解"),
    breaches.COURT: _("可以就协议的履行或内容向人民法院起诉(人民调解法第三十二条)"),
    breaches.ARBITRATION: _("有仲裁约定或属于劳动争议的,可以申请仲裁"),
    breaches.ENFORCEMENT: _("协议经法院确认有效,可以向人民法院申请强制执行(人民调解法第三十三条)"),
}


class BreachForm(LegalForm):
    name = "breach"
    broken_on = _day(_("违约日期"), help_text=_("应履行而没有履行的那一天。"))
    breach = _text(_("违约情况"), breaches.BREACH_LENGTH)
    advice = forms.ChoiceField(label=_("告知双方"), widget=forms.RadioSelect)

    def __init__(self, dispute, data=None):
        super().__init__(dispute, data)
        offered = breaches.advice_for(agreements.agreement_in_force(dispute))
        self.fields["advice"].choices = [(advice, ADVICE_WORDS[advice]) for advice in offered]

    def suggested(self, now):
        return {"broken_on": now.date()}

    service = staticmethod(breaches.record_breach)


FORMS: dict[str, type[LegalForm]] = {
    form.name: form
    for form in (RecordForm, AgreementForm, PaymentForm, ApplyForm, DecideForm, VisitForm, BreachForm)
}
