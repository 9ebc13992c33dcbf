"""The commands a citizen may pick from Telegram's list, and the words they stand for."""

from typing import NamedTuple

from telegram import Bot, BotCommand

from bot.channels.telegram.errors import harmless

_WORDS = {
    "menu": "menu",
    "help": "menu",
    "tracuu": "tra cứu",
    "phananh": "phản ánh",
    "nhantin": "nhận tin",
    "dung": "dừng",
    "huy": "hủy",
}

LISTED = (
    BotCommand("menu", "Xem các việc có thể hỏi"),
    BotCommand("phananh", "Gửi phản ánh, kiến nghị"),
    BotCommand("tracuu", "Tra cứu phản ánh đã gửi"),
    BotCommand("nhantin", "Nhận tin hằng tháng"),
    BotCommand("dung", "Dừng nhận tin"),
    BotCommand("huy", "Hủy việc đang làm dở"),
)


class Command(NamedTuple):
    name: str
    argument: str
    bot: str  # whom it names: "/menu@phuong_bot"; "" when it names nobody

    @property
    def words(self) -> str:
        said = _WORDS.get(self.name.lower().replace("_", ""), f"/{self.name}")
        return f"{said} {self.argument}".rstrip()

    def is_for(self, username: str) -> bool:
        return not self.bot or not username or self.bot.lower() == username.lower()


def command_in(text: str) -> Command | None:
    if not text.startswith("/"):
        return None
    head, *argument = text[1:].split(maxsplit=1)[:2] or [""]
    name, _, bot = head.partition("@")
    return Command(name, argument[0].strip() if argument else "", bot)


async def keep_listed(bot: Bot) -> None:
    """Raises `SendError`."""
    if tuple(await harmless(bot.get_my_commands())) != LISTED:
        await harmless(bot.set_my_commands(LISTED))
