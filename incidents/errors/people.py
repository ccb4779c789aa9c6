"""Notices and handing over: what can go wrong."""

from incidents.errors.roots import FieldsInvalid, IncidentsError


class NoticeNotFound(IncidentsError):
    code = "notice_not_found"
    zh = "没有这条通知。"
    en = "There is no such notice."


class ChannelFailed(IncidentsError):
    """A notice was not taken by the way out `channel`; `reason` names no address."""

    code = "channel_failed"
    zh = "渠道 {channel} 没有接收({reason}):请检查地址,或请管理员检查网关。"
    en = "The channel {channel} did not take it ({reason}): check the address, or ask an administrator."


class HandoverNotAllowed(IncidentsError):
    code = "handover_not_allowed"
    zh = "只有管理员、区中心和街道中心可以办理工作交接,且限于自己区域内的人员。"
    en = "Only administrators and the centres of district and street hand work over, within their area."


class HandoverInvalid(FieldsInvalid):
    code = "handover_invalid"
