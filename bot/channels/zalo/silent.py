"""Events that ask nothing of us, and why."""

from collections.abc import Mapping

_RECEIPT = "a receipt"
_TAG = "a tag that staff keep in Zalo's console"
_GROUP = "a group: the office talks there itself"
_CALL = "a call"
_JOURNEY = "a ZBS journey, which we do not use"
_SHOP = "a shop or an extension"
_WIDGET = "a widget on the web site"

_PREFIXES = {"user_send_group_": _GROUP, "oa_send_group_": _GROUP, "event_journey_": _JOURNEY}

SILENT: Mapping[str, str] = {
    **dict.fromkeys(("user_received_message", "user_seen_message"), _RECEIPT),
    **dict.fromkeys(("add_user_to_tag", "remove_user_from_tag", "remove_tag"), _TAG),
    **dict.fromkeys(("oa_send_consent", "user_reply_consent", "user_call_oa", "oa_call_user"), _CALL),
    **dict.fromkeys(("shop_has_order", "extension_purchased"), _SHOP),
    **dict.fromkeys(("widget_interaction_accepted", "widget_failed_to_sync_user_external_id"), _WIDGET),
    **dict.fromkeys(
        (
            "create_group", "user_join_group", "user_request_join_group", "accept_request_join_group",
            "reject_request_join_group", "react_request_join_group", "react_request_join_group_accept",
            "react_request_join_group_reject", "add_group_admin", "remove_group_admin", "update_group_info",
            "user_out_group", "user_leave_group", "delete_group",
        ),
        _GROUP,
    ),
    "user_reacted_message": "an emoji, which opens no window",
    "oa_reacted_message": "an emoji of the office's",
    "update_user_info": "what staff noted in Zalo's console",
    "user_feedback": "the answer to a rating that we never send",
}  # fmt: skip


def reason(name: str) -> str:
    beginning = next((why for prefix, why in _PREFIXES.items() if name.startswith(prefix)), "")
    why = SILENT.get(name) or beginning or "unknown to us"
    return f"{name}: {why}" if name else "no event_name"
