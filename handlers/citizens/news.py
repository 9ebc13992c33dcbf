"""The message a citizen gets of an issue."""

from bot.messages import Reply
from handlers.citizens import texts

LONGEST = 1_500  # with link and footer it stays one message on every channel


def compose(text: str, link: str) -> Reply:
    body = f"{text}\n\n{link}" if link else text
    return Reply(body + texts.NEWS_FOOTER)
