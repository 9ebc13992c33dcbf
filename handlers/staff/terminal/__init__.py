"""The staff's commands on the command line."""

import argparse
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from bot.channel import Limits
from data import campaigns, staff
from data.database import Database
from data.knowledge_sheets import SHEETS
from data.settings import Settings
from handlers.staff.terminal import campaign, knowledge, people, register
from handlers.staff.terminal.asking import ask
from handlers.staff.terminal.looking import print_check, retry
from handlers.staff.terminal.words import Mistake

Work = Callable[[Database, Settings, argparse.Namespace], int]

RULE_NAMES = tuple(each.name for each in fields(Limits))

Argument = tuple[tuple[str, ...], dict[str, Any]]
_ID: Argument = (("id",), {"type": int, "help": "số của chiến dịch"})
_JSON: Argument = (("--json",), {"action": "store_true", "help": "in dạng JSON"})

_WORDS: tuple[Argument, ...] = (
    (("--text",), {"default": "", "help": "nội dung gửi cho người dân"}),
    (("--text-file",), {"help": "tệp chứa nội dung"}),
    (("--link",), {"default": "", "help": "địa chỉ trang để xem thêm"}),
)

_COMMANDS: tuple[tuple[str, str, Work, tuple[Argument, ...]], ...] = (
    ("campaign new", "lập chiến dịch (nháp)", campaign.new, (
        (("--name",), {"required": True, "help": "tên nội bộ"}),
        *_WORDS,
        (("--rule",), {"choices": [campaigns.FOURTH_WEEK, campaigns.ONCE], "default": campaigns.FOURTH_WEEK,
                       "help": "thứ Năm tuần thứ tư và thứ Sáu kế tiếp hằng tháng, hoặc một lần"}),
        (("--times",), {"default": "16:30,07:30", "help": "giờ phát thứ Năm và thứ Sáu"}),
        (("--at",), {"default": "now", "help": "thời điểm phát, khi phát một lần"}),
        (("--channels",), {"default": "", "help": "ví dụ zalo,telegram; để trống là mọi kênh"}),
    )),
    ("campaign edit", "đổi nội dung; phải duyệt lại", campaign.edit, (_ID, *_WORDS)),
    ("campaign approve", "duyệt chiến dịch", campaign.approve, (_ID,)),
    ("campaign list", "liệt kê chiến dịch", campaign.listed, (_JSON,)),
    ("campaign show", "xem một chiến dịch và kết quả gửi", campaign.show, (
        _ID, _JSON, (("--follow",), {"action": "store_true", "help": "theo dõi đến khi gửi xong"}),
    )),
    ("campaign cancel", "huỷ chiến dịch và phần chưa gửi", campaign.cancel, (_ID,)),
    ("campaign resume", "gửi tiếp các số đang tạm dừng", campaign.resume, (_ID,)),
    ("complaints export", "xuất sổ theo dõi phản ánh", register.export, (
        (("--from",), {"dest": "start", "type": register.day, "required": True, "help": "từ ngày, ví dụ 2026-11-01"}),
        (("--to",), {"type": register.day, "required": True, "help": "đến hết ngày"}),
        (("--format",), {"choices": ["xlsx", "csv"], "default": "xlsx", "help": "loại tệp"}),
        (("--with-personal-data",), {"action": "store_true", "help": "kèm họ tên, địa chỉ, liên hệ"}),
        (("--reason",), {"default": "", "help": "lý do cần thông tin cá nhân"}),
        (("--folder",), {"help": "thư mục ghi tệp (mặc định LOA_HOME/exports)"}),
    )),
    ("knowledge import", "nhập thủ tục, việc của nơi khác, câu hỏi kiểm tra từ tệp", knowledge.bring_in, (
        (("file",), {"metavar": "TỆP", "help": "tệp .xlsx, .csv hoặc .jsonl"}),
        (("--dry-run",), {"action": "store_true", "help": "chỉ xem sẽ thay đổi gì, không ghi"}),
        (("--approver",), {"default": "", "metavar": "TÊN_ĐĂNG_NHẬP",
                           "help": "người duyệt các mục ghi “Đã duyệt”; để trống thì không mục nào được duyệt"}),
    )),
    ("knowledge export", "xuất ra tệp để sửa rồi nhập lại", knowledge.take_out, (
        (("file",), {"metavar": "TỆP", "help": "tệp .xlsx, .csv hoặc .jsonl"}),
        (("--kind",), {"choices": list(SHEETS), "help": "một loại mục; tệp CSV mặc định là procedures"}),
    )),
    ("knowledge check", "tìm điều đã cũ, mâu thuẫn, hỏi không tới, dễ nhầm", knowledge.check, (_JSON,)),
    ("inbox retry", "xử lý lại các tin nhắn đã để riêng", retry, ()),
    ("staff add", "thêm cán bộ", people.add, (
        (("username",), {"help": "tên đăng nhập"}),
        (("--name",), {"required": True, "help": "họ và tên"}),
        (("--role",), {"choices": sorted(staff.RIGHTS), "default": "clerk", "help": "vai trò"}),
    )),
    ("staff reset", "cấp lại địa chỉ đặt mật khẩu", people.reset, ((("username",), {"help": "tên đăng nhập"}),)),
    ("rules set", "sửa một quy định của nền tảng", people.set_rule, (
        (("channel",), {"choices": ["zalo", "messenger", "telegram", "webchat"], "help": "kênh"}),
        (("name",), {"choices": RULE_NAMES, "help": "tên quy định"}),
        (("value",), {"help": "số mới, hoặc none nếu không có giới hạn"}),
        (("--source",), {"required": True, "help": "căn cứ"}),
    )),
)  # fmt: skip


def add_commands(commands: Any, with_database: Callable[[Work], Any]) -> None:
    """Hang the staff's commands into the command line; `with_database` makes a command of a piece of work."""
    for name, text, work, arguments in _COMMANDS:
        group, _, action = name.partition(" ")
        parser = _group(commands, group).add_parser(action, help=text, description=text)
        for flags, options in arguments:
            parser.add_argument(*flags, **options)
        parser.set_defaults(command=with_database(work))


def _group(commands: Any, name: str) -> Any:
    titles = {
        "campaign": "chiến dịch",
        "complaints": "phản ánh",
        "knowledge": "kiến thức của bot",
        "inbox": "tin nhắn đến",
        "staff": "cán bộ",
        "rules": "quy định của nền tảng",
    }
    if name not in commands.choices:
        parser = commands.add_parser(name, help=titles[name])
        parser.set_defaults(group=parser.add_subparsers(required=True, metavar="VIỆC"))
    return commands.choices[name].get_default("group")


__all__ = ["Mistake", "add_commands", "ask", "print_check"]
