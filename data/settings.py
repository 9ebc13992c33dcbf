"""What the environment says, checked once at the start. `.env.example` explains every name."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit


class WrongSetting(Exception):
    """A setting that cannot be used; the text names the variable and what to do, in Vietnamese."""


_SITE = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
UtilityShape = Literal["message", "attachment", "top_level"]
_SHAPES: dict[str, UtilityShape] = {"message": "message", "attachment": "attachment", "top_level": "top_level"}


@dataclass(frozen=True, slots=True)
class ZaloSettings:
    app_id: str
    app_secret: str
    oa_secrets: tuple[str, ...]
    oa_id: str
    access_token: str
    refresh_token: str
    api_url: str
    oauth_url: str
    business_url: str
    code_verifier: str
    template_id: str
    phone_template_id: str


@dataclass(frozen=True, slots=True)
class MessengerSettings:
    page_id: str
    page_token: str
    app_secret: str
    verify_token: str
    api_url: str
    app_id: str
    publishes: bool
    human_agent: bool
    utility_template: str
    utility_language: str
    utility_shape: UtilityShape


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    bot_token: str
    mode: str  # polling | webhook
    webhook_secret: str
    api_url: str
    staff_chat_id: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    host: str
    port: int
    public_url: str
    database_url: str
    secret_key: str  # "" until one is made and kept in the home
    zalo: ZaloSettings | None
    messenger: MessengerSettings | None
    telegram: TelegramSettings | None
    webchat_sites: frozenset[str]  # origins that may show the web chat in a frame

    @property
    def address(self) -> str:
        """Where a browser finds us."""
        return self.public_url or f"http://{self.host}:{self.port}"


DEFAULTS = {
    "LOA_HOME": "./var",
    "LOA_HOST": "127.0.0.1",
    "LOA_PORT": "8080",
    "LOA_PUBLIC_URL": "",
    "LOA_DATABASE_URL": "",
    "LOA_SECRET_KEY": "",
    "ZALO_APP_ID": "",
    "ZALO_APP_SECRET": "",
    "ZALO_OA_SECRET": "",
    "ZALO_OA_ID": "",
    "ZALO_ACCESS_TOKEN": "",
    "ZALO_REFRESH_TOKEN": "",
    "ZALO_API_URL": "https://openapi.zalo.me",
    "ZALO_OAUTH_URL": "https://oauth.zaloapp.com",
    "ZALO_BUSINESS_URL": "https://business.openapi.zalo.me",
    "ZALO_CODE_VERIFIER": "",
    "ZALO_TEMPLATE_ID": "",
    "ZALO_PHONE_TEMPLATE_ID": "",
    "MESSENGER_PAGE_ID": "",
    "MESSENGER_PAGE_TOKEN": "",
    "MESSENGER_APP_SECRET": "",
    "MESSENGER_VERIFY_TOKEN": "",
    "MESSENGER_API_URL": "https://graph.facebook.com/v26.0",
    "MESSENGER_APP_ID": "",
    "MESSENGER_PUBLISHES": "no",
    "MESSENGER_HUMAN_AGENT": "no",
    "MESSENGER_UTILITY_TEMPLATE": "",
    "MESSENGER_UTILITY_LANGUAGE": "vi",
    "MESSENGER_UTILITY_SHAPE": "message",
    "TELEGRAM_BOT_TOKEN": "",
    "TELEGRAM_MODE": "polling",
    "TELEGRAM_WEBHOOK_SECRET": "",
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "TELEGRAM_STAFF_CHAT_ID": "",
    "TELEGRAM_CHANNEL_ID": "",
    "WEBCHAT_SITES": "",
}

NEEDED = {
    "zalo": ("ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_SECRET", "ZALO_OA_ID"),
    "messenger": ("MESSENGER_PAGE_ID", "MESSENGER_PAGE_TOKEN", "MESSENGER_APP_SECRET", "MESSENGER_VERIFY_TOKEN"),
    "telegram": ("TELEGRAM_BOT_TOKEN",),
}


def read(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`. Raises `WrongSetting`."""
    values = {name: environ.get(name, "").strip() or default for name, default in DEFAULTS.items()}
    home = Path(values["LOA_HOME"]).expanduser().resolve()
    return Settings(
        home=home,
        host=values["LOA_HOST"],
        port=_port(values["LOA_PORT"]),
        public_url=_address(values, "LOA_PUBLIC_URL"),
        database_url=_database_url(values["LOA_DATABASE_URL"], home),
        secret_key=_secret_key(values["LOA_SECRET_KEY"]),
        zalo=_zalo(values),
        messenger=_messenger(values),
        telegram=_telegram(values),
        webchat_sites=_sites(values["WEBCHAT_SITES"]),
    )


