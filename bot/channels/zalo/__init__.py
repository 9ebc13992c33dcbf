"""The commune's Zalo Official Account."""

from bot.channels.zalo.tokens import TokenPair, Tokens, TokenStore
from bot.channels.zalo.zalo import Zalo

__all__ = ["TokenPair", "TokenStore", "Tokens", "Zalo"]
