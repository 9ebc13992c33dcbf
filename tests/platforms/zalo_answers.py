"""Zalo's envelope and the texts of its refusals; HTTP 200 for all of them."""

from typing import Any

from aiohttp import web

from tests.platforms.wire import answer

MESSAGES = {
    -32: "Your application reached limit call api",
    -100: "attachment_id was expired",
    -200: "Send message failed",
    -201: "user_id is invalid!",
    -210: "Parameter exceeds allowable limit",
    -211: "Out of quota",
    -213: "User has not followed OA",
    -214: "Article is being processed",
    -216: "Access token is invalid",
    -217: "User has blocked invitation from OA",
    -218: "Out of quota receive",
    -220: "access_token is expired or removed",
    -221: "The OA needs to be verified to use this feature",
    -223: "Your OA has reach the limit quota create article",
    -224: "The OA needs to upgrade OA Tier Package to use this feature",
    -227: "User is banned or has been inactive for more than 45 days",
    -230: "User has not interacted with the OA in the past 7 days",
    -232: "User has not interacted with the OA, or the last interaction has expired",
    -233: "message type is invalid or not support",
    -234: "This message cannot be sent at night (10:00PM - 6:00AM)",
    -235: "This API does not support this type of OA",
    -240: "MessageV2 API has been shut down, please switch to MessageV3",
    -244: "User has restricted this message type from your OA",
    -248: "Violates our platform standards",
    -249: "Template does not support send via UID",
    -320: "Your app needs to connect with Zalo Cloud Account to use paid features",
    -321: "Zalo Cloud Account associated with this app is out of money or unable to be charged",
}
OAUTH_NAMES = {
    -14002: "Invalid appId",
    -14003: "Invalid redirect uri",
    -14004: "Invalid secret key",
    -14005: "Invalid code",
    -14014: "Invalid refresh token.",
    -14018: "Invalid grant type",
}


class ZaloRefusal(Exception):
    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def zalo_error(code: int, message: str = "") -> dict[str, Any]:
    return {"error": code, "message": message or MESSAGES.get(code, "Unknown error")}


def refusal(error: ZaloRefusal) -> web.Response:
    return answer(200, zalo_error(error.code, error.message))


def success(data: Any) -> web.Response:
    return answer(200, {"data": data, "error": 0, "message": "Success"})


def oauth_error(code: int, *, numbered: bool = True) -> dict[str, Any]:
    name = OAUTH_NAMES[code]
    words = {"error_name": name, "error_description": name, "error_reason": ""}
    return {"error": code, **words} if numbered else words
