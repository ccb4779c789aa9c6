"""Referrals and guidance: what can go wrong."""

from incidents.errors.roots import IncidentsError


class ReferralPending(IncidentsError):
    """`organisation` is the partner, `answer_by` until when it may answer."""

    code = "referral_pending"
    zh = "与{organisation}的转办尚待答复:请先登记答复。"
    en = "The referral with {organisation} waits for an answer: write that down first."


class ReferralNotPending(IncidentsError):
    code = "referral_not_pending"
    zh = "这件转办已有答复,或没有这件转办:请刷新页面查看。"
    en = "There is no such referral, or it is answered: look at the case again."


class GuidanceNotOpen(IncidentsError):
    code = "guidance_not_open"
    zh = "这个请示已有答复,或没有这个请示:请刷新页面查看。"
    en = "There is no such question, or it is answered: look at the case again."
