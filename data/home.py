"""LOA_HOME: the one folder with everything that is not code."""

import os
import secrets
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

LOCK = "lock"


class Unusable(Exception):
    """The folder cannot be used; the text says why and what to do, in Vietnamese."""


def prepare(home: Path) -> None:
    """Make the folder when it is not there, and make sure that it can be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        probe = home / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Unusable(
            f"Không ghi được vào thư mục {home} ({error.strerror}). Xin đổi LOA_HOME hoặc cấp quyền."
        ) from error


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the folder for this process: a second server on it would only do harm."""
    try:
        with FileLock(home / LOCK, timeout=0):
            yield
    except Timeout as error:
        raise Unusable(f"Một máy chủ Loa khác đang chạy trên thư mục {home}. Xin dừng nó trước.") from error


def clear(home: Path) -> None:
    """Begin anew in a folder that is held by this process."""
    for each in home.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each.name != LOCK:
            each.unlink()


def secret_key(home: Path, given: str) -> str:
    """The given key, or the one kept in the folder, made when there is none."""
    if given:
        return given
    path = home / "secret.key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def derived(key: str, purpose: str) -> bytes:
    """A key for one purpose: 32 bytes in the base64 that Fernet takes."""
    return urlsafe_b64encode(sha256(f"{purpose}:{key}".encode()).digest())
