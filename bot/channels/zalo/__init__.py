"""The commune's Zalo Official Account."""

from bot.channels.zalo.oauth import TokenPair, code_in
from bot.channels.zalo.tokens import Tokens, TokenStore
from bot.channels.zalo.zalo import Zalo

__all__ = ["TokenPair", "TokenStore", "Tokens", "Zalo", "code_in"]
