"""The commune's Facebook Page, through Messenger."""

from bot.channels.messenger.messenger import Messenger

__all__ = ["Messenger"]
