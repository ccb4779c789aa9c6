"""The legal loop and a party's own page: what can go wrong."""

from incidents.errors.roots import IncidentsError


class ConfirmationTooLate(IncidentsError):
    code = "confirmation_too_late"
    zh = "申请司法确认应在协议生效起 {days} 日内,已于 {until} 届满:可另行起诉或重新调解。"
    en = "Confirmation must be asked for within {days} days, until {until}: sue, or mediate anew."


class AgreementMissing(IncidentsError):
    code = "agreement_missing"
    zh = "这件纠纷没有登记有效的调解协议:请先登记协议内容。"
    en = "No agreement in force is recorded for this dispute: record its terms first."


class AgreementNotWritten(IncidentsError):
    code = "agreement_not_written"
    zh = "只有书面协议可以申请司法确认:请先由双方签订书面协议。"
    en = "Only a written agreement can be confirmed by the court: have the parties sign one first."


class ConfirmationNotRecorded(IncidentsError):
    code = "confirmation_not_recorded"
    zh = "申请司法确认要写明法院和申请日期:请在“调解与协议”页登记,接口用 …/confirmations。"
    en = "Record the application, with court and day, on the mediation tab or by …/confirmations."


class AgreementConfirmed(IncidentsError):
    code = "agreement_confirmed"
    zh = "法院已确认这份协议,不必再申请:一方不履行的,可以申请强制执行。"
    en = "The court confirmed this agreement already: if it is not kept, ask for its enforcement."


class PartyCodeUnknown(IncidentsError):
    """Wrong or revoked: the answer is the same for both."""

    code = "party_code_unknown"
    zh = "查询码不正确或已停用:请核对后再输入,或向办理单位索取新的查询码。"
    en = "The code is wrong or no longer in use: check it, or ask the office for another."


class TooManyCodes(IncidentsError):
    code = "too_many_codes"
    zh = "输入次数过多,请一分钟后再试。"
    en = "Too many tries: wait a minute and try again."


class RatingTooEarly(IncidentsError):
    code = "rating_too_early"
    zh = "办结之后才能评价。"
    en = "A case can be rated once it has ended."


class RatedAlready(IncidentsError):
    code = "rated_already"
    zh = "这个查询码已评价过,每个查询码评价一次。"
    en = "This code has rated already; each code rates once."
