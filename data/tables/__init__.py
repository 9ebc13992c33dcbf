"""Everything that is remembered: one file of tables a subject."""

from data.tables.campaigns import Campaign, CampaignState, Issue, IssueState, Publication, PublicationState
from data.tables.casework import Complaint, ComplaintEvent, ComplaintState, Export
from data.tables.knowledge import GoldenQuestion, Neighbour, Procedure, Question
from data.tables.mail import Arrival, ArrivalState, Attachment, Delivery, DeliveryKind, DeliveryState
from data.tables.office import Audit, SignInLink, Staff, StaffSession
from data.tables.people import Citizen, Consent, Conversation, Message
from data.tables.places import Account, Counter, DayOff, PlatformRule, TokenPair, Unit

__all__ = [
    "Account",
    "Arrival",
    "ArrivalState",
    "Attachment",
    "Audit",
    "Campaign",
    "CampaignState",
    "Citizen",
    "Complaint",
    "ComplaintEvent",
    "ComplaintState",
    "Consent",
    "Conversation",
    "Counter",
    "DayOff",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Export",
    "GoldenQuestion",
    "Issue",
    "IssueState",
    "Message",
    "Neighbour",
    "PlatformRule",
    "Procedure",
    "Publication",
    "PublicationState",
    "Question",
    "SignInLink",
    "Staff",
    "StaffSession",
    "TokenPair",
    "Unit",
]
