from bot.channels.telegram.telegram import Telegram

__all__ = ["Telegram"]
