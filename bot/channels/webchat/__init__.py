from bot.channels.webchat.lines import Line
from bot.channels.webchat.page import Page
from bot.channels.webchat.photos import Photos
from bot.channels.webchat.webchat import WebChat

__all__ = ["Line", "Page", "Photos", "WebChat"]
