"""The sandbox: three played platforms, their clock, and a page on which one person plays everybody around the house.

Nothing here reaches beyond this machine, and the house is reached only as the real platforms reach it.
"""

import calendar
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.clock import VIET_NAM, time_in_words, utc_now
from tests.platforms import sandbox_acts, sandbox_faults, sandbox_view
from tests.platforms.sandbox_page import Page
from tests.platforms.sandbox_phone import Phone, Refused
from tests.platforms.sandbox_played import PlayedMessenger, PlayedTelegram, PlayedZalo
from tests.platforms.sandbox_players import PLAYERS, STRANGER, id_on
from tests.platforms.wire import Json

RETRY_DELAYS = (1.0, 5.0, 15.0)  # the real ones would outlast a player's patience
TEMPLATE, PHONE_TEMPLATE, UTILITY_TEMPLATE = "203001", "203002", "trang_thai_phan_anh"
FACTS = ("code", "state", "unit")
UTILITY_WORDS = (
    "Phản ánh {{code}} của ông/bà gửi tới {{unit}} đã chuyển sang trạng thái: {{state}}. "
    "Xin cảm ơn ông/bà đã báo tin cho chúng tôi."
)
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


class Sandbox:
    def __init__(self, house_port: int, port: int = 8090) -> None:
        self.house, self.port = f"http://127.0.0.1:{house_port}", port
        self._ahead = timedelta()
        at = f"{self.house}/webhooks"
        self.zalo = PlayedZalo(webhook=f"{at}/zalo", retry_delays=RETRY_DELAYS, clock=self.clock)
        self.messenger = PlayedMessenger(webhook=f"{at}/messenger", retry_delays=RETRY_DELAYS, clock=self.clock)
        self.telegram = PlayedTelegram(clock=self.clock)
        self.channel = self.telegram.chats.channel("Phường Mẫu", "phuong_mau")
        self.staff = self.telegram.chats.group("Cán bộ phường")
        self.phones = {phone.name: phone for phone in self._phones()}
        self._page = Page(self, port)
        self._open = AsyncExitStack()
        self._furnish()

    # the clock

    def clock(self) -> datetime:
        return utc_now() + self._ahead

    def move(self, step: str) -> None:
        """Forward by an hour, day, week or month. Raises `Refused`."""
        if step not in (*STEPS, "month"):
            raise Refused("Đồng hồ không có bước đó.")
        now = self.clock()
        self._ahead += (now + STEPS[step] if step in STEPS else _next_month(now)) - now

    # from start to stop

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        """The platforms and the page listen. Raises `OSError` when the page's port is taken."""
        async with AsyncExitStack() as opening:
            for platform in (self.zalo, self.messenger, self.telegram):
                await platform.start()
                opening.push_async_callback(platform.stop)
            opening.push_async_callback(self._page.stop)
            await self._page.start()
            self._open = opening.pop_all()

    async def stop(self) -> None:
        await self._open.aclose()

    def environment(self, home: Path) -> dict[str, str]:
        """What a house between these platforms reads; they must have started."""
        zalo, messenger, telegram = self.zalo, self.messenger, self.telegram
        return {
            "LOA_HOME": str(home),
            "LOA_PORT": self.house.rpartition(":")[2],
            "LOA_PUBLIC_URL": self.house,
            "ZALO_APP_ID": zalo.app_id,
            "ZALO_APP_SECRET": zalo.oauth.app_secret,
            "ZALO_OA_SECRET": zalo.oa_secret,
            "ZALO_OA_ID": zalo.oa_id,
            "ZALO_ACCESS_TOKEN": zalo.oauth.access,
            "ZALO_REFRESH_TOKEN": zalo.oauth.refresh,
            "ZALO_API_URL": zalo.url,
            "ZALO_OAUTH_URL": zalo.url,
            "ZALO_BUSINESS_URL": zalo.url,
            "ZALO_TEMPLATE_ID": TEMPLATE,
            "ZALO_PHONE_TEMPLATE_ID": PHONE_TEMPLATE,
            "MESSENGER_PAGE_ID": messenger.page_id,
            "MESSENGER_PAGE_TOKEN": messenger.page_token,
            "MESSENGER_APP_SECRET": messenger.app_secret,
            "MESSENGER_VERIFY_TOKEN": messenger.verify_token,
            "MESSENGER_API_URL": f"{messenger.url}/v26.0",
            "MESSENGER_APP_ID": str(messenger.app_id),
            "MESSENGER_PUBLISHES": "yes",
            "MESSENGER_HUMAN_AGENT": "yes",
            "MESSENGER_UTILITY_TEMPLATE": UTILITY_TEMPLATE,
            "TELEGRAM_BOT_TOKEN": telegram.bot_token,
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_STAFF_CHAT_ID": self.staff.id,
            "TELEGRAM_CHANNEL_ID": self.channel.id,
        }

    # what the page asks for

    def state(self, player: str) -> Json:
        """Raises `Refused`."""
        phones = [sandbox_view.phone(phone, phone.person(player)) for phone in self.phones.values()]
        published = sandbox_view.lists(self.zalo, self.messenger, self.telegram, self.channel, self.staff)
        return {"now": time_in_words(self.clock()), "phones": phones, "lists": published}

    def phone(self, name: str) -> Phone:
        if name not in self.phones:
            raise Refused("Không có điện thoại đó.")
        return self.phones[name]

    def act(self, phone: str, player: str, act: str, words: str, payload: str) -> None:
        at = self.phone(phone)
        at.act(at.person(player), act, words, payload)

    def press_in_staff_group(self, player: str, payload: str) -> None:
        person = self.phones["telegram"].person(player)
        self.telegram.in_background(self.telegram.presses_in(self.staff, person, payload))

    async def switch(self, phone: str, fault: str, on: bool) -> None:
        faults = self.phone(phone).faults
        if fault not in faults:
            raise Refused("Không có lỗi đó để gây.")
        await faults[fault].switch(on)

    # what stands ready

    def _phones(self) -> tuple[Phone, ...]:
        zalo, messenger, telegram = self.zalo, self.messenger, self.telegram
        acts, faults = sandbox_acts, sandbox_faults
        return (
            Phone("zalo", "Zalo", zalo, acts.on_zalo(zalo), faults.of_zalo(zalo)),
            Phone("messenger", "Messenger", messenger, acts.on_messenger(messenger), faults.of_messenger(messenger)),
            Phone("telegram", "Telegram", telegram, acts.on_telegram(telegram), faults.of_telegram(telegram)),
        )

    def _furnish(self) -> None:
        """The people by name, the approved templates, and the receipts that real phones send."""
        for platform in (self.zalo, self.messenger, self.telegram):
            for player in PLAYERS:
                platform.person(id_on(platform, player)).name = player.card.name
        self.messenger.phone_only.add(id_on(self.messenger, STRANGER))  # has no profile
        for template in (TEMPLATE, PHONE_TEMPLATE):
            self.zalo.templates.approve(template, *FACTS)
        body = {"type": "BODY", "text": UTILITY_WORDS, "example": {}}
        asked = {"name": UTILITY_TEMPLATE, "language": "vi", "category": "UTILITY", "components": [body]}
        self.messenger.templates.create(asked)
        self.zalo.receipts, self.messenger.receipts = True, "mids"


def _next_month(at: datetime) -> datetime:
    """The same day and hour of the next month in Viet Nam, or its last day."""
    local = at.astimezone(VIET_NAM)
    year, month = divmod(local.year * 12 + local.month, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)
