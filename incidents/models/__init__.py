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
from incidents.models.policy import CalendarDay, PolicyVersion
from incidents.models.public import CodeTries, PartyCode, Rating
from incidents.models.results import AppraisalEntry, AppraisalItem, Campaign
from incidents.models.routing import CaseBody, Guidance, Referral

__all__ = [
    "Agreement", "AppraisalEntry", "AppraisalItem", "Attachment", "CalendarDay", "Campaign", "CaseBody",
    "CaseDocument", "CodeTries", "Dispute", "DisputeEvent", "FileJob", "FollowUpVisit", "Guidance",
    "ImportMapping", "Instalment", "JudicialConfirmation", "MediationBody", "MediationRecord", "Mediator",
    "Notice", "NoticeAddress", "Party", "PartyAccess", "PartyCode", "PolicyVersion", "Rating", "Referral",
    "Training",
]  # fmt: skip
