"""Templates to pages, and the console's own files."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from data.clock import day_in_words, from_ms, local_day, short_time, time_in_words
from data.exports import CHANNELS, KINDS, STATES
from handlers.staff import words

if TYPE_CHECKING:
    from handlers.staff.visit import Visit

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

NAVIGATION = (
    ("/staff/", "Việc chờ", "member"),
    ("/staff/complaints", "Phản ánh", "complaints"),
    ("/staff/questions", "Câu hỏi", "answer"),
    ("/staff/knowledge", "Kiến thức", "knowledge"),
    ("/staff/campaigns", "Tuyên truyền", "campaigns"),
    ("/staff/export", "Xuất sổ", "export"),
    ("/staff/audit", "Nhật ký", "audit"),
    ("/staff/channels", "Kênh", "people"),
    ("/staff/unit", "Đơn vị", "people"),
    ("/staff/people", "Cán bộ", "people"),
)


@dataclass(frozen=True, slots=True)
class File:
    body: bytes
    content_type: str
    version: str


class Pages:
    def __init__(self) -> None:
        files = sorted((_HERE / "static").iterdir())
        self.files = {path.name: _file(path) for path in files if path.suffix in _TYPES}
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(_FILTERS)
        self._environment.globals.update(navigation=NAVIGATION, address_of=self._address)

    def render(self, template: str, *, visit: "Visit", **values: Any) -> str:
        return self._environment.get_template(template).render(visit=visit, **values)

    def _address(self, name: str) -> str:
        """Changes with the file, so that a browser may keep it for ever and an update is never half old."""
        return f"/staff/static/{name}?v={self.files[name].version}"


def _file(path: Path) -> File:
    body = path.read_bytes()
    return File(body, _TYPES[path.suffix], sha256(body).hexdigest()[:16])


_FILTERS = {
    "number": words.number,
    "time": time_in_words,
    "short_time": short_time,
    "ms_time": lambda ms: time_in_words(from_ms(ms)),
    "day": day_in_words,
    "local_day": local_day,
    "channel": lambda name: CHANNELS.get(name, name),
    "kind": lambda name: KINDS.get(name, name),
    "state": lambda name: STATES.get(name, name),
    "sent": lambda name: words.DELIVERIES.get(name, name),
    "reason": words.reason,
    "campaign_state": lambda name: words.CAMPAIGNS.get(name, name),
    "issue_state": lambda name: words.ISSUES.get(name, name),
    "issue_reason": words.issue_reason,
    "outlet": lambda name: words.OUTLETS.get(name, name),
    "publication_state": lambda name: words.PUBLICATIONS.get(name, name),
    "role": lambda name: words.ROLES.get(name, name),
    "act": lambda name: words.ACTS.get(name, name),
    "who": lambda name: words.ACTORS.get(name, name),
    "outcome": lambda name: words.OUTCOMES.get(name, name),
    "expected": lambda name: words.EXPECTED.get(name, name),
    "closed": lambda name: words.CLOSED.get(name, name),
    "knowledge": lambda name: words.KNOWLEDGE.get(name, name),
    "date": lambda day: f"{day:%d/%m/%Y}",
    "detail": words.detail,
}
