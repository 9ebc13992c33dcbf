"""What a check of the knowledge can find."""

from dataclasses import dataclass

# In the order in which they are told.
KINDS = {
    "expired": "Đã hết thời gian áp dụng",
    "ahead": "Quy định sắp thay đổi",
    "contradictory": "Mâu thuẫn",
    "golden": "Câu hỏi kiểm tra không đạt",
    "unreachable": "Hỏi không tới",
    "confusable": "Dễ nhầm với mục khác",
    "ending": "Sắp hết thời gian áp dụng",
    "old": "Đã lâu chưa kiểm tra lại",
}


@dataclass(frozen=True, slots=True)
class Finding:
    code: str  # of the procedure, the neighbour's key, or the number of the golden question
    kind: str  # of KINDS
    words: str
    name: str = ""
    must: bool = False  # somebody must act; else it is good to know
