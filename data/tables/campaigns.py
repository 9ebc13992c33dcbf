"""Campaigns and their issues."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from data.tables.base import ms, only


class CampaignState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    DONE = "done"


class Campaign(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    name: str
    text: str
    link: str = ""
    rule: str  # once | fourth_week
    times: list[str] = Field(default_factory=list, sa_type=JSON)  # "16:30" of each airing, Viet Nam time
    starts_at: datetime | None = None  # for `once`
    next_at: datetime | None = Field(default=None, index=True)
    channels: list[str] = Field(default_factory=list, sa_type=JSON)  # empty: all
    outlets: list[str] = Field(default_factory=list, sa_type=JSON)  # where it is also published for everybody
    state: CampaignState = Field(default=CampaignState.DRAFT, sa_type=Text)
    author_id: int | None = Field(default=None, foreign_key="staff.id")
    approved_by: int | None = Field(default=None, foreign_key="staff.id")
    approved_at: datetime | None = None
    created_at: datetime


class IssueState(StrEnum):
    LAYING = "laying"  # the recipients' rows are being written
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Issue(SQLModel, table=True):
    """One edition: a campaign at one instant, with the text as it was approved."""

    __table_args__ = (UniqueConstraint("campaign_id", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    edition: str  # "2026-11": a month's airings are one edition, and nobody gets it twice
    due_at: datetime
    text: str
    link: str = ""
    channels: list[str] = Field(default_factory=list, sa_type=JSON)
    state: IssueState = Field(default=IssueState.LAYING, sa_type=Text, index=True)
    laid_to: int = 0  # the last citizen id that was looked at
    reason: str = ""
    launched_at: datetime
    resumed_at_ms: int = ms()  # failures before it are no reason to pause again
    closed_at: datetime | None = None


class PublicationState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"  # a call is under way, under a lease
    PUBLISHED = "published"
    FAILED = "failed"
    UNSURE = "unsure"  # we asked and never heard
    CANCELLED = "cancelled"


class Publication(SQLModel, table=True):
    """One issue on one outlet that is not person by person: an article, a post on a wall."""

    __table_args__ = (
        UniqueConstraint("issue_id", "account_id"),
        Index("ix_publication_open", "id", **only("waiting")),
        Index("ix_publication_post", "account_id", "platform_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id")
    account_id: int = Field(foreign_key="account.id")
    outlet: str
    state: PublicationState = Field(default=PublicationState.WAITING, sa_type=Text)
    kept: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # what the next call must know
    attempts: int = 0
    retry_at_ms: int = ms()
    lease_until_ms: int = ms()
    reason: str = ""  # for staff, in Vietnamese
    platform_id: str = ""
    done_at: datetime | None = None
