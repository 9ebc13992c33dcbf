"""What is due is launched, laid down in pieces, watched, and closed. Run it again: nothing is added."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from data import campaigns
from data.database import Database
from data.publications import Outlet
from data.tables import IssueState
from schedules.trouble import Troubles

log = logging.getLogger(__name__)


async def launch_due(
    database: Database, now: datetime, laid: Callable[[], None], troubles: Troubles, outlets: Sequence[Outlet] = ()
) -> int:
    """Launch the campaigns that are due and lay down every open issue; how many deliveries' pieces were written."""
    lead = max((outlet.lead for outlet in outlets), default=timedelta())
    for campaign_id in await database.read(campaigns.due, now, lead):
        issue = await database.write(campaigns.launch, campaign_id, now, outlets)
        if issue:
            log.info("issue %s of campaign %d launched", issue.id, campaign_id)
            if issue.reason:
                await troubles.tell(
                    None, f"Bản tin số {issue.id} bị lỡ giờ nên đang tạm dừng. Xem mục “Tuyên truyền”.", "/campaigns"
                )
    pieces = 0
    for issue in await database.read(campaigns.issues_in, IssueState.LAYING):
        assert issue.id
        while await database.write(campaigns.lay_piece, issue.id, now):
            pieces += 1
        laid()
    return pieces


async def watch(database: Database, now: datetime, troubles: Troubles) -> None:
    for issue in await database.write(campaigns.pause_failing, now):
        log.error("issue %s paused itself: %s", issue.id, issue.reason)
        await troubles.tell(
            None, f"Bản tin số {issue.id} tự tạm dừng vì lỗi gửi nhiều. Xem mục “Tuyên truyền”.", "/campaigns"
        )
    await database.write(campaigns.close_finished, now)
