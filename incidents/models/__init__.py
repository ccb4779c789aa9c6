from incidents.models.attachment import Attachment
from incidents.models.dispute import Dispute
from incidents.models.event import DisputeEvent
from incidents.models.exchange import FileJob, ImportMapping
from incidents.models.legal import (
    Agreement,
    CaseDocument,
    FollowUpVisit,
    Instalment,
    JudicialConfirmation,
    MediationRecord,
)
from incidents.models.network import MediationBody, Mediator, Training
from incidents.models.notice import Notice, NoticeAddress
from incidents.models.party import Party, PartyAccess
from incidents.models.phone_key import PhoneKey
from incidents.models.policy import CalendarDay, PolicyVersion
from incidents.models.public import CodeTries, PartyCode, Rating
from incidents.models.results import AppraisalEntry, AppraisalItem, Campaign
from incidents.models.routing import CaseBody, Guidance, Referral
from incidents.models.supplement import ReceivedPhoto, Supplement

__all__ = [
    "Agreement", "AppraisalEntry", "AppraisalItem", "Attachment", "CalendarDay", "Campaign", "CaseBody",
    "CaseDocument", "CodeTries", "Dispute", "DisputeEvent", "FileJob", "FollowUpVisit", "Guidance",
    "ImportMapping", "Instalment", "JudicialConfirmation", "MediationBody", "MediationRecord", "Mediator",
    "Notice", "NoticeAddress", "Party", "PartyAccess", "PartyCode", "PhoneKey", "PolicyVersion", "Rating",
    "ReceivedPhoto", "Referral", "Supplement", "Training",
]  # fmt: skip
