"""A visitor of the chat widget who is not logged in: known, and answered, only within one conversation."""

_PREFIX = "anonymous:"


def person_of(visitor: str, conversation: str) -> str:
    return f"{_PREFIX}{visitor}:{conversation}" if visitor else ""


def is_anonymous(person: str) -> bool:
    return person.startswith(_PREFIX)


def recipient(person: str) -> dict[str, str]:
    """Zalo's name for the one who is to get a message."""
    if not is_anonymous(person):
        return {"user_id": person}
    visitor, _, conversation = person.removeprefix(_PREFIX).partition(":")
    return {"anonymous_id": visitor, "conversation_id": conversation}
