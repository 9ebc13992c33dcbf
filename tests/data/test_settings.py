"""Settings: read once, and a wrong one named with what to do."""

from pathlib import Path

import pytest

from data.settings import DEFAULTS, WrongSetting, read, secrets_of

ZALO = {"ZALO_APP_ID": "1", "ZALO_APP_SECRET": "s", "ZALO_OA_SECRET": "old, new", "ZALO_OA_ID": "2"}
MESSENGER = {
    "MESSENGER_PAGE_ID": "3", "MESSENGER_PAGE_TOKEN": "t", "MESSENGER_APP_SECRET": "s", "MESSENGER_VERIFY_TOKEN": "v",
}  # fmt: skip
TELEGRAM = {"TELEGRAM_BOT_TOKEN": "123456789:AAE-x"}


def test_an_empty_environment_is_a_house_with_the_web_chat_only() -> None:
    settings = read({})

    assert (settings.host, settings.port, settings.secret_key) == ("127.0.0.1", 8080, "")
    assert (settings.zalo, settings.messenger, settings.telegram) == (None, None, None)


def test_the_database_lies_in_the_home_unless_said_otherwise(tmp_path: Path) -> None:
    settings = read({"LOA_HOME": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path / 'loa.db'}"
    assert read({"LOA_DATABASE_URL": "postgresql://x/loa"}).database_url == "postgresql://x/loa"


def test_spaces_around_a_value_do_not_matter() -> None:
    assert read({"LOA_PORT": " 9000 "}).port == 9000


def test_an_empty_value_is_no_value() -> None:
    assert read({"LOA_PORT": ""}).port == 8080


def test_a_channel_with_all_its_settings_is_on() -> None:
    settings = read({**ZALO, **MESSENGER, **TELEGRAM})

    assert settings.zalo
    assert settings.messenger
    assert settings.telegram
    assert settings.zalo.oa_secrets == ("old", "new")
    assert settings.messenger.api_url == DEFAULTS["MESSENGER_API_URL"]
    assert settings.telegram.mode == "polling"


@pytest.mark.parametrize("missing", [*ZALO, *MESSENGER])
def test_a_channel_with_half_its_settings_is_a_mistake_that_names_the_rest(missing: str) -> None:
    given = {name: value for name, value in {**ZALO, **MESSENGER}.items() if name != missing}

    with pytest.raises(WrongSetting, match=missing):
        read(given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOA_PORT", "eighty"),
        ("LOA_PORT", "0"),
        ("LOA_PORT", "65536"),
        ("LOA_PUBLIC_URL", "ayunpa.example"),
        ("LOA_PUBLIC_URL", "ftp://ayunpa.example"),
        ("LOA_DATABASE_URL", "mysql://x"),
        ("LOA_SECRET_KEY", "short"),
        ("TELEGRAM_BOT_TOKEN", "no-number:AAE"),
        ("TELEGRAM_MODE", "carrier pigeon"),
        ("TELEGRAM_MODE", "webhook"),
        ("ZALO_OA_ID", "two"),
        ("ZALO_API_URL", "openapi.zalo.me"),
        ("MESSENGER_PAGE_ID", "ayunpa"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        read({**ZALO, **MESSENGER, **TELEGRAM, name: value})


@pytest.mark.parametrize("name", ["LOA_SECRET_KEY", "LOA_DATABASE_URL", "TELEGRAM_BOT_TOKEN"])
def test_a_complaint_about_a_secret_does_not_tell_it(name: str) -> None:
    with pytest.raises(WrongSetting) as caught:
        read({name: "hunter2"})

    assert "hunter2" not in str(caught.value)


def test_a_webhook_for_telegram_needs_a_secret_and_an_address() -> None:
    more = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "s", "LOA_PUBLIC_URL": "https://ayunpa.example/"}

    settings = read({**TELEGRAM, **more})

    assert settings.telegram
    assert settings.telegram.webhook_secret == "s"
    assert settings.public_url == "https://ayunpa.example"


def test_secrets_are_hidden_part_by_part() -> None:
    hidden = secrets_of({"ZALO_OA_SECRET": "old-secret,new-secret", "ZALO_OA_ID": "2"})

    assert hidden == ["old-secret", "new-secret"]


def test_defaults_are_no_secrets() -> None:
    assert secrets_of(DEFAULTS) == []
