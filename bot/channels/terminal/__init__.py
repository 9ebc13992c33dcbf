"""A conversation in the terminal, through the same house as every other channel."""

from bot.channels.terminal.terminal import Terminal

__all__ = ["Terminal"]