def _port(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65_535:
        raise WrongSetting(f"LOA_PORT={value}: phải là số từ 1 đến 65535.")
    return int(value)


def _address(values: Mapping[str, str], name: str) -> str:
    value = values[name].rstrip("/")
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise WrongSetting(f"{name}={value}: phải là địa chỉ bắt đầu bằng http:// hoặc https://.")
    return value


def _database_url(value: str, home: Path) -> str:
    if not value:
        return f"sqlite:///{home / 'loa.db'}"
    if not value.startswith(("sqlite:///", "postgresql://")):
        raise WrongSetting("LOA_DATABASE_URL: phải bắt đầu bằng sqlite:/// hoặc postgresql://.")
    return value


def _secret_key(value: str) -> str:
    if value and len(value) < 32:
        raise WrongSetting("LOA_SECRET_KEY: phải dài ít nhất 32 ký tự; để trống thì Loa tự tạo.")
    return value


def _is_on(values: Mapping[str, str], channel: str) -> bool:
    """A channel with none of its settings is off; one with only some of them is a mistake to be named."""
    missing = [name for name in NEEDED[channel] if not values[name]]
    if missing and len(missing) < len(NEEDED[channel]):
        raise WrongSetting(f"{', '.join(missing)}: còn thiếu, nên chưa kết nối được {channel}.")
    return not missing


def _zalo(values: Mapping[str, str]) -> ZaloSettings | None:
    if not _is_on(values, "zalo"):
        return None
    secrets = tuple(secret.strip() for secret in values["ZALO_OA_SECRET"].split(",") if secret.strip())
    return ZaloSettings(
        app_id=_digits(values, "ZALO_APP_ID"),
        app_secret=values["ZALO_APP_SECRET"],
        oa_secrets=secrets,
        oa_id=_digits(values, "ZALO_OA_ID"),
        access_token=values["ZALO_ACCESS_TOKEN"],
        refresh_token=values["ZALO_REFRESH_TOKEN"],
        api_url=_address(values, "ZALO_API_URL"),
        oauth_url=_address(values, "ZALO_OAUTH_URL"),
        business_url=_address(values, "ZALO_BUSINESS_URL"),
        code_verifier=values["ZALO_CODE_VERIFIER"],
        template_id=values["ZALO_TEMPLATE_ID"],
        phone_template_id=values["ZALO_PHONE_TEMPLATE_ID"],
    )


def _messenger(values: Mapping[str, str]) -> MessengerSettings | None:
    if not _is_on(values, "messenger"):
        return None
    return MessengerSettings(
        page_id=_digits(values, "MESSENGER_PAGE_ID"),
        page_token=values["MESSENGER_PAGE_TOKEN"],
        app_secret=values["MESSENGER_APP_SECRET"],
        verify_token=values["MESSENGER_VERIFY_TOKEN"],
        api_url=_address(values, "MESSENGER_API_URL"),
        app_id=values["MESSENGER_APP_ID"],
        publishes=_yes(values, "MESSENGER_PUBLISHES"),
        human_agent=_yes(values, "MESSENGER_HUMAN_AGENT"),
        utility_template=values["MESSENGER_UTILITY_TEMPLATE"],
        utility_language=values["MESSENGER_UTILITY_LANGUAGE"],
        utility_shape=_SHAPES[_one_of(values, "MESSENGER_UTILITY_SHAPE", _SHAPES)],
    )


def _telegram(values: Mapping[str, str]) -> TelegramSettings | None:
    if not _is_on(values, "telegram"):
        return None
    mode, secret = values["TELEGRAM_MODE"], values["TELEGRAM_WEBHOOK_SECRET"]
    if mode not in ("polling", "webhook"):
        raise WrongSetting(f"TELEGRAM_MODE={mode}: phải là polling hoặc webhook.")
    if mode == "webhook" and not (secret and values["LOA_PUBLIC_URL"]):
        raise WrongSetting("TELEGRAM_MODE=webhook: cần thêm TELEGRAM_WEBHOOK_SECRET và LOA_PUBLIC_URL.")
    if not values["TELEGRAM_BOT_TOKEN"].partition(":")[0].isdecimal():
        raise WrongSetting("TELEGRAM_BOT_TOKEN: không đúng dạng 123456789:AA…, xin chép lại từ BotFather.")
    return TelegramSettings(
        bot_token=values["TELEGRAM_BOT_TOKEN"],
        mode=mode,
        webhook_secret=secret,
        api_url=_address(values, "TELEGRAM_API_URL"),
        staff_chat_id=values["TELEGRAM_STAFF_CHAT_ID"],
        channel_id=values["TELEGRAM_CHANNEL_ID"],
    )


def _sites(value: str) -> frozenset[str]:
    sites = frozenset(site.strip().lower() for site in value.split(",") if site.strip())
    for site in sites:
        if not _SITE.fullmatch(site):
            raise WrongSetting(f"WEBCHAT_SITES={site}: ghi dạng https://phuongabc.tinh.gov.vn, không có / ở cuối.")
    return sites


def _yes(values: Mapping[str, str], name: str) -> bool:
    return _one_of(values, name, ("yes", "no")) == "yes"


def _one_of(values: Mapping[str, str], name: str, known: Collection[str]) -> str:
    if values[name] not in known:
        raise WrongSetting(f"{name}={values[name]}: phải là một trong {', '.join(known)}.")
    return values[name]


def _digits(values: Mapping[str, str], name: str) -> str:
    if not values[name].isdecimal():
        raise WrongSetting(f"{name}: chỉ gồm chữ số, xin chép lại từ trang quản trị.")
    return values[name]


def secrets_of(environ: Mapping[str, str]) -> list[str]:
    """The values that must never be seen in a log."""
    hidden = ("SECRET", "TOKEN", "PASSWORD", "DATABASE_URL", "KEY")
    return [
        part
        for name in DEFAULTS
        if any(word in name for word in hidden) and environ.get(name, "")
        for part in environ[name].split(",")
        if part != DEFAULTS[name]
    ]
