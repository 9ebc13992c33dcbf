"""Files of citizens: fetched while the platform has them, without EXIF, and gone when they must be."""

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image
from sqlmodel import Session

from bot.channel import Failure, SendError
from bot.messages import Attachment as Sent
from data.database import Database
from data.tables import Account, Attachment
from schedules.attachments import (
    LONGEST_SIDE,
    TRIES,
    NotAnImage,
    Photos,
    Store,
    clean_image,
    fetch_waiting,
)
from tests.conftest import NOON
from tests.data.people import NOON_MS, citizen, keep, rows
from tests.schedules.line import Line


def jpeg(size: tuple[int, int] = (60, 40), *, orientation: int = 1) -> bytes:
    """A photo as a phone takes it: with place, device and orientation."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Hùng's phone"
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (13.0, 23.0, 42.0)}
    return written(Image.new("RGB", size, "green"), "JPEG", exif=exif)


def written(image: Image.Image, kind: str, **more: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


@dataclass
class Platform(Line):
    """A platform that has files, and fails as it is told."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, attachment: Sent) -> bytes:
        self.asked.append(attachment.source)
        if self.fails:
            raise self.fails.pop(0)
        return self.files[attachment.source]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "attachments")


@pytest.fixture
def platform() -> Platform:
    return Platform(files={"https://x/1": jpeg(), "https://x/2": b"%PDF-1.7 ..."})


@pytest.fixture
async def fetch(database: Database, store: Store, platform: Platform) -> Callable[..., Any]:
    async def fetch(now: Any = NOON, known: bool = True) -> int:
        accounts = [row.id or 0 for row in rows(database, Account)] if known else []
        return await fetch_waiting(database, dict.fromkeys(accounts, platform), store, now)

    return fetch


def sent(database: Database, source: str = "https://x/1", **about: Any) -> Attachment:
    lan = citizen(database, f"lan-{len(rows(database, Attachment))}")
    given: dict[str, Any] = {"account_id": lan.account_id, "citizen_id": lan.id, "kind": "image", "source": source}
    return keep(database, Attachment(**given | about))


def set_state(database: Database, row: Attachment, state: str) -> None:
    def change(session: Session) -> None:
        session.get_one(Attachment, row.id).state = state

    database.write_now(change)


def test_a_cleaned_photo_tells_nothing_about_place_or_phone() -> None:
    cleaned = clean_image(jpeg())

    with Image.open(io.BytesIO(cleaned)) as image:
        assert dict(image.getexif()) == {}
        assert image.format == "JPEG"
    assert b"phone" not in cleaned
    assert b"Exif" not in cleaned


def test_a_photo_taken_sideways_is_upright() -> None:
    cleaned = clean_image(jpeg((60, 40), orientation=6))

    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.size == (40, 60)


def test_a_large_photo_becomes_one_of_moderate_size() -> None:
    cleaned = clean_image(jpeg((4_000, 1_000)))

    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.size == (LONGEST_SIDE, 500)


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("P", "GIF"), ("L", "PNG"), ("CMYK", "JPEG"), ("1", "PNG")]
)
def test_pictures_of_every_kind_become_jpeg(mode: str, kind: str) -> None:
    cleaned = clean_image(written(Image.new(mode, (10, 10)), kind))

    assert cleaned.startswith(b"\xff\xd8")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0 not a photo", b"<svg/>", jpeg()[:100]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnImage):
        clean_image(data)


def test_a_small_file_that_unpacks_to_a_giant_is_refused() -> None:
    bomb = written(Image.new("1", (8_000, 8_000)), "PNG")

    with pytest.raises(NotAnImage):
        clean_image(bomb)

    assert len(bomb) < 50_000


def test_names_say_nothing_and_do_not_repeat(store: Store) -> None:
    names = {store.keep(b"x", kind) for kind in ("image", "image", "audio", "video", "file", "else")}

    assert len(names) == 6
    assert sorted(Path(name).suffix for name in names) == [".audio", ".file", ".file", ".jpg", ".jpg", ".video"]


@pytest.mark.parametrize("name", ["../loa.db", "/etc/passwd", "..", "", "sub/x.jpg"])
def test_nothing_outside_the_folder_is_had_or_erased(store: Store, name: str) -> None:
    (store.folder / "sub").mkdir(parents=True)
    (store.folder.parent / "loa.db").write_bytes(b"kept")

    had = store.has(name)
    if name.endswith("db"):
        store.erase(name)

    assert not had
    assert (store.folder.parent / "loa.db").read_bytes() == b"kept"


