"""The table of rules, the texts, and the buttons between them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.messages import Button, Kind, Reply
from bot.vietnamese.fold import fold
from handlers.citizens import privacy, texts
from handlers.citizens.complaint import KINDS, STEPS
from handlers.citizens.rules import RULES
from tests.handlers.player import Player, knowledge, play

ROOT = Path(__file__).parents[2]
NAMES = [name for name in vars(texts) if name.isupper()]
LONGEST_PAYLOAD = 64  # bytes: Telegram's limit


def sentences() -> Iterator[tuple[str, str]]:
    for name in NAMES:
        value = getattr(texts, name)
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}.{key}", text) for key, text in value.items())
        else:
            buttons = (value,) if isinstance(value, Button) else value
            yield from ((f"{name}.{button.payload}", button.title) for button in buttons)


def all_buttons() -> dict[str, Button]:
    """Every button a citizen can be shown, by payload."""
    fixed = [value for name in NAMES for value in _buttons(getattr(texts, name))]
    facets = [f"proc:{code}:{facet}" for code in knowledge().procedures for facet in texts.FACET_TITLES]
    return {button.payload: button for button in (*fixed, *(Button("", payload) for payload in facets))}


def _buttons(value: object) -> tuple[Button, ...]:
    if isinstance(value, Button):
        return (value,)
    return value if isinstance(value, tuple) else ()


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_used(name: str) -> None:
    sources = [path for path in (ROOT / "handlers").rglob("*.py") if path.name != "texts.py"]
    elsewhere = any(f"texts.{name}" in path.read_text("utf-8") for path in sources)
    inside = len(re.findall(rf"\b{name}\b", (ROOT / "handlers/citizens/texts.py").read_text("utf-8"))) > 1

    assert elsewhere or inside


@pytest.mark.parametrize(("name", "sentence"), list(sentences()))
def test_every_sentence_is_written_with_full_diacritics(name: str, sentence: str) -> None:
    unmarked = r"\b(?:khong|ong/ba|gui|phan anh|thu tuc|can bo|da nhan|xin ong|chung toi|cua|duoc|nguoi|tra loi)\b"

    assert sentence != fold(sentence)
    assert not re.search(unmarked, sentence.lower())


@pytest.mark.parametrize(("name", "sentence"), [pair for pair in sentences() if len(pair[1]) > 40])
def test_every_sentence_is_polite_and_ends(name: str, sentence: str) -> None:
    ends = sentence.rstrip().endswith((".", "?", ":", "}", ")", "”", "!"))

    assert ends


def test_placeholders_are_closed() -> None:
    unclosed = [name for name, text in sentences() if text.count("{") != text.count("}")]

    assert unclosed == []


def test_every_payload_fits_the_narrowest_platform() -> None:
    long = [payload for payload in all_buttons() if len(payload.encode()) > LONGEST_PAYLOAD]

    assert long == []


@pytest.mark.parametrize("payload", [payload for payload in all_buttons() if not payload.startswith("proc:")])
def test_every_button_is_answered_by_a_rule_that_knows_it(payload: str) -> None:
    player = Player()

    player.does(Kind.PRESS, payload=payload)

    assert player.rule not in ("a question", "nothing readable")
    assert player.heard


def test_every_facet_button_is_answered_with_its_procedure() -> None:
    wrong = []
    for payload in (payload for payload in all_buttons() if payload.startswith("proc:")):
        player, procedure = Player(), payload.split(":")[1]
        player.does(Kind.PRESS, payload=payload)
        if player.rule != "a procedure" or not names(procedure, player.heard):
            wrong.append(payload)

    assert wrong == []


def names(procedure: str, text: str) -> bool:
    return procedure in text or knowledge().procedures[procedure].name in text


@pytest.mark.parametrize("step", STEPS)
def test_every_button_of_the_form_is_understood_at_its_step(step: str) -> None:
    buttons = at_step(step).buttons

    for button in buttons:
        player = at_step(step)
        player.presses(button.title)

        assert player.rule in ("complaint form", "cancel")
        assert player.heard


ANSWERS = {
    "kind": ("[Quy định, thủ tục]", "kể rõ"),
    "content": ("Quy định này khó làm quá", "ở đâu"),
    "place": ("[Bỏ qua]", "ảnh"),
    "photos": ("[Tiếp tục]", "họ và tên"),
    "name": ("Nguyễn Thị Lan", "địa chỉ"),
    "address": ("Tổ 3", "điện thoại"),
    "contact": ("0905123456", "xem lại"),
}


def at_step(step: str) -> Player:
    player = Player()
    turns = [ANSWERS[name] for name in list(STEPS)[: list(STEPS).index(step)]]
    play(player, [("phản ánh", "về việc gì"), *turns])
    return player


def test_every_kind_has_a_button() -> None:
    offered = [button.payload.removeprefix("kind:") for button in texts.KIND_BUTTONS[:-1]]

    assert offered == list(KINDS)


def test_every_rule_has_a_name_of_its_own() -> None:
    names = [rule.name for rule in RULES]

    assert len(set(names)) == len(names)


def test_the_last_rule_answers_whatever_is_left() -> None:
    player = Player()

    player.does(Kind.MESSAGE)

    assert player.rule == RULES[-1].name


def test_a_denunciation_is_looked_for_before_anything_a_citizen_says() -> None:
    names = [rule.name for rule in RULES]

    before = names[: names.index(privacy.FORGOT)]

    assert before == [
        "left us", "came back", "withdrew", "a person of the office spoke", "reacted", "a member of staff",
    ]  # fmt: skip


def test_no_reply_is_empty() -> None:
    replies: list[Reply] = []
    for payload in all_buttons():
        player = Player()
        player.does(Kind.PRESS, payload=payload)
        replies += player.replies

    assert [reply for reply in replies if not reply.text.strip()] == []


def test_what_only_sounds_like_a_denunciation_can_still_be_sent_as_a_complaint() -> None:
    player = Player()

    heard = player.says("ông khuyến nông bắt dân ký nhận mười bao mà giao có sáu")

    assert player.rule == "denounced in other words"
    assert "có thể là tố cáo" in heard
    assert [button.payload for button in player.buttons] == ["complain"]
