"""The error codes of Zalo's two hosts as our few failures: the same number means other things on each."""

from bot.channel import Failure

OA_FAILURES = {
    -32: Failure.TOO_FAST,
    -100: Failure.REJECTED,  # attachment_id expired, even after a new upload
    -200: Failure.UNAVAILABLE,
    -201: Failure.REJECTED,
    -202: Failure.REJECTED,
    -204: Failure.NOT_CONNECTED,
    -205: Failure.NOT_CONNECTED,
    -207: Failure.REJECTED,
    -208: Failure.REJECTED,
    -209: Failure.NOT_CONNECTED,
    -210: Failure.REJECTED,
    -211: Failure.QUOTA,
    -212: Failure.NOT_CONNECTED,
    -213: Failure.OUTSIDE_WINDOW,  # neither follows nor has written
    -214: Failure.UNAVAILABLE,
    -215: Failure.REJECTED,
    -216: Failure.NOT_CONNECTED,
    -217: Failure.BLOCKED,
    -218: Failure.OUTSIDE_WINDOW,  # this one person's quota of receiving, not ours of sending
    -219: Failure.NOT_CONNECTED,
    -220: Failure.NOT_CONNECTED,
    -221: Failure.NOT_CONNECTED,
    -222: Failure.REJECTED,
    -223: Failure.NOT_CONNECTED,
    -224: Failure.NOT_CONNECTED,  # package too low; often mistaken for the 7 days
    -227: Failure.GONE,  # banned, or away for more than 45 days
    -230: Failure.OUTSIDE_WINDOW,
    -231: Failure.REJECTED,
    -232: Failure.OUTSIDE_WINDOW,
    -233: Failure.REJECTED,
    -234: Failure.UNAVAILABLE,  # 22:00-06:00
    -235: Failure.NOT_CONNECTED,
    -237: Failure.GONE,
    -238: Failure.REJECTED,
    -240: Failure.REJECTED,
    -241: Failure.REJECTED,
    -242: Failure.NOT_CONNECTED,
    -244: Failure.OPTED_OUT,
    -248: Failure.RESTRICTED,
    -249: Failure.OUTSIDE_WINDOW,  # this template cannot go by UID: the next way may
    -305: Failure.OUTSIDE_WINDOW,
    -311: Failure.OUTSIDE_WINDOW,
    -320: Failure.QUOTA,
    -321: Failure.QUOTA,
    -403: Failure.GONE,
    -1340: Failure.REJECTED,
    -1341: Failure.REJECTED,
}
OA_WAITS = {-200: 30.0, -214: 10.0, -234: 1800.0}
OA_STALE = frozenset({-216, -220})

_WRONG = (-106, -107, -109, -111, -112, -1121, -1122, -1124, -113, -116, -127, -130, -132, -140, -145)
_WRONG_DATA = (-148, -149, -150, -151, -152, -153, -158, -159)
_NO_PERMISSION = (-101, -102, -103, -104, -105, -117, -120, -121, -122, -123, -124, -1241, -125, -135, -138)
_NO_MORE = (-115, -126, -131, -136, -137, -144, -1441, -146, -147, -160)
# A number without Zalo is no reason to think that the citizen has left us: another way, or a call, may reach them.
_UNREACHABLE = (-108, -114, -118, -119, -1471)

BUSINESS_FAILURES = {
    -32: Failure.TOO_FAST,
    -100: Failure.UNSURE,  # "unknown error": it may have gone, and would be paid twice
    -133: Failure.UNAVAILABLE,  # at night
    **dict.fromkeys((*_WRONG, *_WRONG_DATA), Failure.REJECTED),
    **dict.fromkeys(_NO_PERMISSION, Failure.NOT_CONNECTED),
    **dict.fromkeys(_NO_MORE, Failure.QUOTA),
    **dict.fromkeys(_UNREACHABLE, Failure.OUTSIDE_WINDOW),
    **dict.fromkeys((-134, -1351, -139, -141), Failure.OPTED_OUT),
}
BUSINESS_WAITS = {-133: 1800.0}
BUSINESS_STALE = frozenset({-124})

TOO_MANY_CALLS = -32
EXPIRED_PICTURE = -100
IN_PROCESS = -214
NO_SUCH_FIELD = -201
NOT_AUTHORISED = -223  # or, of articles, the month's quota: only the text tells
NO_SUCH_SHAPE = (-201, -233)  # how an ornament is refused where v3 does not take it
CLOSED_TO_US = (-212, -221, -223, -224, -235)  # an ability that this OA, package or app does not have
