"""The message a citizen gets of an issue."""

from bot.messages import Reply
from bot.text import shorten
from handlers.citizens import texts

LONGEST = 1_500  # with link and footer it stays one message on every channel


def compose(text: str, link: str) -> Reply:
    body = f"{text}\n\n{link}" if link else text
    return Reply(body + texts.NEWS_FOOTER)


LONGEST_TITLE = 120


def headed(text: str) -> tuple[str, str]:
    """A publication's title and what stands below it: the first line, where that is short enough, and the rest."""
    first, _, rest = text.strip().partition("\n")
    title = shorten(first, LONGEST_TITLE)
    return title, rest.strip() if title == first and rest.strip() else text.strip()
