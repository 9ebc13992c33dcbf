"""Reading JSON that others wrote: what is not there, or not of its kind, is empty and never an error."""

from typing import Any


def at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def word(value: Any) -> str:
    """Text or an id; PostgreSQL cannot keep the NUL that JSON can carry."""
    return str(value).replace("\0", "") if isinstance(value, str | int) else ""
