"""Local servers that play the platforms: the same addresses, proofs, limits and refusals, on loopback."""

from tests.platforms.graph import GraphPlatform
from tests.platforms.server import Choice, Letter, Person, Platform
from tests.platforms.telegram import TelegramPlatform
from tests.platforms.zalo import ZaloPlatform

__all__ = ["Choice", "GraphPlatform", "Letter", "Person", "Platform", "TelegramPlatform", "ZaloPlatform"]
