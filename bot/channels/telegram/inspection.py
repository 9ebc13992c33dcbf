"""What the bot is and may do, asked of Telegram for the staff."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from telegram import Bot, ChatFullInfo, ChatMember, ChatMemberAdministrator, ChatMemberRestricted, WebhookInfo
from yarl import URL

from bot.abilities import Finding
from bot.channel import SendError
from bot.channels.telegram.errors import harmless

Result = TypeVar("Result")

CLOCK_TOLERANCE = timedelta(seconds=60)
RECENT = timedelta(hours=1)

_TOKEN, _WEBHOOK, _RIVAL = "Khoá của bot", "Nhận tin", "Nơi khác hỏi tin"
_STAFF, _CHANNEL, _CLOCK = "Nhóm cán bộ", "Kênh", "Giờ của máy chủ"
_ALONE = "Mỗi bot chỉ chạy ở một nơi: xin tắt nơi kia, hoặc gửi /revoke cho BotFather để đổi khoá."


@dataclass(frozen=True, slots=True, repr=False)  # the library writes the token into a bot's repr
class Inspection:
    bot: Bot
    staff_chat_id: str
    channel_id: str

    async def probe(self) -> dict[str, str]:
        me = await harmless(self.bot.get_me())
        known = {
            "Tên": me.full_name,
            "Tài khoản": f"@{me.username}",
            "Thêm vào nhóm": "được" if me.can_join_groups else "không được",
            "Đọc mọi tin trong nhóm": "có" if me.can_read_all_group_messages else "không, chỉ đọc lệnh",
        }
        return known | ({_CHANNEL: await self._channel_title()} if self.channel_id else {})

    async def _channel_title(self) -> str:
        try:
            return (await harmless(self.bot.get_chat(self.channel_id))).title or self.channel_id
        except SendError as error:
            return f"chưa vào được ({error.detail})"

    async def findings(self, webhook: str, now: datetime) -> list[Finding]:
        """Of a bot that was just reached."""
        found = [await _looked_at(_WEBHOOK, self.bot.get_webhook_info(), lambda info: _webhook(info, webhook, now))]
        if self.staff_chat_id:
            found.append(await self._place(_STAFF, self.staff_chat_id, _staff))
        if self.channel_id:
            found.append(await self._place(_CHANNEL, self.channel_id, _channel))
        return found

    async def _place(
        self, what: str, chat_id: str, judge: Callable[[ChatFullInfo, ChatMember | None], Finding]
    ) -> Finding:
        return await _looked_at(what, self._chat_and_us(chat_id), lambda found: judge(*found))

    async def _chat_and_us(self, chat_id: str) -> tuple[ChatFullInfo, ChatMember | None]:
        chat = await self.bot.get_chat(chat_id)
        us = int(self.bot.token.partition(":")[0])
        return chat, None if chat.type == chat.PRIVATE else await self.bot.get_chat_member(chat_id, us)


async def reached(bot: Bot) -> Finding:
    return await _looked_at(_TOKEN, bot.get_me(), lambda me: Finding(_TOKEN, True, f"đúng, là khoá của @{me.username}"))


async def _looked_at(what: str, work: Awaitable[Result], judge: Callable[[Result], Finding]) -> Finding:
    try:
        return judge(await harmless(work))
    except SendError as error:
        again = (
            "Xin thử lại sau ít phút; nếu vẫn vậy, hỏi người quản trị mạng máy chủ có tới được api.telegram.org không."
        )
        said = "chưa hỏi được Telegram" if error.failure.retry and not error.advice else "Telegram không nhận"
        return Finding(what, False, f"{said} ({error.detail})", error.advice or again)


def _webhook(info: WebhookInfo, ours: str, now: datetime) -> Finding:
    if info.url != ours:
        return _not_ours(info, ours)
    waiting = f"{info.pending_update_count} tin đang chờ"
    if not ours:
        return Finding(_WEBHOOK, True, f"Loa tự hỏi tin (polling), {waiting}")
    if info.last_error_date and now - info.last_error_date < RECENT:
        minutes = max(0, int((now - info.last_error_date).total_seconds() / 60))
        said = f"cách đây {minutes} phút Telegram không giao được: {info.last_error_message}; {waiting}"
        return Finding(_WEBHOOK, False, said, _undelivered(info.last_error_message or ""))
    return Finding(_WEBHOOK, True, f"webhook đúng địa chỉ, {waiting}")


def _not_ours(info: WebhookInfo, ours: str) -> Finding:
    host = URL(info.url).host or "một địa chỉ lạ"
    if not ours:
        todo = f"Khởi động lại Loa để gỡ webhook ấy. {_ALONE}"
        return Finding(_WEBHOOK, False, f"có người đã đặt webhook tới {host}, nên Loa không hỏi được tin", todo)
    if not info.url:
        return Finding(_WEBHOOK, False, "chưa đăng ký webhook với Telegram", "Khởi động lại Loa để đăng ký.")
    todo = f"Khởi động lại Loa để đăng ký lại. {_ALONE}"
    return Finding(_WEBHOOK, False, f"webhook đang trỏ tới {host}, không phải địa chỉ của Loa", todo)


def _undelivered(message: str) -> str:
    if "403" in message:
        return "Mã bí mật không khớp: xin khởi động lại Loa để đăng ký lại TELEGRAM_WEBHOOK_SECRET."
    return "Xem tên miền, chứng chỉ HTTPS và cổng (443, 80, 88, 8443) có mở được từ Internet không."


def _staff(chat: ChatFullInfo, us: ChatMember | None) -> Finding:
    name = chat.title or chat.full_name or "nhóm"
    silent = isinstance(us, ChatMemberRestricted) and not us.can_send_messages
    if us and (us.status in (us.LEFT, us.BANNED) or silent):
        todo = f"Mở nhóm “{name}”, thêm bot làm thành viên và cho bot gửi tin."
        return Finding(_STAFF, False, f"bot không viết được vào “{name}”", todo)
    return Finding(_STAFF, True, f"viết được vào “{name}”")


def _channel(chat: ChatFullInfo, us: ChatMember | None) -> Finding:
    name = chat.title or "kênh"
    if chat.type != chat.CHANNEL:
        return Finding(_CHANNEL, False, f"“{name}” không phải là kênh", "Xin xem lại TELEGRAM_CHANNEL_ID.")
    if isinstance(us, ChatMemberAdministrator) and us.can_post_messages:
        return Finding(_CHANNEL, True, f"đăng được bài lên “{name}”")
    todo = f"Mở kênh “{name}”, mục Quản trị viên, thêm bot với quyền đăng bài."
    return Finding(_CHANNEL, False, f"bot chưa được đăng bài lên “{name}”", todo)


def rival(seen: bool) -> Finding:
    if seen:
        return Finding(_RIVAL, False, "có nơi khác vừa hỏi tin bằng cùng khoá này", _ALONE)
    return Finding(_RIVAL, True, "không thấy")


def clock(theirs: datetime, now: datetime) -> Finding:
    off = now - theirs
    if abs(off) <= CLOCK_TOLERANCE:
        return Finding(_CLOCK, True, "đúng")
    direction = "nhanh" if off > timedelta(0) else "chậm"
    said = f"{direction} {int(abs(off).total_seconds())} giây so với giờ của Telegram"
    return Finding(_CLOCK, False, said, "Xin bật đồng bộ giờ (NTP) trên máy chủ.")
