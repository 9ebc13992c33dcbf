from typing import Protocol


class Photos(Protocol):
    async def keep(self, data: bytes) -> str:
        """The stored name. Raises `ValueError` with a Vietnamese sentence for what is no image or too large."""

    async def read(self, name: str) -> bytes:
        """A JPEG. Raises `FileNotFoundError`."""