async def test_a_photo_is_fetched_cleaned_and_kept(database: Database, store: Store, fetch: Callable[..., Any]) -> None:
    sent(database)

    looked_at = await fetch()

    [row] = rows(database, Attachment)
    assert looked_at == 1
    assert (row.state, row.size) == ("stored", len(store.read(row.stored)))
    assert b"phone" not in store.read(row.stored)


async def test_a_file_is_kept_as_it_is(database: Database, store: Store, fetch: Callable[..., Any]) -> None:
    sent(database, "https://x/2", kind="file")

    await fetch()

    [row] = rows(database, Attachment)
    assert store.read(row.stored) == b"%PDF-1.7 ..."


async def test_what_was_fetched_is_not_fetched_again(
    database: Database, platform: Platform, fetch: Callable[..., Any]
) -> None:
    sent(database)

    await fetch()
    await fetch()

    assert platform.asked == ["https://x/1"]


async def test_what_calls_itself_a_photo_and_is_none_fails_for_good(
    database: Database, store: Store, fetch: Callable[..., Any]
) -> None:
    sent(database, "https://x/2")

    await fetch()

    [row] = rows(database, Attachment)
    assert (row.state, row.reason) == ("failed", "no picture")
    assert not store.folder.exists()


async def test_a_platform_in_trouble_is_asked_again_later(
    database: Database, platform: Platform, fetch: Callable[..., Any]
) -> None:
    sent(database)
    platform.fails = [SendError(Failure.UNAVAILABLE, "busy")]

    await fetch()

    [row] = rows(database, Attachment)
    assert (row.state, row.attempts, row.retry_at_ms) == ("waiting", 1, NOON_MS + 5_000)


async def test_a_platform_that_has_it_no_more_is_not_asked_again(
    database: Database, platform: Platform, fetch: Callable[..., Any]
) -> None:
    sent(database)
    platform.fails = [SendError(Failure.GONE, "expired")]

    await fetch()

    assert rows(database, Attachment)[0].state == "failed"


async def test_nothing_is_asked_for_for_ever(database: Database, platform: Platform, fetch: Callable[..., Any]) -> None:
    sent(database, attempts=TRIES - 1)
    platform.fails = [SendError(Failure.UNAVAILABLE, "busy")]

    await fetch()

    assert rows(database, Attachment)[0].state == "failed"


async def test_a_channel_that_is_switched_off_is_waited_for(database: Database, fetch: Callable[..., Any]) -> None:
    sent(database)

    await fetch(known=False)

    assert rows(database, Attachment)[0].state == "waiting"


async def test_one_files_trouble_is_not_anothers(
    database: Database, platform: Platform, fetch: Callable[..., Any]
) -> None:
    for source in ("https://x/2", "https://x/1"):
        sent(database, source)

    await fetch()

    assert [row.state for row in rows(database, Attachment)] == ["failed", "stored"]


async def test_a_forgotten_file_is_erased(database: Database, store: Store, fetch: Callable[..., Any]) -> None:
    photo = sent(database)
    await fetch()
    [stored] = rows(database, Attachment)

    set_state(database, photo, "erase")
    await fetch()

    [row] = rows(database, Attachment)
    assert (row.state, row.source, row.stored) == ("erased", "", "")
    assert not store.has(stored.stored)
    assert list(store.folder.iterdir()) == []


async def test_a_file_that_was_forgotten_before_it_came_is_never_fetched(
    database: Database, platform: Platform, fetch: Callable[..., Any]
) -> None:
    sent(database, state="erase")

    await fetch()

    assert platform.asked == []
    assert rows(database, Attachment)[0].state == "erased"


async def test_an_upload_to_the_web_chat_is_here_already(
    database: Database, store: Store, platform: Platform, fetch: Callable[..., Any]
) -> None:
    name = await Photos(store).keep(jpeg())
    sent(database, name)

    await fetch()

    [row] = rows(database, Attachment)
    assert (row.state, row.stored, platform.asked) == ("stored", name, [])


async def test_a_forgotten_upload_is_erased_too(database: Database, store: Store, fetch: Callable[..., Any]) -> None:
    name = await Photos(store).keep(jpeg())
    sent(database, name, state="erase")

    await fetch()

    assert not store.has(name)


async def test_an_upload_that_is_no_photo_is_refused_in_vietnamese(store: Store) -> None:
    with pytest.raises(ValueError, match="không phải là ảnh"):
        await Photos(store).keep(b"%PDF-1.7")


async def test_an_upload_can_be_read_back(store: Store) -> None:
    photos = Photos(store)

    name, _ = await asyncio.gather(photos.keep(jpeg()), photos.keep(jpeg()))

    assert (await photos.read(name)).startswith(b"\xff\xd8")
