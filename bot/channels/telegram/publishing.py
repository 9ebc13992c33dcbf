"""A campaign's month as a post in the commune's Telegram channel.

Telegram tells a bot nothing of what stands in a channel: what we did not hear stays unsure, and a person looks.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from telegram import Bot, LinkPreviewOptions, Message

from bot.abilities import Post, Step
from bot.channel import Failure, SendError
from bot.channels.telegram.errors import TOO_LONG, asked
from bot.channels.telegram.limits import CAPTION_UNITS, TEXT_UNITS, units

PAUSE_SECONDS = 1.0
UNHEARD = "unheard"
_LOOK_FIRST = "Không rõ bài đã lên kênh chưa: xin mở kênh Telegram xem, chỉ đăng lại khi chưa thấy bài."


@dataclass(frozen=True, slots=True, repr=False)  # the library writes the token into a bot's repr
class Outlet:
    bot: Bot
    channel_id: str
    picture: Callable[[str], Awaitable[bytes]]

    async def publish(self, post: Post, kept: Mapping[str, str]) -> Step:
        """A picture with its caption, or where the text is too long for one, the picture and then the text."""
        text = _words(post)
        if UNHEARD in kept:
            raise SendError(Failure.UNSURE, "the post may be there", advice=_LOOK_FIRST)
        if units(text) > TEXT_UNITS:
            raise SendError(Failure.REJECTED, f"more than {TEXT_UNITS} UTF-16 units", advice=TOO_LONG)
        pictured = bool(post.picture or post.picture_url)
        if not pictured or "photo" in kept:
            return _published(await _heard(self._text(text, preview=not pictured)))
        fits = units(text) <= CAPTION_UNITS
        sent = await _heard(self._photo(post, text if fits else None))
        return _published(sent) if fits else Step({"photo": str(sent.message_id)}, PAUSE_SECONDS)

    async def _text(self, text: str, *, preview: bool) -> Message:
        options = LinkPreviewOptions(is_disabled=not preview)
        return await self.bot.send_message(self.channel_id, text, link_preview_options=options)

    async def _photo(self, post: Post, caption: str | None) -> Message:
        photo = await self.picture(post.picture) if post.picture else post.picture_url
        return await self.bot.send_photo(self.channel_id, photo, caption=caption)


def _words(post: Post) -> str:
    title = "" if post.text.startswith(post.title) else post.title
    link = "" if post.link in post.text else post.link
    return "\n\n".join(part for part in (title, post.text, link) if part)


def _published(sent: Message) -> Step:
    note = f"Xem bài: {sent.link}" if sent.link else ""
    return Step(platform_id=str(sent.message_id), note=note)


async def _heard(work: Awaitable[Message]) -> Message:
    try:
        return await asked(work)
    except SendError as error:
        error.only_person = error.failure is Failure.TOO_FAST  # a channel's flood is the channel's
        if error.failure is Failure.UNSURE:
            error.advice = _LOOK_FIRST
        raise
