"""The message a citizen gets of an issue."""

from bot.messages import Reply
from bot.text import shorten
from handlers.citizens import texts

LONGEST = 1_500  # with link and footer it stays one message on every channel


def compose(text: str, link: str) -> Reply:
    body = f"{text}\n\n{link}" if link else text
    return Reply(body + texts.NEWS_FOOTER)


LONGEST_TITLE = 120


def title_of(text: str) -> str:
    """What stands above a publication: the first line."""
    return shorten(text.strip().partition("\n")[0], LONGEST_TITLE)
